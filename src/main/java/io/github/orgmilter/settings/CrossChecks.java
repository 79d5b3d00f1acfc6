package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.settings.headers.Sharing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks across organizations: who owns a domain, and what two of them share. */
public final class CrossChecks {

    /** Something that an organization has, and its location. */
    public record Owned<T>(OrganizationDraft owner, T value, Location location) {}

    /** An accepted domain, by its place in the list of its organization: its location is made when it is asked for. */
    record OwnedDomain(OrganizationDraft owner, int index) {

        AcceptedDomain value() {
            return located().value();
        }

        Location location() {
            return located().location();
        }

        private Located<AcceptedDomain> located() {
            return owner.acceptedDomains().get(index);
        }
    }

    public static final String NOT_SHARED = "a connector is for servers that the organization does not share";

    private final List<OrganizationDraft> organizations;
    private final List<Located<DomainName>> localDomains;
    private final boolean complete;
    private final Problems problems;
    private final Throttle throttle;
    private final Map<String, OwnedDomain> owners;

    /**
     * Prepares the checks.
     *
     * @param organizations in the order as written
     * @param complete whether every file could be read; if not, what is missing may only be unread
     */
    public CrossChecks(
            List<OrganizationDraft> organizations,
            List<Located<DomainName>> localDomains,
            boolean complete,
            Problems problems,
            Throttle throttle) {
        this.organizations = organizations;
        this.localDomains = localDomains;
        this.complete = complete;
        this.problems = problems;
        this.throttle = throttle;
        int domains = 0;
        for (OrganizationDraft organization : organizations) {
            domains += organization.acceptedDomains().size();
        }
        owners = new HashMap<>(domains + domains / 2); // it never has to grow, which would copy it many times
    }

    public void run() {
        organizations.forEach(this::own);
        localDomains.forEach(this::checkLocal);
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            for (ConnectorDraft connector : organization.connectors()) {
                connector.senderDomains().forEach(domain -> checkSenderDomain(organization, domain));
            }
            organization.partners().forEach(partner -> partner.senderDomains().forEach(this::warnOfPartner));
        }
        warnOfPatterns();
        warnOfPins();
        new OverlapChecks(organizations, problems, throttle).run();
        new WildcardChecks(organizations, owners, problems, throttle).run();
    }

    private void own(OrganizationDraft organization) {
        throttle.step();
        for (int i = 0; i < organization.acceptedDomains().size(); i++) {
            OwnedDomain domain = new OwnedDomain(organization, i);
            String name = domain.value().domain().ascii();
            OwnedDomain first = owners.putIfAbsent(name, domain);
            if (first == null) {
                continue;
            }
            if (isAnother(first.owner(), organization)) {
                problems.error(
                        domain.location(),
                        name + " is already an accepted domain of organization \""
                                + first.owner().name() + "\", at "
                                + first.location().place(),
                        "remove it from one of them");
            } else if (first.value().subdomains() != domain.value().subdomains()) {
                problems.error(
                        domain.location(),
                        name + " is listed both with and without subdomains, first at "
                                + first.location().place(),
                        "keep only the right one");
            }
        }
    }

    private void checkLocal(Located<DomainName> local) {
        OwnedDomain owned = owners.get(local.value().ascii());
        if (owned != null) {
            problems.error(
                    local.location(),
                    local.value() + " is also an accepted domain of organization \""
                            + owned.owner().name() + "\", at "
                            + owned.location().place(),
                    "keep it in one of them: a local domain is the mail server's own, and is never a sender domain");
        }
    }

    private void checkSenderDomain(OrganizationDraft organization, Located<AcceptedDomain> domain) {
        Optional<OwnedDomain> owner = entryFor(new AcceptedDomain(domain.value().domain(), false));
        if (owner.isPresent() && isAnother(owner.get().owner(), organization)) {
            problems.error(
                    domain.location(),
                    "sender domain " + domain.value() + " belongs to organization \""
                            + owner.get().owner().name() + "\", at "
                            + owner.get().location().place(),
                    "list accepted domains of this organization");
        } else if (!accepts(organization, domain.value())) {
            problems.error(
                    domain.location(),
                    "sender domain " + domain.value() + " is not among this organization's accepted domains",
                    "add it to accepted-domains, or remove it here");
        }
    }

    private void warnOfPartner(Located<AcceptedDomain> domain) {
        entryFor(new AcceptedDomain(domain.value().domain(), false))
                .ifPresent(
                        owner -> problems.warning(
                                domain.location(),
                                "sender domain " + domain.value().domain()
                                        + " of a partner is an accepted domain of organization \""
                                        + owner.owner().name() + "\", at "
                                        + owner.location().place(),
                                "keep it if mail from there must meet the partner's conditions, whatever that organization's connectors are"));
    }

    /** Whether the organization accepts the domain, as far as is known; the most specific entry decides. */
    private boolean accepts(OrganizationDraft organization, AcceptedDomain domain) {
        return !complete
                || !organization.domainsKnown()
                || entryFor(domain)
                        .filter(owned -> !isAnother(owned.owner(), organization))
                        .isPresent();
    }

    /** The most specific entry that covers the domain. */
    private Optional<OwnedDomain> entryFor(AcceptedDomain domain) {
        for (Optional<DomainName> name = Optional.of(domain.domain());
                name.isPresent();
                name = name.get().parent()) {
            OwnedDomain owned = owners.get(name.get().ascii());
            if (owned != null && owned.value().covers(domain)) {
                return Optional.of(owned);
            }
        }
        return Optional.empty();
    }

    public static boolean isAnother(OrganizationDraft one, OrganizationDraft other) {
        return !one.name().equals(other.name());
    }

    private void warnOfPatterns() {
        Sharing<CertificateNamePattern> sharing = new Sharing<>(problems, pattern -> "certificate name " + pattern);
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            for (ConnectorDraft connector : organization.connectors()) {
                for (Located<CertificateNamePattern> pattern : connector.certificateNames()) {
                    sharing.add(organization, connector, pattern.value(), pattern.location());
                    if (connector.requiredHeaders().isEmpty()) { // a shared server is nobody's
                        warnOfForeignWildcard(organization, pattern);
                    }
                }
            }
        }
        sharing.warn();
    }

    private void warnOfPins() {
        Sharing<Pin> sharing = new Sharing<>(problems, Pin::toString);
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            for (ConnectorDraft connector : organization.connectors()) {
                for (Located<Pin> pin : connector.pins()) {
                    Pin bare = new Pin(pin.value().kind(), pin.value().fingerprint(), List.of());
                    sharing.add(organization, connector, bare, pin.location());
                }
            }
        }
        sharing.warn();
    }

    private void warnOfForeignWildcard(OrganizationDraft organization, Located<CertificateNamePattern> pattern) {
        AcceptedDomain domain = new AcceptedDomain(pattern.value().domain(), false);
        if (pattern.value().wildcard() && !accepts(organization, domain)) {
            problems.warning(
                    pattern.location(),
                    domain.domain() + " of \"" + pattern.value() + "\" is not an accepted domain of this organization",
                    "accept it if the organization owns it, or list its servers by name");
        }
    }
}
