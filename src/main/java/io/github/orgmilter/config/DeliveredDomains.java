package io.github.orgmilter.config;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The domains of {@code delivered-domains}.
 *
 * @param names all of them
 * @param withSubdomains those that include everything below
 */
public record DeliveredDomains(Set<DomainName> names, Set<DomainName> withSubdomains) {

    public DeliveredDomains {
        names = Set.copyOf(names);
        withSubdomains = Set.copyOf(withSubdomains);
    }

    static DeliveredDomains of(List<AcceptedDomain> domains) {
        return new DeliveredDomains(
                domains.stream().map(AcceptedDomain::domain).collect(Collectors.toSet()),
                domains.stream()
                        .filter(AcceptedDomain::subdomains)
                        .map(AcceptedDomain::domain)
                        .collect(Collectors.toSet()));
    }

    /** Whether the domain is one of them, or below one that includes its subdomains. */
    public boolean contains(DomainName name) {
        if (names.contains(name)) {
            return true;
        }
        if (withSubdomains.isEmpty()) {
            return false;
        }
        for (Optional<DomainName> parent = name.parent();
                parent.isPresent();
                parent = parent.get().parent()) {
            if (withSubdomains.contains(parent.get())) {
                return true;
            }
        }
        return false;
    }
}
