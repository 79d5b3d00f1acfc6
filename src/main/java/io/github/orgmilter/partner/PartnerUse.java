package io.github.orgmilter.partner;

import io.github.orgmilter.organization.Organization;
import java.util.Collection;
import java.util.function.Predicate;

/**
 * How many organizations have partners: where none has, a decision asks nothing about them.
 *
 * @param withPins those that have a partner with pins
 */
public record PartnerUse(int organizations, int withPins) {

    /** None. */
    public static final PartnerUse NONE = new PartnerUse(0, 0);

    /** The use after a change. */
    public PartnerUse with(Collection<Organization> removed, Collection<Organization> added) {
        return new PartnerUse(
                organizations + change(removed, added, each -> !each.partners().isEmpty()),
                withPins + change(removed, added, each -> each.partners().havePins()));
    }

    private static int change(
            Collection<Organization> removed, Collection<Organization> added, Predicate<Organization> counted) {
        return Math.toIntExact(added.stream().filter(counted).count()
                - removed.stream().filter(counted).count());
    }

    public boolean isEmpty() {
        return organizations == 0;
    }

    public boolean havePins() {
        return withPins > 0;
    }
}
