package io.github.orgmilter.who;

import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.who.Proof.ByName;
import io.github.orgmilter.who.Proof.ByPin;
import io.github.orgmilter.who.Proof.Domain;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What connectors require of their clients, under one policy. The numbers are those of docs/rules.md. */
final class Identities {

    private static final String ANY_LABEL = "a-label-that-nobody-claims.";
    /** Names at a domain and below it, when nothing else is claimed there. */
    private static final List<String> BELOW = List.of("", "*.", ANY_LABEL, ANY_LABEL + ANY_LABEL);

    // 3.8
    private static final Comparator<Pin> CERTIFICATES_FIRST = Comparator.comparing(Pin::kind);
    private static final Comparator<CertificateNamePattern> CLOSEST_FIRST = Comparator.comparing(
                    CertificateNamePattern::wildcard)
            .thenComparing(pattern -> -pattern.domain().ascii().length());

    private final Policy policy;

    Identities(Policy policy) {
        this.policy = policy;
    }

    /** Empty if it identifies no client at all. */
    Optional<Identity> of(Organization organization, Connector connector) {
        List<Proof> proofs = Stream.concat(
                        connector.pins().stream()
                                .sorted(CERTIFICATES_FIRST)
                                .map(pin -> new ByPin(pin, domain(organization, pin))),
                        connector.certificateNames().stream()
                                .filter(pattern -> !isForeign(organization, pattern))
                                .sorted(CLOSEST_FIRST)
                                .map(pattern -> byName(organization, pattern)))
                .toList();
        List<LoginPattern> logins = connector.logins().all().stream()
                .filter(pattern -> !isForeign(organization, pattern))
                .toList();
        boolean possible = connector.enabled()
                && connector.isCertificateConnector() != proofs.isEmpty()
                && connector.logins().isEmpty() == logins.isEmpty();
        return possible
                ? Optional.of(new Identity(
                        proofs,
                        connector.issuers(),
                        logins,
                        connector.addresses(),
                        connector.requireTls(),
                        connector.requiredHeaders().names()))
                : Optional.empty();
    }

    /** 3.9 */
    boolean isForeign(Organization organization, CertificateNamePattern pattern) {
        return organization.standing().ofDirectory()
                && isOthers(organization, policy.certificateClaimants(pattern.toString()));
    }

    /** 3.9 */
    boolean isForeign(Organization organization, LoginPattern pattern) {
        return organization.standing().ofDirectory()
                && isOthers(
                        organization, pattern.domain().map(policy::claimants).orElse(List.of()));
    }

    private static boolean isOthers(Organization organization, List<Organization> claimants) {
        return !claimants.isEmpty() && claimants.stream().noneMatch(organization::is);
    }

    private Proof byName(Organization organization, CertificateNamePattern pattern) {
        if (!pattern.wildcard()) {
            Domain domain = isOwn(organization, pattern.toString()) ? Domain.OWN : Domain.NONE;
            return new ByName(pattern, false, domain);
        }
        return new ByName(
                pattern,
                isCovered(organization, pattern.domain()),
                hasOwnNames(organization, pattern.domain()) ? Domain.OWN_NAMES : Domain.NONE);
    }

    /** 3.2: whether a wildcard of it for that domain is narrowed. */
    private boolean isCovered(Organization organization, DomainName domain) {
        return organization.acceptedDomains().stream()
                .anyMatch(accepted -> !policy.isLocal(accepted.domain()) && accepted.covers(domain));
    }

    /**
     * Whether a name at or below a domain is the organization's alone. Whose names are changes at the domains that it has, and at those
     * that others have or delegate with whom it disputes some.
     */
    private boolean hasOwnNames(Organization organization, DomainName domain) {
        Set<String> known = new HashSet<>(Set.of(organization.name()));
        Deque<DomainName> points = new ArrayDeque<>(pointsBelow(domain, organization));
        points.add(domain);
        while (!points.isEmpty()) {
            String point = points.remove().ascii();
            for (String below : BELOW) {
                List<Organization> claimants = policy.certificateClaimants(below + point);
                if (claimants.stream().noneMatch(organization::is)) {
                    continue;
                }
                if (claimants.size() == 1) {
                    return true;
                }
                claimants.stream()
                        .filter(claimant -> known.add(claimant.name()))
                        .forEach(claimant -> points.addAll(pointsBelow(domain, claimant)));
            }
        }
        return false;
    }

    private static List<DomainName> pointsBelow(DomainName domain, Organization organization) {
        return Stream.concat(
                        organization.acceptedDomains().stream().map(AcceptedDomain::domain),
                        organization.standing().delegatedDomains().stream())
                .filter(point -> point.isAtOrBelow(domain))
                .toList();
    }

    /** A verified name of a pinned certificate counts as well, and may be any. */
    private Domain domain(Organization organization, Pin pin) {
        return pin.names().stream().anyMatch(name -> isOwn(organization, name.toString()))
                ? Domain.OWN
                : Domain.OWN_NAMES;
    }

    private boolean isOwn(Organization organization, String name) {
        List<Organization> claimants = policy.certificateClaimants(name);
        return claimants.size() == 1 && claimants.get(0).is(organization);
    }
}
