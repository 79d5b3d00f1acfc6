package io.github.orgmilter.directory;

import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.ReadOrganization;
import java.util.Optional;

/** An organization whose rows may have changed, and what was held of it. */
record Reading(OrganizationRows store, Optional<Held> before, ReadOrganization read) {

    /** What counted of it and is gone from the store. */
    Removals removals() {
        OrganizationRows none = OrganizationRows.none(store.organization());
        return new Removals(before.map(Held::effective).orElse(none), store);
    }
}
