package io.github.orgmilter.rows;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.organization.Organization;
import java.util.List;
import java.util.Optional;

/**
 * What the rows of an organization make.
 *
 * @param organization empty if there are no rows, or its name cannot be used
 * @param effective the rows that it is made of
 * @param problems of the store's rows, in words for the operator
 */
public record ReadOrganization(
        Optional<Organization> organization, OrganizationRows effective, List<Problem> problems) {

    public ReadOrganization {
        problems = List.copyOf(problems);
    }

    /** What to hold of it, where the store has these rows. */
    public Held held(OrganizationRows store) {
        return problems.isEmpty() && store.equals(effective)
                ? store
                : new Differing(store, effective, effective, problems);
    }
}
