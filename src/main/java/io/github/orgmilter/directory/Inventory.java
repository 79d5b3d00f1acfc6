package io.github.orgmilter.directory;

import io.github.orgmilter.rows.Differing;
import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.shrink.Tally;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What is held of each organization, and how much that is. One thread changes it; others may look up what is held meanwhile. */
final class Inventory {

    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final Set<String> withProblems = new TreeSet<>();
    private final Set<String> withheld = new TreeSet<>();
    private Tally counted = Tally.NONE;
    private Tally inStore = Tally.NONE;

    /** Takes it in the place of what was held of the organization; nothing is held of one without rows. */
    void put(Held now) {
        String name = now.organization();
        boolean gone = now.store().isGone() && now.effective().isGone();
        Held before = gone ? held.remove(name) : held.put(name, now);
        if (before != null) {
            count(before, -1);
        }
        count(now, 1);
        note(withProblems, name, !now.problems().isEmpty());
        note(withheld, name, now.isWithheld());
    }

    private void count(Held each, int sign) {
        Tally store = Tally.of(each.store());
        inStore = inStore.plus(store, sign);
        counted = counted.plus(each instanceof Differing ? Tally.of(each.effective()) : store, sign);
    }

    private static void note(Set<String> names, String name, boolean belongs) {
        if (belongs) {
            names.add(name);
        } else {
            names.remove(name);
        }
    }

    Optional<Held> get(String organization) {
        return Optional.ofNullable(held.get(organization));
    }

    /** Its rows in the store, as last read. */
    OrganizationRows store(String organization) {
        Held each = held.get(organization);
        return each == null ? OrganizationRows.none(organization) : each.store();
    }

    Collection<Held> all() {
        return Collections.unmodifiableCollection(held.values());
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    int size() {
        return held.size();
    }

    /** How much counts. */
    Tally counted() {
        return counted;
    }

    /** How much the store has. */
    Tally inStore() {
        return inStore;
    }

    /** The names of organizations with problems. */
    Set<String> withProblems() {
        return Collections.unmodifiableSet(withProblems);
    }

    /** The names of those of which removals are held back. */
    Set<String> withheld() {
        return Collections.unmodifiableSet(withheld);
    }
}
