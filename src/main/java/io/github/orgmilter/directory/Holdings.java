package io.github.orgmilter.directory;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.rows.Differing;
import io.github.orgmilter.rows.Held;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.RowCollector;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.settings.Throttle;
import io.github.orgmilter.shrink.Losses;
import io.github.orgmilter.shrink.Removals;
import io.github.orgmilter.shrink.ShrinkGuard;
import io.github.orgmilter.shrink.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The state of the directory that this node has: of each organization the rows that count, those of the store where they differ, and
 * what is wrong with them. For one thread; another one may feed a {@link WholeLoad}.
 */
public final class Holdings {

    private final ShrinkGuard guard;
    private final Inventory held = new Inventory();
    private RowsReader reader;
    private OptionalLong version = OptionalLong.empty();
    private Optional<String> objection = Optional.empty();
    private Optional<WholeLoad> load = Optional.empty();

    /**
     * Holds nothing yet.
     *
     * @param maxShrink the part of what there was in the last 24 hours that may be gone, from 0 to 1: {@code directory.max-shrink}
     */
    public Holdings(RowsReader reader, double maxShrink) {
        this.reader = reader;
        guard = new ShrinkGuard(maxShrink);
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
            readings = Reading.all(
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
        guard.restore(snapshot.history(), snapshot.losses());
        guard.note(version, held.counted(), Set.of(), now);
        return Optional.of(changes.update(List.of()));
    }

    /** Takes changes that the store has announced. */
    public Update apply(Store.Changes changes, Instant now) {
        Optional<WholeLoad> beside = load;
        List<OrganizationRows> different = new ArrayList<>();
        changes.organizations().forEach((name, rows) -> {
            String organization = RowCollector.bounded(name, reader.limits());
            RowCollector collector = new RowCollector(organization, reader.limits(), held.get(organization));
            rows.forEach(collector::add);
            OrganizationRows store = collector.collected();
            if (!store.equals(held.store(organization))) {
                different.add(store);
            }
            beside.ifPresent(whole -> whole.changed(organization, changes.version()));
        });
        beside.ifPresent(whole -> whole.applied(changes.version()));
        return take(readings(different, Throttle.none()), OptionalLong.of(changes.version()), false, now)
                .update(List.of());
    }

    /** Begins a whole load, and forgets one that has not been taken. */
    public WholeLoad begin(Throttle throttle) {
        forget();
        WholeLoad begun = new WholeLoad(held, reader, version, throttle);
        load = Optional.of(begun);
        return begun;
    }

    /** Forgets a whole load that has not been taken. */
    public void forget() {
        load.ifPresent(WholeLoad::forget);
        load = Optional.empty();
    }

    /**
     * Takes a whole load that has ended: what is different from what is held, and what did not come is gone. What a change has brought
     * from a later state since it began stays.
     *
     * @throws StoreException if it has no organization and none is held; nothing has changed
     */
    public Update take(WholeLoad ended, Instant now) throws StoreException {
        if (load.filter(current -> current == ended).isEmpty()) {
            throw new IllegalArgumentException("a whole load that was forgotten");
        }
        load = Optional.empty();
        boolean nothing = ended.isEmpty() && !guard.isAccepted(ended.version());
        if (nothing && held.isEmpty()) {
            throw new StoreException(
                    "the directory has no organizations; correct directory.queries.settings, or add one");
        }
        List<Reading> different = ended.different();
        return take(different, ended.version(), nothing, now)
                .update(different.stream()
                        .map(reading -> reading.store().organization())
                        .toList());
    }

    /** Reads everything anew, by other rules of the file. */
    public Update reread(RowRules rules, Throttle throttle, Instant now) {
        reader = new RowsReader(rules);
        List<OrganizationRows> all = held.all().stream().map(Held::store).toList();
        return take(readings(all, throttle), version, false, now).update(List.of());
    }

    /**
     * Takes this version of the store, whatever is gone in it, now or when it comes.
     *
     * @param acceptedVersion 0 where the store has no versions
     */
    public Update acceptShrink(long acceptedVersion, Instant now) {
        guard.accept(acceptedVersion);
        Changes changes = version.orElse(0) == acceptedVersion ? take(List.of(), version, false, now) : new Changes();
        return changes.update(List.of());
    }

    private Reading reading(OrganizationRows store) {
        return Reading.of(store, held, reader);
    }

    private List<Reading> readings(Collection<OrganizationRows> stores, Throttle throttle) {
        return Reading.all(stores, this::reading, throttle);
    }

    private Changes take(List<Reading> readings, OptionalLong newVersion, boolean nothing, Instant now) {
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
        Set<String> losers = new HashSet<>();
        removals.forEach((name, each) -> {
            if (each.ofDomains()) {
                losers.add(name);
            }
        });
        objection = nothing
                ? Optional.of("the directory has no organizations any more")
                : guard.objection(newVersion, left, losers, now);
        version = newVersion;
        Changes changes = new Changes();
        readings.forEach(reading -> changes.put(reading, objection.isPresent()));
        if (objection.isEmpty()) {
            List.copyOf(held.withheld()).forEach(name -> changes.put(reading(held.store(name)), false));
        }
        changes.losses = guard.note(version, held.counted(), objection.isPresent() ? Set.of() : losers, now);
        return changes;
    }

    /** What an update is made of. */
    private final class Changes {
        private final List<Organization> put = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();
        private final List<Held> changed = new ArrayList<>();
        private Losses losses = Losses.NONE;

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
            return new Update(version, put, removed, changed, different, losses, Holdings.this.withheld());
        }
    }

    /** How much there was in the last 24 hours. */
    NavigableMap<Long, Tally> history() {
        return guard.history();
    }

    /** Which organizations lost accepted domains in the last 24 hours. */
    Losses losses() {
        return guard.losses();
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
