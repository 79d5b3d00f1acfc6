package io.github.orgmilter.directory;

import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.RowCollector;
import io.github.orgmilter.rows.RowLimits;
import io.github.orgmilter.rows.RowSource;
import io.github.orgmilter.rows.Setting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares all rows of a store with what is held, as they come: only those that differ are kept. */
final class WholeLoad {

    private final Inventory held;
    private final RowLimits limits;
    private final Set<String> seen = new HashSet<>();
    private final List<OrganizationRows> different = new ArrayList<>();
    private @Nullable RowCollector collector;
    private Optional<String> scattered = Optional.empty();

    WholeLoad(Inventory held, RowLimits limits) {
        this.held = held;
        this.limits = limits;
    }

    void accept(Setting row) {
        if (scattered.isPresent()) {
            return;
        }
        RowCollector current = collector;
        if (current == null || !isOf(current, row)) {
            finish();
            current = start(RowCollector.bounded(row.organization(), limits));
            collector = current;
        }
        current.add(row);
    }

    private boolean isOf(RowCollector current, Setting row) {
        return row.organization().equals(current.organization())
                || RowCollector.bounded(row.organization(), limits).equals(current.organization());
    }

    private RowCollector start(String organization) {
        Optional<Held> before = held.get(organization);
        String name = before.map(Held::organization).orElse(organization); // one text of it is enough
        if (!seen.add(name)) {
            scattered = Optional.of(name);
        }
        return new RowCollector(name, limits, before);
    }

    private void finish() {
        RowCollector finished = collector;
        if (finished != null) {
            OrganizationRows rows = finished.collected();
            if (!held.store(rows.organization()).equals(rows)) {
                different.add(rows);
            }
            collector = null;
        }
    }

    /**
     * The organizations whose rows in the store differ from what is held, without rows for those that are gone.
     *
     * @throws StoreException if the rows of an organization did not come together
     */
    Collection<OrganizationRows> different() throws StoreException {
        finish();
        if (scattered.isPresent()) {
            throw new StoreException(RowSource.place(scattered.get())
                    .problem(
                            "its rows do not come together",
                            "let directory.queries.settings sort by organization, with a binary collation")
                    .toString());
        }
        for (Held before : held.all()) {
            if (!seen.contains(before.organization()) && !before.store().isGone()) {
                different.add(OrganizationRows.none(before.organization()));
            }
        }
        return different;
    }

    boolean isEmpty() {
        return seen.isEmpty();
    }
}
