package io.github.orgmilter.console;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds organizations by their names or domains. By what the indexes have, it takes no time, however many organizations there are; a
 * look at each takes longer.
 */
final class OrganizationSearch {

    /**
     * What was found.
     *
     * @param everywhere whether each organization was looked at, until there were enough
     */
    record Found(List<Organization> organizations, boolean everywhere) {}

    private OrganizationSearch() {}

    /**
     * Those of that name or domain, and those whose names begin so; only if there are none, those that have the text anywhere in their
     * names or domains, these in A-labels or U-labels.
     *
     * @param wanted may be an address, of which the domain counts
     * @param everywhere whether to look at each organization in any case
     * @param most how many are enough
     */
    static Found find(Policy policy, String wanted, boolean everywhere, int most) {
        Map<String, Organization> found = new LinkedHashMap<>();
        policy.organizations().find(wanted).ifPresent(exact -> found.put(exact.name(), exact));
        domain(wanted.substring(wanted.lastIndexOf('@') + 1))
                .map(policy::claimants)
                .orElse(List.of())
                .forEach(owner -> found.putIfAbsent(owner.name(), owner));
        policy.organizations().beginningWith(wanted).limit(most).forEach(each -> found.putIfAbsent(each.name(), each));
        boolean all = everywhere || found.isEmpty();
        if (all) {
            lookAtEach(policy, wanted, most, found);
        }
        return new Found(found.values().stream().limit(most).toList(), all);
    }

    private static void lookAtEach(Policy policy, String wanted, int most, Map<String, Organization> found) {
        Iterator<Organization> rest = policy.organizations().iterator();
        SearchedTexts texts = new SearchedTexts(wanted);
        while (rest.hasNext() && found.size() < most) {
            texts.gather(rest);
            texts.search(most, found);
        }
    }

    private static Optional<DomainName> domain(String text) {
        try {
            return Optional.of(DomainName.parse(text));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }
}
