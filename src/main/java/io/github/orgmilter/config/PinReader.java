package io.github.orgmilter.config;

import io.github.orgmilter.certificate.CertificateFile;
import io.github.orgmilter.certificate.ServerCertificate;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.policy.Pin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the pins of a connector: fingerprints, and files of certificates. */
final class PinReader {

    static final List<String> KEYS =
            List.of("certificate-fingerprints", "public-key-fingerprints", "certificate-files");

    private final String organization;
    private final String connector;
    private final List<Located<Pin>> pins = new ArrayList<>();
    private final List<PinnedCertificate> certificates = new ArrayList<>();

    PinReader(String organization, String connector, Section section) {
        this.organization = organization;
        this.connector = connector;
        section.get("certificate-fingerprints").ifPresent(node -> fingerprints(node, Pin.Kind.CERTIFICATE));
        section.get("public-key-fingerprints").ifPresent(node -> fingerprints(node, Pin.Kind.PUBLIC_KEY));
        section.get("certificate-files")
                .ifPresent(node -> node.elementsAtLeastOne().forEach(this::file));
    }

    List<Located<Pin>> pins() {
        return pins;
    }

    List<PinnedCertificate> certificates() {
        return certificates;
    }

    private void fingerprints(Node node, Pin.Kind kind) {
        Values.all(node.elementsAtLeastOne(), Fingerprint::parse)
                .forEach(found -> pins.add(new Located<>(new Pin(kind, found.value(), List.of()), found.location())));
    }

    private void file(Node node) {
        Optional<Path> path = Values.path(node);
        if (path.isEmpty()) {
            return;
        }
        try {
            FileContent content = FileContent.ofCertificates(path.get());
            Permissions.check(path.get(), content, node.location().file(), node.problems());
            node.problems().read(content.octets());
            add(node, path.get(), CertificateFile.parse(path.get(), content.octets()));
        } catch (InvalidValueException e) {
            node.error(e);
        }
    }

    private void add(Node node, Path path, CertificateFile file) {
        if (file.holdsPrivateKey()) {
            node.problems()
                    .warning(
                            node.location(),
                            path + " HOLDS A PRIVATE KEY, which does not belong here",
                            "remove it from the file: whoever can read it can pose as that server");
        }
        if (file.startsWithAuthority()) {
            node.problems()
                    .warning(
                            node.location(),
                            path + " starts with a CA's certificate, and only the first counts",
                            "put the server's own certificate first");
        }
        ServerCertificate certificate = file.server();
        List<CertificateNamePattern> names = new ArrayList<>();
        for (String name : certificate.names()) {
            try {
                names.add(CertificateNamePattern.parse(name));
            } catch (InvalidValueException e) {
                node.problems()
                        .warning(
                                node.location(),
                                path + " is issued for \"" + name + "\", which counts for no domain: " + e.problem(),
                                "nothing needs to be done for the pin, which holds all the same");
            }
        }
        pins.add(new Located<>(new Pin(Pin.Kind.CERTIFICATE, certificate.fingerprint(), names), node.location()));
        certificates.add(new PinnedCertificate(node.location(), organization, connector, path, certificate));
    }
}
