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
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.settings.certificates.CertificateKeys;
import io.github.orgmilter.settings.headers.RequiredHeadersReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the connectors of an organization. */
public final class ConnectorReader {

    public static final Keys KEYS = Keys.withoutNull();

    private static final CertificateKeys CERTIFICATES = new CertificateKeys(KEYS);
    private static final Key<List<Located<LoginPattern>>> LOGINS = KEYS.key(
            "logins", node -> Optional.of(Values.all(node.elementsAtLeastOne(), LoginPattern::parse)), List.of());
    private static final AddressKeys ADDRESSES = new AddressKeys(KEYS);
    private static final Key<List<Located<RequiredField>>> REQUIRED_HEADERS =
            KEYS.key(Names.REQUIRED_HEADERS, node -> Optional.of(RequiredHeadersReader.read(node)), List.of());
    private static final Key<Boolean> REMOVE_REQUIRED_HEADERS =
            KEYS.key(Names.REMOVE_REQUIRED_HEADERS, Node::flag, true);
    private static final Key<Boolean> REQUIRE_TLS = KEYS.key("require-tls", Node::flag, false);
    private static final Key<Boolean> REQUIRE_ACCEPTED_DOMAIN = KEYS.key("require-accepted-domain", Node::flag, true);
    private static final Key<Boolean> ALLOW_NULL_SENDER = KEYS.key("allow-null-sender", Node::flag, false);
    private static final Key<List<Located<AcceptedDomain>>> SENDER_DOMAINS =
            KEYS.key("sender-domains", node -> Optional.of(Domains.read(node.elementsAtLeastOne())), List.of());
    private static final Key<Boolean> ENABLED = KEYS.key("enabled", Node::flag, true);
    private static final Key<Optional<Mode>> MODE = KEYS.optional("mode", node -> node.choice(Mode.class));

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
        List<Located<CertificateNamePattern>> certificateNames = CERTIFICATES.names(section);
        List<Located<AddressRange>> addresses = ADDRESSES.in(section);
        LargeBlocks.warn(addresses, problems);
        if (!CERTIFICATES.areIn(section) && !LOGINS.isIn(section) && !ADDRESSES.areIn(section)) {
            section.missing(
                    "a connector without certificate names, pinned certificates or keys, logins, or addresses",
                    "add certificate-names = [ \"mail.contoso.com\" ], certificate-files = [ \"contoso.pem\" ],"
                            + " logins = [ \"relay@contoso.com\" ], or addresses = [ \"192.0.2.1\" ]");
        }
        Set<String> issuers = issuers(section);
        CertificateKeys.Pins pins = CERTIFICATES.pins(organization, name, section);
        return new ConnectorDraft(
                name,
                certificateNames,
                issuers,
                pins.all(),
                pins.certificates(),
                LOGINS.in(section),
                addresses,
                REQUIRED_HEADERS.in(section),
                removeRequiredHeaders(section),
                REQUIRE_TLS.in(section),
                REQUIRE_ACCEPTED_DOMAIN.in(section),
                ALLOW_NULL_SENDER.in(section),
                SENDER_DOMAINS.in(section),
                ENABLED.in(section),
                MODE.in(section).orElse(inherited));
    }

    private static boolean removeRequiredHeaders(Section section) {
        if (!REQUIRED_HEADERS.isIn(section)) {
            REMOVE_REQUIRED_HEADERS
                    .node(section)
                    .ifPresent(node -> node.error(
                            "this connector has no required-headers to remove",
                            "add required-headers, or remove this key"));
        }
        return REMOVE_REQUIRED_HEADERS.in(section);
    }

    private static Set<String> issuers(Section section) {
        Set<String> issuers = CERTIFICATES.issuers(section);
        if (!CERTIFICATES.areNamesIn(section)) {
            CERTIFICATES
                    .issuersNode(section)
                    .ifPresent(node -> node.error(
                            "issuers only apply to certificate names, and this connector has none",
                            "add certificate-names, or remove issuers"));
        }
        return issuers;
    }
}
