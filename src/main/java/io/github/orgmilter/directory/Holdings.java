package io.github.orgmilter.directory;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.settings.Throttle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The state of the directory that this node has: of each organization the rows that count, those of the store where they differ, and
 * what is wrong with them. For one thread.
 */
public final class Holdings {

    private RowsReader reader;
    private final ShrinkGuard guard;
    private Set<String> reserved;
    private Map<String, Held> held = new HashMap<>();
    private OptionalLong version = OptionalLong.empty();
    private List<Setting> loading = new ArrayList<>();

    /**
     * Holds nothing yet.
     *
     * @param reserved names of the organizations that the file defines, and that the directory cannot
     */
    public Holdings(RowsReader reader, ShrinkGuard guard, Set<String> reserved) {
        this.reader = reader;
        this.guard = guard;
        this.reserved = Set.copyOf(reserved);
    }

    /** Starts from a snapshot; empty if there is none. */
    public Optional<Update> restore(Snapshot snapshot, Throttle throttle, Instant now) throws SnapshotException {
        return Optional.empty();
    }

    /** Takes changes that the store has announced. */
    public Update apply(Store.Changes changes, Instant now) {
        version = OptionalLong.of(changes.version());
        List<Organization> put = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<Held> changed = new ArrayList<>();
        changes.organizations().forEach((name, rows) -> take(OrganizationRows.of(name, rows), put, removed, changed));
        return new Update(version, put, removed, changed, List.of(), Optional.empty());
    }

    private void take(
            OrganizationRows store, List<Organization> put, Collection<String> removed, Collection<Held> changed) {
        ReadOrganization read = reader.read(store, Optional.ofNullable(held.get(store.organization())));
        Held now = read.held(store);
        if (store.isEmpty()) {
            held.remove(store.organization());
        } else {
            held.put(store.organization(), now);
        }
        changed.add(now);
        if (!reserved.contains(store.organization())) {
            read.organization().ifPresentOrElse(put::add, () -> removed.add(store.organization()));
        }
    }

    /** Starts a whole load, and forgets one that has not ended. */
    public void begin() {
        loading = new ArrayList<>();
    }

    /** Takes the next row of a whole load. Nothing changes before its end. */
    public void accept(Setting row) {
        loading.add(row);
    }

    /**
     * Ends a whole load: what is different from what is held is read, and what did not come is gone.
     *
     * @param newVersion of the state that was loaded; empty where the store has none
     * @throws StoreException if it cannot be taken, as where the rows of an organization did not come together; nothing has changed
     */
    public Update end(OptionalLong newVersion, Throttle throttle, Instant now) throws StoreException {
        Map<String, List<Setting>> loaded = new HashMap<>();
        loading.forEach(row -> loaded.computeIfAbsent(row.organization(), name -> new ArrayList<>())
                .add(row));
        loading = new ArrayList<>();
        version = newVersion;
        List<Organization> put = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<Held> changed = new ArrayList<>();
        loaded.forEach((name, rows) -> {
            OrganizationRows store = OrganizationRows.of(name, rows);
            Held before = held.get(name);
            if (before == null || !before.store().equals(store)) {
                take(store, put, removed, changed);
            }
        });
        for (String name : List.copyOf(held.keySet())) {
            if (!loaded.containsKey(name)) {
                take(OrganizationRows.none(name), put, removed, changed);
            }
        }
        List<String> unannounced = changed.stream().map(Held::organization).toList();
        return new Update(version, put, removed, changed, unannounced, Optional.empty());
    }

    /**
     * Notes which organizations the file defines now. Those that it no longer does are put; those that it newly does are not among
     * the removed: the file's take their place.
     */
    public Update reserve(Set<String> names) {
        List<Organization> put = new ArrayList<>();
        Set<String> before = reserved;
        reserved = Set.copyOf(names);
        for (String name : before) {
            Held released = held.get(name);
            if (released != null && !reserved.contains(name)) {
                reader.read(released.store(), Optional.of(released))
                        .organization()
                        .ifPresent(put::add);
            }
        }
        return new Update(version, put, List.of(), List.of(), List.of(), Optional.empty());
    }

    /** Reads everything anew, by other rules of the file. */
    public Update reread(RowRules rules, Throttle throttle, Instant now) {
        reader = new RowsReader(rules);
        List<Organization> put = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        List<Held> changed = new ArrayList<>();
        for (Held each : List.copyOf(held.values())) {
            throttle.step();
            take(each.store(), put, removed, changed);
        }
        return new Update(version, put, removed, changed, List.of(), Optional.empty());
    }

    /** Takes this version of the store, whatever is gone in it, now or when it comes. */
    public Update acceptShrink(long acceptedVersion, Instant now) {
        guard.accept(acceptedVersion);
        return Update.none(version);
    }

    /** Of the store; empty before the first load, and where the store has none. */
    public OptionalLong version() {
        return version;
    }

    /** How many organizations are held, those included whose names are reserved. */
    public int size() {
        return held.size();
    }

    /** How many of them have problems. */
    public int withProblems() {
        return problems().size();
    }

    /** What is wrong, by organization; and a warning of each whose name is reserved. */
    public List<Problem> problems() {
        return held.values().stream().flatMap(each -> each.problems().stream()).toList();
    }

    /** All that is held, for {@link Snapshot#write}. */
    public Collection<Held> all() {
        return Collections.unmodifiableCollection(held.values());
    }

    /** What is held back now. */
    public Optional<Update.Withheld> withheld() {
        return Optional.empty();
    }
}
