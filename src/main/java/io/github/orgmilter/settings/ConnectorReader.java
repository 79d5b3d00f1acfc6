package io.github.orgmilter.settings;

import io.github.orgmilter.document.Hints;
import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Node.Member;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IssuerName;
import io.github.orgmilter.identity.LoginPattern;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.settings.PinReader.PinnedFile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the connectors of an organization. */
public final class ConnectorReader {

    public static final Keys KEYS = Keys.withoutNull();

    /** Of which a connector needs at least one. */
    private static final List<Key<?>> IDENTITIES = new ArrayList<>();

    private static final Key<List<Located<CertificateNamePattern>>> CERTIFICATE_NAMES =
            identity("certificate-names", node -> Values.all(node.elementsAtLeastOne(), CertificateNamePattern::parse));
    private static final Key<Set<String>> ISSUERS = KEYS.key("issuers", node -> Optional.of(issuers(node)), Set.of());
    private static final Key<List<Located<Pin>>> CERTIFICATE_FINGERPRINTS =
            identity("certificate-fingerprints", node -> PinReader.fingerprints(node, Pin.Kind.CERTIFICATE));
    private static final Key<List<Located<Pin>>> PUBLIC_KEY_FINGERPRINTS =
            identity("public-key-fingerprints", node -> PinReader.fingerprints(node, Pin.Kind.PUBLIC_KEY));
    private static final Key<List<PinnedFile>> CERTIFICATE_FILES = identity("certificate-files", PinReader::files);
    private static final Key<List<Located<LoginPattern>>> LOGINS =
            identity("logins", node -> Values.all(node.elementsAtLeastOne(), LoginPattern::parse));
    private static final Key<List<Located<AddressRange>>> ADDRESSES =
            identity("addresses", node -> Values.all(node.elements(), AddressRange::parse));
    private static final Key<List<Located<AddressRange>>> ADDRESSES_FILE =
            identity("addresses-file", node -> Values.inFile(node, AddressRange::parse));
    private static final Key<Boolean> REQUIRE_TLS = KEYS.key("require-tls", Node::flag, false);
    private static final Key<Boolean> REQUIRE_ACCEPTED_DOMAIN = KEYS.key("require-accepted-domain", Node::flag, true);
    private static final Key<Boolean> ALLOW_NULL_SENDER = KEYS.key("allow-null-sender", Node::flag, false);
    private static final Key<List<Located<AcceptedDomain>>> SENDER_DOMAINS =
            KEYS.key("sender-domains", node -> Optional.of(Domains.read(node.elementsAtLeastOne())), List.of());
    private static final Key<Boolean> ENABLED = KEYS.key("enabled", Node::flag, true);
    private static final Key<Optional<Mode>> MODE = KEYS.optional("mode", node -> node.choice(Mode.class));

    private static <T> Key<List<T>> identity(String name, Function<Node, List<T>> reader) {
        Key<List<T>> key = KEYS.key(name, node -> Optional.of(reader.apply(node)), List.of());
        IDENTITIES.add(key);
        return key;
    }

    private final Problems problems;
    private final Hints hints;

    ConnectorReader(Problems problems, Hints hints) {
        this.problems = problems;
        this.hints = hints;
    }

    /**
     * Reads one; empty if it is none, which is reported.
     *
     * @param inherited the organization's mode
     */
    Optional<ConnectorDraft> read(String organization, Member connector, Mode inherited) {
        Optional<InvalidValueException> misplaced = hints.misplaced(connector);
        if (misplaced.isPresent()) {
            connector.node().error(misplaced.get());
            return Optional.empty();
        }
        Names.check(connector);
        return connector
                .node()
                .section(KEYS, hints)
                .map(section -> read(organization, connector.name(), section, inherited));
    }

    private ConnectorDraft read(String organization, String name, Section section, Mode inherited) {
        List<Located<CertificateNamePattern>> certificateNames = CERTIFICATE_NAMES.in(section);
        List<Located<AddressRange>> addresses = OrganizationReader.inBoth(section, ADDRESSES, ADDRESSES_FILE);
        LargeBlocks.warn(addresses, problems);
        if (!hasIdentity(section)) {
            section.missing(
                    "a connector without certificate names, pinned certificates or keys, logins, or addresses",
                    "add certificate-names = [ \"mail.contoso.com\" ], certificate-files = [ \"contoso.pem\" ],"
                            + " logins = [ \"relay@contoso.com\" ], or addresses = [ \"192.0.2.1\" ]");
        }
        Set<String> issuers = issuers(section);
        List<Located<Pin>> pins = new ArrayList<>(CERTIFICATE_FINGERPRINTS.in(section));
        pins.addAll(PUBLIC_KEY_FINGERPRINTS.in(section));
        List<PinnedCertificate> certificates = new ArrayList<>();
        for (PinnedFile file : CERTIFICATE_FILES.in(section)) {
            pins.add(file.pin());
            certificates.add(new PinnedCertificate(organization, name, file));
        }
        return new ConnectorDraft(
                name,
                certificateNames,
                issuers,
                pins,
                certificates,
                LOGINS.in(section),
                addresses,
                REQUIRE_TLS.in(section),
                REQUIRE_ACCEPTED_DOMAIN.in(section),
                ALLOW_NULL_SENDER.in(section),
                SENDER_DOMAINS.in(section),
                ENABLED.in(section),
                MODE.in(section).orElse(inherited));
    }

    private static boolean hasIdentity(Section section) {
        for (Key<?> key : IDENTITIES) {
            if (key.isIn(section)) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> issuers(Node node) {
        Set<String> issuers = new LinkedHashSet<>();
        Values.all(node.elementsAtLeastOne(), IssuerName::parse).forEach(issuer -> issuers.add(issuer.value()));
        return issuers;
    }

    private static Set<String> issuers(Section section) {
        Set<String> issuers = ISSUERS.in(section);
        if (!CERTIFICATE_NAMES.isIn(section)) {
            ISSUERS.node(section)
                    .ifPresent(node -> node.error(
                            "issuers only apply to certificate names, and this connector has none",
                            "add certificate-names, or remove issuers"));
        }
        return issuers;
    }
}
