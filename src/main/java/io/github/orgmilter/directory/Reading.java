package io.github.orgmilter.directory;

import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.ReadOrganization;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.settings.Throttle;
import io.github.orgmilter.shrink.Removals;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** An organization whose rows may have changed, and what was held of it. */
record Reading(OrganizationRows store, Optional<Held> before, ReadOrganization read) {

    /** With fewer, other cores are not worth it. */
    private static final int MANY = 1_000;

    static Reading of(OrganizationRows store, Inventory held, RowsReader reader) {
        Optional<Held> before = held.get(store.organization());
        return new Reading(store, before, reader.read(store, before));
    }

    /** Reads many, in their order, on every core unless it is to rest. */
    static <T> List<Reading> all(Collection<T> all, Function<T, Reading> read, Throttle throttle) {
        Stream<T> stream = throttle.rests() || all.size() < MANY ? all.stream() : all.parallelStream();
        return stream.map(each -> {
                    throttle.step();
                    return read.apply(each);
                })
                .toList();
    }

    /** Whether what was held of it is held still. */
    boolean isOf(Inventory held) {
        return before.equals(held.get(store.organization()));
    }

    /** What counted of it and is gone from the store. */
    Removals removals() {
        OrganizationRows none = OrganizationRows.none(store.organization());
        return new Removals(before.map(Held::effective).orElse(none), store);
    }
}
