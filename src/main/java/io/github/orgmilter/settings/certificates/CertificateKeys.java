package io.github.orgmilter.settings.certificates;

import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.IssuerName;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.settings.certificates.PinReader.PinnedFile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The keys for certificates, by which a connector or a partner knows a client. */
public final class CertificateKeys {

    private final Key<List<Located<CertificateNamePattern>>> names;
    private final Key<Set<String>> issuers;
    private final Key<List<Located<Pin>>> certificateFingerprints;
    private final Key<List<Located<Pin>>> publicKeyFingerprints;
    private final Key<List<PinnedFile>> files;

    /** Adds them to the keys of a section. */
    public CertificateKeys(Keys keys) {
        names = list(
                keys,
                "certificate-names",
                node -> Values.all(node.elementsAtLeastOne(), CertificateNamePattern::parse));
        issuers = keys.key("issuers", node -> Optional.of(issuers(node)), Set.of());
        certificateFingerprints =
                list(keys, "certificate-fingerprints", node -> PinReader.fingerprints(node, Pin.Kind.CERTIFICATE));
        publicKeyFingerprints =
                list(keys, "public-key-fingerprints", node -> PinReader.fingerprints(node, Pin.Kind.PUBLIC_KEY));
        files = list(keys, "certificate-files", PinReader::files);
    }

    private static <T> Key<List<T>> list(Keys keys, String name, Function<Node, List<T>> reader) {
        return keys.key(name, node -> Optional.of(reader.apply(node)), List.of());
    }

    private static Set<String> issuers(Node node) {
        Set<String> issuers = new LinkedHashSet<>();
        Values.all(node.elementsAtLeastOne(), IssuerName::parse).forEach(issuer -> issuers.add(issuer.value()));
        return issuers;
    }

    /** Whether certificate names or pins are set. */
    public boolean areIn(Section section) {
        return names.isIn(section)
                || certificateFingerprints.isIn(section)
                || publicKeyFingerprints.isIn(section)
                || files.isIn(section);
    }

    public boolean areNamesIn(Section section) {
        return names.isIn(section);
    }

    public boolean areIssuersIn(Section section) {
        return issuers.isIn(section);
    }

    public List<Located<CertificateNamePattern>> names(Section section) {
        return names.in(section);
    }

    public Set<String> issuers(Section section) {
        return issuers.in(section);
    }

    public Optional<Node> issuersNode(Section section) {
        return issuers.node(section);
    }

    /** Reads the pins, and the certificates of those that are files. */
    public Pins pins(String organization, String name, Section section) {
        List<Located<Pin>> pins = new ArrayList<>(certificateFingerprints.in(section));
        pins.addAll(publicKeyFingerprints.in(section));
        List<PinnedCertificate> certificates = new ArrayList<>();
        for (PinnedFile file : files.in(section)) {
            pins.add(file.pin());
            certificates.add(new PinnedCertificate(organization, name, file));
        }
        return new Pins(pins, certificates);
    }

    /** Pins as read. */
    public record Pins(List<Located<Pin>> all, List<PinnedCertificate> certificates) {}
}
