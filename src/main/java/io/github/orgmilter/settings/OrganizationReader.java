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
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.settings.OrganizationDraft.PartnerDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads organizations, each by itself, from any source of settings. */
public final class OrganizationReader {

    public static final Keys KEYS = Keys.withoutNull();

    private static final Key<List<Located<AcceptedDomain>>> ACCEPTED_DOMAINS =
            KEYS.key("accepted-domains", node -> Optional.of(Domains.read(node.elements())), List.of());
    private static final Key<List<Located<AcceptedDomain>>> ACCEPTED_DOMAINS_FILE =
            KEYS.key("accepted-domains-file", node -> Optional.of(Values.inFile(node, Domains::line)), List.of());
    private static final Key<SenderProtection> SENDER_PROTECTION =
            KEYS.key("sender-protection", node -> node.choice(SenderProtection.class), SenderProtection.RELAY);
    private static final Key<Optional<Located<HeaderFrom>>> HEADER_FROM = KEYS.optional(
            Names.HEADER_FROM,
            node -> node.choice(HeaderFrom.class).map(value -> new Located<>(value, node.location())));
    private static final Key<DelegatedDomains> DELEGATED_DOMAINS =
            KEYS.key("delegated-domains", node -> Optional.of(DelegatedDomains.read(node)), DelegatedDomains.NONE);
    private static final Key<Mode> MODE = KEYS.key("mode", node -> node.choice(Mode.class), Mode.ENFORCE);
    private static final Key<List<Member>> CONNECTORS =
            KEYS.key(Names.CONNECTORS, node -> Optional.of(node.members()), List.of());
    private static final Key<List<Member>> PARTNERS =
            KEYS.key(Names.PARTNERS, node -> Optional.of(node.members()), List.of());

    private final Problems problems;
    private final Throttle throttle;
    private final Hints hints;
    private final ConnectorReader connectorReader;
    private final PartnerReader partnerReader;

    /**
     * Makes a reader.
     *
     * @param hints explains keys that an organization or a connector does not have
     */
    public OrganizationReader(Problems problems, Throttle throttle, Hints hints) {
        this.problems = problems;
        this.throttle = throttle;
        this.hints = hints;
        connectorReader = new ConnectorReader(problems, hints);
        partnerReader = new PartnerReader(hints);
    }

    /** Reads one; empty if it is none, which is reported. */
    public Optional<OrganizationDraft> read(Member organization) {
        throttle.step();
        Names.check(organization);
        return organization.node().section(KEYS, hints).map(section -> read(organization.name(), section));
    }

    private OrganizationDraft read(String name, Section section) {
        int errorsBefore = problems.errorCount();
        if (!ACCEPTED_DOMAINS.isIn(section) && !ACCEPTED_DOMAINS_FILE.isIn(section)) {
            section.missing("an organization without accepted domains", "add accepted-domains = [ \"contoso.com\" ]");
        }
        List<Located<AcceptedDomain>> domains = inBoth(section, ACCEPTED_DOMAINS, ACCEPTED_DOMAINS_FILE);
        boolean domainsKnown = problems.errorCount() == errorsBefore;
        SenderProtection protection = SENDER_PROTECTION.in(section);
        Optional<Located<HeaderFrom>> headerFrom = HEADER_FROM.in(section);
        DelegatedDomains delegated = DELEGATED_DOMAINS.in(section);
        if (domainsKnown) {
            DELEGATED_DOMAINS.node(section).ifPresent(node -> delegated.check(domains, node));
        }
        Mode mode = MODE.in(section);
        List<ConnectorDraft> connectors = new ArrayList<>();
        for (Member connector : CONNECTORS.in(section)) {
            connectorReader.read(name, connector, mode).ifPresent(connectors::add);
        }
        List<PartnerDraft> partners = new ArrayList<>();
        for (Member partner : PARTNERS.in(section)) {
            partnerReader.read(name, partner).ifPresent(partners::add);
        }
        return new OrganizationDraft(
                name,
                section.location(),
                domains,
                domainsKnown,
                protection,
                headerFrom,
                mode,
                delegated.standing(),
                connectors,
                partners);
    }

    /** The values of a list and of a file; the list may be empty if there is the file. */
    static <T> List<Located<T>> inBoth(Section section, Key<List<Located<T>>> list, Key<List<Located<T>>> file) {
        if (!file.isIn(section)) {
            list.node(section).ifPresent(Node::refuseEmptyList);
        }
        List<Located<T>> listed = list.in(section);
        List<Located<T>> ofFile = file.in(section);
        if (listed.isEmpty() || ofFile.isEmpty()) {
            return listed.isEmpty() ? ofFile : listed;
        }
        List<Located<T>> all = new ArrayList<>(listed);
        all.addAll(ofFile);
        return all;
    }
}
