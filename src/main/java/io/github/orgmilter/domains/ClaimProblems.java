package io.github.orgmilter.domains;

import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what organizations of a directory claim and do not have: one or two look-ups for each claim. */
public final class ClaimProblems {

    private final AcceptedDomains acceptedDomains;
    private final Organizations organizations;

    public ClaimProblems(AcceptedDomains acceptedDomains, Organizations organizations) {
        this.acceptedDomains = acceptedDomains;
        this.organizations = organizations;
    }

    /**
     * Those of some organizations, in their order.
     *
     * @param names of which some may be unknown
     */
    public List<ClaimProblem> of(Collection<String> names) {
        return names.stream()
                .flatMap(name -> organizations.find(name).stream())
                .flatMap(this::of)
                .toList();
    }

    /** Those of all organizations, found as the stream is read: seconds for a million of them, so not on an event loop. */
    public Stream<ClaimProblem> all() {
        return organizations.stream().flatMap(this::of);
    }

    /** How many accepted domains are in dispute: a pass over all, as {@link #all()}. */
    public long disputedDomains() {
        return all().filter(ClaimProblem.Disputed.class::isInstance)
                .map(problem -> ((ClaimProblem.Disputed) problem).domain().domain())
                .distinct()
                .count();
    }

    /** In the order of its claims; none of one of a file. */
    private Stream<ClaimProblem> of(Organization organization) {
        if (!organization.standing().ofDirectory()) {
            return Stream.of();
        }
        return Stream.concat(
                organization.acceptedDomains().stream().flatMap(domain -> of(organization, domain).stream()),
                organization.connectors().stream().flatMap(connector -> of(organization, connector)));
    }

    private Optional<ClaimProblem> of(Organization organization, AcceptedDomain domain) {
        String name = organization.name();
        if (acceptedDomains.isLocal(domain.domain())) {
            return Optional.of(new ClaimProblem.LostToLocalDomain(name, domain));
        }
        List<Organization> owners = acceptedDomains.claimants(domain.domain());
        List<String> others = others(organization, owners);
        if (others.size() < owners.size()) {
            return others.isEmpty() ? Optional.empty() : Optional.of(new ClaimProblem.Disputed(name, domain, others));
        }
        boolean ofFile = owners.stream().anyMatch(owner -> !owner.standing().ofDirectory());
        return Optional.of(
                ofFile
                        ? new ClaimProblem.LostToFile(name, domain, others.get(0))
                        : new ClaimProblem.LostToOlder(name, domain, others));
    }

    private Stream<ClaimProblem> of(Organization organization, Connector connector) {
        ConnectorName name = new ConnectorName(organization.name(), connector.name());
        Stream<ClaimProblem> foreignNames = connector.certificateNames().stream()
                .filter(pattern -> acceptedDomains.isForeignCertificate(organization, pattern.toString()))
                .map(pattern -> new ClaimProblem.ForeignCertificateName(
                        name, pattern, others(organization, acceptedDomains.certificateClaimants(pattern.toString()))));
        Stream<ClaimProblem> foreignLogins = connector.logins().all().stream()
                .filter(pattern -> acceptedDomains.isForeignLogin(organization, pattern))
                .map(pattern -> new ClaimProblem.ForeignLogin(
                        name,
                        pattern,
                        others(
                                organization,
                                acceptedDomains.claimants(pattern.domain().orElseThrow()))));
        Stream<ClaimProblem> foreignSenders = connector.senderDomains().stream()
                .filter(domain -> !acceptedDomains.isOwnedBy(organization, domain.domain()))
                .map(domain -> new ClaimProblem.ForeignSenderDomain(
                        name, domain, others(organization, acceptedDomains.claimants(domain.domain()))));
        return Stream.of(foreignNames, foreignLogins, foreignSenders).flatMap(problems -> problems);
    }

    private static List<String> others(Organization organization, List<Organization> owners) {
        return owners.stream()
                .filter(owner -> !owner.is(organization))
                .map(Organization::name)
                .toList();
    }
}
