package io.github.orgmilter.config;

import io.github.orgmilter.config.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IssuerName;
import io.github.orgmilter.policy.AcceptedDomain;
import io.github.orgmilter.policy.Mode;
import io.github.orgmilter.policy.SenderProtection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads organizations and their connectors, each by itself. */
final class OrganizationReader {

    static final List<String> KEYS =
            List.of("accepted-domains", "accepted-domains-file", "sender-protection", "mode", Names.CONNECTORS);
    static final List<String> CONNECTOR_KEYS = List.of(
            "certificate-names",
            "issuers",
            "certificate-fingerprints",
            "public-key-fingerprints",
            "certificate-files",
            "addresses",
            "addresses-file",
            "require-tls",
            "require-accepted-domain",
            "allow-null-sender",
            "sender-domains",
            "enabled",
            "mode");

    /** Of which a connector needs one at least. */
    private static final List<String> IDENTITY_KEYS = List.of(
            "certificate-names",
            "certificate-fingerprints",
            "public-key-fingerprints",
            "certificate-files",
            "addresses",
            "addresses-file");

    private final Problems problems;
    private final Pace pace;

    OrganizationReader(Problems problems, Pace pace) {
        this.problems = problems;
        this.pace = pace;
    }

    Optional<OrganizationDraft> read(Node.Member organization) {
        pace.step();
        checkName(organization);
        return organization.node().section(KEYS).map(section -> read(organization.name(), section));
    }

    private OrganizationDraft read(String name, Section section) {
        int errorsBefore = problems.errors();
        if (!section.has("accepted-domains") && !section.has("accepted-domains-file")) {
            section.missing("an organization without accepted domains", "add accepted-domains = [ \"contoso.com\" ]");
        }
        List<Located<AcceptedDomain>> domains = new ArrayList<>();
        section.get("accepted-domains")
                .ifPresent(node -> domains.addAll(Values.domains(
                        section.has("accepted-domains-file") ? node.elements() : node.elementsAtLeastOne())));
        section.get("accepted-domains-file").ifPresent(node -> domains.addAll(Values.inFile(node, Values::domainLine)));
        boolean domainsKnown = problems.errors() == errorsBefore;
        SenderProtection protection = section.get("sender-protection")
                .flatMap(node -> node.choice(SenderProtection.class))
                .orElse(SenderProtection.RELAY);
        Mode mode = mode(section, Mode.ENFORCE);
        List<ConnectorDraft> connectors = new ArrayList<>();
        section.get(Names.CONNECTORS)
                .ifPresent(node -> node.members()
                        .forEach(connector -> connector(name, connector, mode).ifPresent(connectors::add)));
        return new OrganizationDraft(name, section.location(), domains, domainsKnown, protection, mode, connectors);
    }

    private static Mode mode(Section section, Mode otherwise) {
        return section.get("mode").flatMap(node -> node.choice(Mode.class)).orElse(otherwise);
    }

    private Optional<ConnectorDraft> connector(String organization, Node.Member connector, Mode organizationMode) {
        Optional<InvalidValueException> misplaced =
                new Misplaced(connector.node().document()).connector(connector);
        if (misplaced.isPresent()) {
            connector.node().error(misplaced.get());
            return Optional.empty();
        }
        checkName(connector);
        return connector
                .node()
                .section(CONNECTOR_KEYS)
                .map(section -> connector(organization, connector.name(), section, organizationMode));
    }

    private ConnectorDraft connector(String organization, String name, Section section, Mode organizationMode) {
        List<Located<CertificateNamePattern>> certificateNames = section.get("certificate-names")
                .map(node -> Values.all(node.elementsAtLeastOne(), CertificateNamePattern::parse))
                .orElse(List.of());
        List<Located<AddressRange>> addresses = addresses(section);
        if (IDENTITY_KEYS.stream().noneMatch(section::has)) {
            section.missing(
                    "a connector with neither certificate names, pinned certificates or keys, nor addresses",
                    "add certificate-names = [ \"mail.contoso.com\" ], certificate-files = [ \"contoso.pem\" ],"
                            + " or addresses = [ \"192.0.2.1\" ]");
        }
        PinReader pins = new PinReader(organization, name, section);
        return new ConnectorDraft(
                name,
                certificateNames,
                issuers(section),
                pins.pins(),
                pins.certificates(),
                addresses,
                flag(section, "require-tls", false),
                flag(section, "require-accepted-domain", true),
                flag(section, "allow-null-sender", false),
                section.get("sender-domains")
                        .map(node -> Values.domains(node.elementsAtLeastOne()))
                        .orElse(List.of()),
                flag(section, "enabled", true),
                mode(section, organizationMode));
    }

    private List<Located<AddressRange>> addresses(Section section) {
        List<Located<AddressRange>> addresses = new ArrayList<>();
        section.get("addresses")
                .ifPresent(node -> addresses.addAll(Values.all(
                        section.has("addresses-file") ? node.elements() : node.elementsAtLeastOne(),
                        AddressRange::parse)));
        section.get("addresses-file").ifPresent(node -> addresses.addAll(Values.inFile(node, AddressRange::parse)));
        Values.warnOfLargeBlocks(addresses, problems);
        return addresses;
    }

    private Set<String> issuers(Section section) {
        Optional<Node> list = section.get("issuers");
        if (list.isEmpty()) {
            return Set.of();
        }
        Set<String> issuers = new LinkedHashSet<>();
        Values.all(list.get().elementsAtLeastOne(), IssuerName::parse).forEach(issuer -> issuers.add(issuer.value()));
        if (!section.has("certificate-names")) {
            list.get()
                    .error(
                            "issuers narrow certificate names, and this connector has none",
                            "add certificate-names, or remove issuers");
        }
        return issuers;
    }

    private static boolean flag(Section section, String key, boolean otherwise) {
        return section.get(key).flatMap(Node::flag).orElse(otherwise);
    }

    private void checkName(Node.Member member) {
        try {
            Names.check(member.name());
        } catch (InvalidValueException e) {
            problems.error(member.node().location(), e);
        }
    }
}
