package io.github.orgmilter.follower;

import io.github.orgmilter.directory.Holdings;
import io.github.orgmilter.directory.Snapshot;
import io.github.orgmilter.directory.SnapshotException;
import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.Update;
import io.github.orgmilter.directory.WholeLoad;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.settings.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The holdings of this node: each state goes to the policy first, and then to the snapshot. */
final class HeldCopy implements Copy {

    private static final Logger LOG = LoggerFactory.getLogger(HeldCopy.class);

    private static final Duration CONFIRMED_ON_DISK = Duration.ofMinutes(1);
    private static final DateTimeFormatter STATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final RowRules rules;
    private final Holdings holdings;
    private final Snapshot snapshot;
    private final SnapshotWriter writer;
    private final DirectorySink sink;
    private final FollowerObserver observer;
    private final InstantSource clock;
    private final BooleanSupplier stopping;
    private final KnownProblems problems = new KnownProblems();
    private boolean usable;
    private boolean unpublished; // the policy lacks something that is held
    private boolean unwritten; // the snapshot lacks something that is held
    private volatile Optional<Instant> confirmed = Optional.empty();
    private Instant confirmedOnDisk = Instant.MIN;
    private Optional<Update.Withheld> withheld = Optional.empty();

    HeldCopy(
            RowRules rules,
            Holdings holdings,
            Snapshot snapshot,
            SnapshotWriter writer,
            DirectorySink sink,
            FollowerObserver observer,
            InstantSource clock,
            BooleanSupplier stopping) {
        this.rules = rules;
        this.holdings = holdings;
        this.snapshot = snapshot;
        this.writer = writer;
        this.sink = sink;
        this.observer = observer;
        this.clock = clock;
        this.stopping = stopping;
    }

    /** Starts from the snapshot, if there is a good one. */
    void restore() {
        writer.claim(); // before it is read, or what is read may have changed before it is written
        try {
            Optional<Update> restored = holdings.restore(snapshot, Throttle.none(), clock.instant());
            if (restored.isPresent()) {
                confirmed = snapshot.confirmed();
                publish(restored.get(), confirmed.orElseGet(clock::instant));
                writer.restored();
                LOG.info(
                        "directory: started from {}: {} organizations, {}, confirmed {}",
                        snapshot,
                        holdings.size(),
                        words(version()),
                        confirmed.map(Instant::toString).orElse("never"));
            }
        } catch (SnapshotException e) {
            LOG.warn("directory: {}; it is ignored, and the directory is read from the store", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("directory: could not be started from {}, and is read from the store", snapshot, e);
        }
    }

    @Override
    public boolean isUsable() {
        return usable;
    }

    @Override
    public OptionalLong version() {
        return holdings.version();
    }

    @Override
    public void apply(Store.Changes changes) {
        Update update = holdings.apply(changes, clock.instant());
        take(update, clock.instant());
        if (!update.changed().isEmpty()) {
            LOG.info("directory: version {}: {}", changes.version(), DirectoryWords.changed(update));
        }
    }

    @Override
    public WholeLoad begin() {
        return holdings.begin(usable ? Throttle.inBackground() : Throttle.none()); // or nothing is decided meanwhile
    }

    @Override
    public void read(Store store, WholeLoad load) throws StoreException {
        OptionalLong version = store.load(row -> {
            if (stopping.getAsBoolean() || load.isForgotten()) {
                throw new CancellationException("what is read is not wanted any more");
            }
            load.accept(row);
        });
        load.end(version);
    }

    @Override
    public boolean take(WholeLoad load, Instant began, boolean evenIfLower) throws StoreException {
        if (load.isOld() && !evenIfLower) {
            holdings.forget();
            return false;
        }
        OptionalLong before = holdings.version();
        Update update = holdings.take(load, clock.instant());
        boolean first = !usable;
        take(update, began);
        if (first || !update.changed().isEmpty()) {
            LOG.info(
                    "directory: read whole in {} ms: {} organizations, {}, {}",
                    Duration.between(began, clock.instant()).toMillis(),
                    holdings.size(),
                    words(version()),
                    first ? "the first state" : DirectoryWords.changed(update));
        }
        boolean announced = before.isEmpty() || !before.equals(version()); // or there is no announcing
        if (!announced && !update.unannounced().isEmpty()) {
            observer.unannounced(update.unannounced().size());
            LOG.warn(
                    "directory: {} differed, although no change had announced it; check that every change of the settings changes the"
                            + " version",
                    DirectoryWords.organizations(update.unannounced()));
        }
        return true;
    }

    @Override
    public void confirmed(Instant when) {
        if (unpublished) {
            publish(holdings.reread(rules, Throttle.inBackground(), when), when);
        }
        confirmed = Optional.of(when);
        if (!usable || when.isBefore(confirmedOnDisk.plus(CONFIRMED_ON_DISK))) {
            return;
        }
        confirmedOnDisk = when;
        toDisk(Optional.empty(), unwritten, when);
    }

    /** Takes what is gone in a version. */
    void acceptShrink(long version) {
        Update update = holdings.acceptShrink(version, clock.instant());
        if (!update.changed().isEmpty()) {
            take(update, clock.instant());
        }
        LOG.info("directory: what is gone in version {} was accepted: {}", version, DirectoryWords.changed(update));
    }

    /** When the store last had nothing newer. */
    Optional<Instant> confirmed() {
        return confirmed;
    }

    KnownProblems problems() {
        return problems;
    }

    Optional<String> troubleOfSnapshot() {
        return writer.trouble();
    }

    Optional<String> withheld() {
        return withheld.map(Update.Withheld::reason);
    }

    int size() {
        return holdings.size();
    }

    private void take(Update update, Instant read) {
        boolean whole = unwritten;
        unwritten = true; // unless this comes to its end
        publish(update, read);
        toDisk(Optional.of(update), whole, read);
    }

    private void toDisk(Optional<Update> update, boolean whole, Instant when) {
        if (whole) {
            writer.replace(holdings, when);
        } else {
            writer.add(update, holdings, when);
        }
        unwritten = false;
    }

    private void publish(Update update, Instant read) {
        boolean first = !usable || unpublished;
        boolean old = unpublished;
        unpublished = true; // unless this comes to its end
        Update next = old ? holdings.reread(rules, Throttle.inBackground(), clock.instant()) : update;
        if (first || !next.isEmpty() || next.version().isPresent()) {
            sink.publish(next, first, state(read));
            usable = true;
            sink.examine(next, first);
        }
        unpublished = false;
        problems.take(update.changed());
        withheld(update.withheld());
    }

    private void withheld(Optional<Update.Withheld> now) {
        boolean isNew = !now.map(Update.Withheld::organizations).equals(withheld.map(Update.Withheld::organizations));
        now.filter(any -> isNew).ifPresent(held -> LOG.warn("directory: removals are held back: {}", held.reason()));
        if (now.isEmpty() && withheld.isPresent()) {
            LOG.info("directory: nothing is held back any more");
        }
        withheld = now;
    }

    private String state(Instant read) {
        return version().isPresent() ? Long.toString(version().getAsLong()) : STATE.format(read);
    }

    private static String words(OptionalLong version) {
        return version.isPresent() ? "version " + version.getAsLong() : "no version";
    }
}
