package io.github.orgmilter.partner;

import io.github.orgmilter.organization.Organization;
import java.util.Collection;

/** How many organizations have partners: where none has, a decision asks nothing about them. */
public record PartnerUse(int organizations) {

    /** None. */
    public static final PartnerUse NONE = new PartnerUse(0);

    /** The use after a change. */
    public PartnerUse with(Collection<Organization> removed, Collection<Organization> added) {
        return new PartnerUse(organizations + count(added) - count(removed));
    }

    private static int count(Collection<Organization> changed) {
        return Math.toIntExact(
                changed.stream().filter(each -> !each.partners().isEmpty()).count());
    }

    public boolean isEmpty() {
        return organizations == 0;
    }
}
