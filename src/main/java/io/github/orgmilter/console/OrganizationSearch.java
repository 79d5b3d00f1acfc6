package io.github.orgmilter.console;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds organizations by a part of their names or domains. */
final class OrganizationSearch {

    private OrganizationSearch() {}

    /**
     * Those that match: what is exact comes first, by the indexes; then whatever contains the text, by a look at each until there are
     * enough.
     *
     * @param most how many are enough
     */
    static List<Organization> find(Policy policy, String wanted, int most) {
        Map<String, Organization> found = new LinkedHashMap<>();
        policy.organizations().find(wanted).ifPresent(exact -> found.put(exact.name(), exact));
        domain(wanted)
                .map(policy::claimants)
                .orElse(List.of())
                .forEach(owner -> found.putIfAbsent(owner.name(), owner));
        String lower = wanted.toLowerCase(Locale.ROOT);
        for (Organization each : policy.organizations()) {
            if (found.size() >= most) {
                break;
            }
            if (contains(each, lower)) {
                found.putIfAbsent(each.name(), each);
            }
        }
        Collection<Organization> all = found.values();
        return all.stream().limit(most).toList();
    }

    private static Optional<DomainName> domain(String text) {
        try {
            return Optional.of(DomainName.parse(text));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    private static boolean contains(Organization organization, String lower) {
        if (organization.name().toLowerCase(Locale.ROOT).contains(lower)) {
            return true;
        }
        for (AcceptedDomain accepted : organization.acceptedDomains()) {
            if (accepted.domain().ascii().contains(lower)) {
                return true;
            }
        }
        return false;
    }
}
