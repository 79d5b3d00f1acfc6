package io.github.orgmilter.directory;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.rows.Differing;
import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.RowCollector;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.rows.Setting;
import io.github.orgmilter.settings.Throttle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of the directory that this node has: of each organization the rows that count, those of the store where they differ, and
 * what is wrong with them. For one thread.
 */
public final class Holdings {

    /** With fewer, other cores are not worth it. */
    private static final int MANY = 1_000;

    private final ShrinkGuard guard;
    private final Inventory held = new Inventory();
    private RowsReader reader;
    private OptionalLong version = OptionalLong.empty();
    private Optional<String> objection = Optional.empty();
    private @Nullable WholeLoad load;

    /** Holds nothing yet. */
    public Holdings(RowsReader reader, ShrinkGuard guard) {
        this.reader = reader;
        this.guard = guard;
    }

    /**
     * Starts from a snapshot; empty if there is none. For holdings that hold nothing yet.
     *
     * @throws SnapshotException if it cannot be used; then nothing is held
     */
    public Optional<Update> restore(Snapshot snapshot, Throttle throttle, Instant now) throws SnapshotException {
        Map<String, Held> saved = new HashMap<>();
        if (!snapshot.read(saved)) {
            return Optional.empty();
        }
        List<Reading> readings;
        try {
            readings = inOrder(
                    saved.values(),
                    each -> new Reading(each.store(), Optional.of(each), reader.read(each.store(), Optional.of(each))),
                    throttle);
        } catch (IndexOutOfBoundsException e) {
            throw snapshot.damaged(e);
        }
        version = snapshot.version();
        Changes changes = new Changes();
        for (Reading reading : readings) {
            changes.put(reading, reading.before().filter(Held::isWithheld).isPresent());
        }
        objection = Optional.of("removals were held back before the start");
        guard.note(version, held.counted(), now);
        return Optional.of(changes.update(List.of()));
    }

    /** Takes changes that the store has announced. */
    public Update apply(Store.Changes changes, Instant now) {
        List<OrganizationRows> different = new ArrayList<>();
        changes.organizations().forEach((name, rows) -> {
            String organization = RowCollector.bounded(name, reader.limits());
            RowCollector collector = new RowCollector(organization, reader.limits(), held.get(organization));
            rows.forEach(collector::add);
            OrganizationRows store = collector.collected();
            if (!store.equals(held.store(organization))) {
                different.add(store);
            }
        });
        return take(different, OptionalLong.of(changes.version()), false, Throttle.none(), now)
                .update(List.of());
    }

    /** Starts a whole load, and forgets one that has not ended. */
    public void begin() {
        load = new WholeLoad(held, reader.limits());
    }

    /** Takes the next row of a whole load. Nothing changes before its end. */
    public void accept(Setting row) {
        loading().accept(row);
    }

    private WholeLoad loading() {
        WholeLoad current = load;
        if (current == null) {
            throw new IllegalStateException("no whole load has begun");
        }
        return current;
    }

    /**
     * Ends a whole load: what is different from what is held is read, and what did not come is gone.
     *
     * @param newVersion of the state that was loaded; empty where the store has none
     * @throws StoreException if it cannot be taken: the rows of an organization did not come together, or there is none and none is
     *     held; nothing has changed
     */
    public Update end(OptionalLong newVersion, Throttle throttle, Instant now) throws StoreException {
        WholeLoad ended = loading();
        load = null;
        Collection<OrganizationRows> different = ended.different();
        boolean nothing = ended.isEmpty() && !guard.isAccepted(newVersion);
        if (nothing && held.isEmpty()) {
            throw new StoreException(
                    "the directory has no organizations; correct directory.queries.settings, or add one");
        }
        return take(different, newVersion, nothing, throttle, now)
                .update(different.stream().map(OrganizationRows::organization).toList());
    }

    /** Reads everything anew, by other rules of the file. */
    public Update reread(RowRules rules, Throttle throttle, Instant now) {
        reader = new RowsReader(rules);
        return take(held.all().stream().map(Held::store).toList(), version, false, throttle, now)
                .update(List.of());
    }

    /**
     * Takes this version of the store, whatever is gone in it, now or when it comes.
     *
     * @param acceptedVersion 0 where the store has no versions
     */
    public Update acceptShrink(long acceptedVersion, Instant now) {
        guard.accept(acceptedVersion);
        Changes changes = version.orElse(0) == acceptedVersion
                ? take(List.of(), version, false, Throttle.none(), now)
                : new Changes();
        return changes.update(List.of());
    }

    private Reading reading(OrganizationRows store) {
        Optional<Held> before = held.get(store.organization());
        return new Reading(store, before, reader.read(store, before));
    }

    private Changes take(
            Collection<OrganizationRows> stores,
            OptionalLong newVersion,
            boolean nothing,
            Throttle throttle,
            Instant now) {
        List<Reading> readings = inOrder(stores, this::reading, throttle);
        Map<String, Removals> removals = new LinkedHashMap<>();
        Tally left = held.inStore();
        for (Reading reading : readings) {
            removals.put(reading.store().organization(), reading.removals());
            left = left.plus(Tally.of(reading.store()), 1)
                    .plus(Tally.of(held.store(reading.store().organization())), -1);
        }
        for (String name : held.withheld()) {
            removals.computeIfAbsent(name, other -> reading(held.store(other)).removals());
        }
        int losers =
                (int) removals.values().stream().filter(Removals::ofDomains).count();
        objection = nothing
                ? Optional.of("the directory has no organizations any more")
                : guard.objection(newVersion, left, losers, now);
        version = newVersion;
        Changes changes = new Changes();
        readings.forEach(reading -> changes.put(reading, objection.isPresent()));
        if (objection.isEmpty()) {
            List.copyOf(held.withheld()).forEach(name -> changes.put(reading(held.store(name)), false));
        }
        guard.note(version, held.counted(), now);
        return changes;
    }

    private static <T, R> List<R> inOrder(Collection<T> all, Function<T, R> work, Throttle throttle) {
        Stream<T> stream = throttle.rests() || all.size() < MANY ? all.stream() : all.parallelStream();
        return stream.map(each -> {
                    throttle.step();
                    return work.apply(each);
                })
                .toList();
    }

    /** What an update is made of. */
    private final class Changes {
        private final List<Organization> put = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();
        private final List<Held> changed = new ArrayList<>();

        /** Holds an organization as it was read, or with what is removed of it. */
        void put(Reading reading, boolean holdBack) {
            Optional<Organization> organization = reading.read().organization();
            Held now = reading.read().held(reading.store());
            Removals removals = holdBack ? reading.removals() : Removals.NONE;
            if (!removals.isEmpty()) {
                OrganizationRows rows = removals.heldBack(now.readable());
                Optional<Organization> all = reader.build(rows, isUnreadable(organization));
                if (all.isPresent()) {
                    organization = all;
                    now = new Differing(now.store(), now.readable(), rows, now.problems());
                }
            }
            held.put(now);
            changed.add(now);
            if (organization.isPresent()) {
                put.add(organization.get());
            } else if (reading.before().isPresent()) {
                removed.add(now.organization());
            }
        }

        private boolean isUnreadable(Optional<Organization> organization) {
            return organization
                    .filter(read -> read.standing().connectorsUnreadable())
                    .isPresent();
        }

        Update update(Collection<String> different) {
            return new Update(version, put, removed, changed, different, Holdings.this.withheld());
        }
    }

    /** Of the store; empty before the first load, and where the store has none. */
    public OptionalLong version() {
        return version;
    }

    /** How many organizations are held. */
    public int size() {
        return held.size();
    }

    /** How many of them have problems. */
    public int withProblems() {
        return held.withProblems().size();
    }

    /** What is wrong, by organization. */
    public Stream<Problem> problems() {
        return held.withProblems().stream()
                .flatMap(name -> held.get(name).stream())
                .flatMap(each -> each.problems().stream());
    }

    /** All that is held. */
    public Collection<Held> all() {
        return held.all();
    }

    /** What is held back now. */
    public Optional<Update.Withheld> withheld() {
        return held.withheld().isEmpty()
                ? Optional.empty()
                : Optional.of(new Update.Withheld(
                        objection.orElse("much is gone") + "; run orgmilter reload --accept-shrink " + version.orElse(0)
                                + " if that is right, else mend the directory",
                        held.withheld().size()));
    }
}
