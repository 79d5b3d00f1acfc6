package io.github.orgmilter.directory;

import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.RowCollector;
import io.github.orgmilter.rows.RowSource;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.rows.Setting;
import io.github.orgmilter.settings.Throttle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares all rows of a store with what is held, as they come: only those that differ are kept. One thread feeds it, which need not be
 * that of the holdings: changes may be applied meanwhile.
 */
public final class WholeLoad {

    private final Inventory held;
    private final RowsReader reader;
    private final Throttle throttle;
    private final OptionalLong before;
    private final Set<String> seen = new HashSet<>();
    private final List<OrganizationRows> rows = new ArrayList<>(); // those that differ
    private List<Reading> different = List.of();
    private @Nullable RowCollector collector;
    private Optional<String> scattered = Optional.empty();
    private OptionalLong version = OptionalLong.empty();
    private volatile boolean forgotten;

    // Of the thread of the holdings.
    private final Map<String, Long> changed = new HashMap<>();
    private OptionalLong applied = OptionalLong.empty();

    /**
     * Begins with the state that is held.
     *
     * @param before its version
     */
    WholeLoad(Inventory held, RowsReader reader, OptionalLong before, Throttle throttle) {
        this.held = held;
        this.reader = reader;
        this.before = before;
        this.throttle = throttle;
    }

    /** Takes the next row. What is held stays as it is. */
    public void accept(Setting row) {
        throttle.step();
        if (scattered.isPresent()) {
            return;
        }
        RowCollector current = collector;
        if (current == null || !isOf(current, row)) {
            finish();
            current = start(RowCollector.bounded(row.organization(), reader.limits()));
            collector = current;
        }
        current.add(row);
    }

    private boolean isOf(RowCollector current, Setting row) {
        return row.organization().equals(current.organization())
                || RowCollector.bounded(row.organization(), reader.limits()).equals(current.organization());
    }

    private RowCollector start(String organization) {
        Optional<Held> known = held.get(organization);
        String name = known.map(Held::organization).orElse(organization); // one text of it is enough
        if (!seen.add(name)) {
            scattered = Optional.of(name);
        }
        return new RowCollector(name, reader.limits(), known);
    }

    private void finish() {
        RowCollector finished = collector;
        if (finished != null) {
            OrganizationRows collected = finished.collected();
            if (!held.store(collected.organization()).equals(collected)) {
                rows.add(collected);
            }
            collector = null;
        }
    }

    /**
     * Ends it, and reads the organizations that differ.
     *
     * @param ofStore the version that was loaded; empty where the store has none
     * @throws StoreException if the rows of an organization did not come together
     */
    public void end(OptionalLong ofStore) throws StoreException {
        finish();
        if (scattered.isPresent()) {
            throw new StoreException(RowSource.place(scattered.get())
                    .problem(
                            "its rows do not come together",
                            "let directory.queries.settings sort by organization, with a binary collation")
                    .toString());
        }
        for (Held known : held.all()) {
            throttle.step();
            if (!seen.contains(known.organization()) && !known.store().isGone()) {
                rows.add(OrganizationRows.none(known.organization()));
            }
        }
        version = ofStore;
        different = Reading.all(rows, each -> Reading.of(each, held, reader), throttle);
        rows.clear();
    }

    /** Notes changes that are applied before it has been taken. */
    void changed(String organization, long at) {
        changed.put(organization, at);
    }

    /** Notes that all changes up to a version are applied. */
    void applied(long upTo) {
        applied = OptionalLong.of(upTo);
    }

    /** The organizations that differ, without rows for those that are gone; not those that were read in a later state since. */
    List<Reading> different() {
        return different.stream()
                .filter(reading -> !isNewer(changed.get(reading.store().organization())))
                .map(reading -> reading.isOf(held)
                        ? reading
                        : Reading.of(reading.store(), held, reader)) // a change came between
                .filter(reading ->
                        !reading.store().equals(held.store(reading.store().organization())))
                .toList();
    }

    private boolean isNewer(@Nullable Long at) {
        return at != null && (version.isEmpty() || at >= version.getAsLong());
    }

    /** Whether it is of an older state than was held when it began, as from a replica that lags behind. */
    public boolean isOld() {
        return before.isPresent() && version.isPresent() && version.getAsLong() < before.getAsLong();
    }

    /**
     * Whether changes that it has are still to be applied, although earlier ones have been since it began: then it must wait for them,
     * or what was changed and changed back would be missed.
     */
    public boolean isAhead() {
        return applied.isPresent() && version.isPresent() && applied.getAsLong() < version.getAsLong();
    }

    /** The version that is held once it is taken. */
    OptionalLong version() {
        return applied.isPresent() ? applied : version;
    }

    /** The version of the store that was loaded. */
    public OptionalLong loaded() {
        return version;
    }

    boolean isEmpty() {
        return seen.isEmpty();
    }

    /** It will not be taken: whoever feeds it may stop. */
    void forget() {
        forgotten = true;
    }

    public boolean isForgotten() {
        return forgotten;
    }
}
