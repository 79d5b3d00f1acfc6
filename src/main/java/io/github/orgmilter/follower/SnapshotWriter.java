package io.github.orgmilter.follower;

import io.github.orgmilter.directory.HeldState;
import io.github.orgmilter.directory.Holdings;
import io.github.orgmilter.directory.Snapshot;
import io.github.orgmilter.directory.SnapshotException;
import io.github.orgmilter.directory.StateChange;
import io.github.orgmilter.directory.Update;
import io.github.orgmilter.net.MemoryExhaustion;
import io.github.orgmilter.settings.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the snapshot on a thread of its own, with rests, so that no change waits for the disk. What comes while something is written
 * is put together, and written next. The service goes on where the disk fails; what the file lacks then is written whole, but not
 * within a minute of a failure.
 */
final class SnapshotWriter {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

    private static final Duration REST = Duration.ofMinutes(1);

    /** A million organizations take a few minutes on a busy machine. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Snapshot snapshot;
    private final SnapshotLock lock;
    private final InstantSource clock;
    private final Executor disk;
    private volatile boolean ending;

    // Of the thread that writes.
    private final Trouble troubles = new Trouble();

    // Of both, in the lock of this.
    private boolean mine;
    private boolean current; // the file, with what is waiting, has all that is held
    private boolean isLong;
    private boolean scheduled;
    private Optional<HeldState> whole = Optional.empty(); // waiting
    private Optional<StateChange> change = Optional.empty(); // waiting, to be added behind it
    private Optional<Instant> due = Optional.empty(); // since when something is waiting or being written
    private Optional<String> trouble = Optional.empty();
    private Instant restsUntil = Instant.MIN;
    private boolean overdue; // and logged

    /**
     * Makes one for a file that has not been read yet.
     *
     * @param disk runs what writes, one after the other
     */
    SnapshotWriter(Snapshot snapshot, SnapshotLock lock, InstantSource clock, Executor disk) {
        this.snapshot = snapshot;
        this.lock = lock;
        this.clock = clock;
        this.disk = disk;
    }

    private void rest(long nanos) {
        if (!ending) {
            LockSupport.parkNanos(nanos);
        }
    }

    /** From now on no other process writes it, unless one does already. */
    synchronized void claim() {
        mine = lock.acquire();
    }

    /** The snapshot that was read after {@link #claim} is what is held: changes are added to it. */
    synchronized void restored() {
        current = mine && snapshot.isCurrent();
    }

    /** What is held has changed, or is confirmed. */
    synchronized void add(Optional<Update> update, Holdings holdings, Instant now) {
        StateChange added = StateChange.of(update, holdings, now);
        StateChange waiting = change.map(before -> before.then(added)).orElse(added);
        if (!current || isLong || waiting.isLarge(holdings.size())) {
            replace(holdings, now);
        } else if (isMine()) {
            change = Optional.of(waiting);
            schedule();
        }
    }

    /** All that is held takes the place of what the file has. */
    synchronized void replace(Holdings holdings, Instant now) {
        current = false;
        if (isMine() && !now.isBefore(restsUntil)) {
            whole = Optional.of(HeldState.of(holdings, now));
            change = Optional.empty();
            isLong = false;
            current = true;
            schedule();
        }
    }

    // If not, the other process writes the same.
    private boolean isMine() {
        mine = lock.acquire();
        current &= mine;
        return mine;
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            due = due.or(() -> Optional.of(clock.instant()));
            disk.execute(this::write);
        }
    }

    private void write() {
        Optional<HeldState> all;
        Optional<StateChange> added;
        synchronized (this) {
            scheduled = false;
            all = whole;
            added = change;
            whole = Optional.empty();
            change = Optional.empty();
        }
        Optional<String> failure = Optional.empty();
        try {
            if (all.isPresent()) {
                snapshot.write(all.get(), Throttle.withRests(System::nanoTime, this::rest));
            }
            if (added.isPresent() && snapshot.isCurrent()) {
                snapshot.append(added.get());
            }
        } catch (SnapshotException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        } catch (Throwable e) { // or it would not be known that the file lacks something
            MemoryExhaustion.endIfCauseOf(e);
            LOG.error("directory: the snapshot could not be written", e);
            snapshot.close(); // it may lack something
            failure = Optional.of("an error of orgmilter itself, which the log has: " + e);
        }
        ended(failure);
    }

    private synchronized void ended(Optional<String> failure) {
        Instant now = clock.instant();
        due = scheduled ? Optional.of(now) : Optional.empty();
        overdue = false;
        isLong = whole.isEmpty() && snapshot.isLong();
        current &= snapshot.isCurrent() || whole.isPresent();
        if (failure.isPresent()) {
            restsUntil = now.plus(REST);
            if (troubles.fails(failure.get(), now)) {
                LOG.warn("directory: {}; the service goes on, but a restart would need the store", failure.get());
            }
        } else {
            troubles.ends(now).ifPresent(lasted -> LOG.info("directory: the snapshot can be written again"));
        }
        trouble = troubles.reason();
    }

    /** Why it is not written. */
    synchronized Optional<String> trouble() {
        Instant now = clock.instant();
        Optional<String> hangs = due.map(then -> Duration.between(then, now))
                .filter(lasts -> lasts.compareTo(LONG) > 0)
                .map(lasts -> "the snapshot " + snapshot + " has not been written for " + lasts.toSeconds()
                        + " s; look whether its disk hangs");
        if (hangs.isPresent() && !overdue) {
            overdue = true;
            LOG.warn("directory: {}; the service goes on, but a restart would need the store", hangs.get());
        }
        return hangs.or(() -> trouble);
    }

    /** Writes what is waiting, without rests, and nothing more. */
    void end() {
        ending = true;
        disk.execute(() -> {
            snapshot.close();
            lock.close();
        });
    }
}
