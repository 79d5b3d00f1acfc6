package io.github.orgmilter.directory;

import io.github.orgmilter.document.Hints;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.settings.OrganizationDraft;
import io.github.orgmilter.settings.OrganizationReader;
import io.github.orgmilter.settings.Throttle;
import java.util.List;
import java.util.Optional;

/** Makes organizations of their rows, by the readers that the files have. Several threads may use one. */
public final class RowsReader {

    private final RowRules rules;

    public RowsReader(RowRules rules) {
        this.rules = rules;
    }

    RowLimits limits() {
        return rules.limits();
    }

    /**
     * Reads an organization. A bad value keeps its last good one; where there is none, a connector is disabled, a domain left out,
     * and anything else takes its default.
     *
     * @param store the rows of the store
     * @param before what was held of it until now
     */
    public ReadOrganization read(OrganizationRows store, Optional<Held> before) {
        Problems problems = new Problems();
        Optional<OrganizationDraft> draft = new OrganizationReader(problems, Throttle.none(), Hints.NONE)
                .read(RowNode.organization(store.organization(), store.settings(), problems));
        Optional<Organization> organization = store.isEmpty() || problems.errorCount() > 0
                ? Optional.empty()
                : draft.map(read -> read.build(Standing.OF_DIRECTORY));
        return new ReadOrganization(organization, store, store.isEmpty() ? List.of() : problems.errors());
    }
}
