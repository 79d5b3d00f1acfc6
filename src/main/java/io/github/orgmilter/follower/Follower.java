package io.github.orgmilter.follower;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.WholeLoad;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy of a directory up to date. Changes are noticed in tiers: the store announces them, which is only a hint; its version
 * is asked for; and now and then everything is read again, beside the changes, which finds what no version told. One thread uses it.
 */
final class Follower {

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private final Store store;
    private final Copy copy;
    private final Timing timing;
    private final InstantSource clock;
    private final FollowerObserver observer;
    private final Executor background;
    private final AnnouncedVersion announced;
    private final Trouble trouble = new Trouble();
    private final Trouble troubleOfWhole = new Trouble();
    private int failures;
    private int failuresOfWhole;
    private boolean connected;
    private Instant nextWhole;
    private Instant lastWhole = Instant.MIN;
    private Optional<Instant> belowSince = Optional.empty();
    private Optional<Comparison> comparison = Optional.empty();
    private boolean hinted; // that something changed which the comparison may lack
    private boolean following = true; // changes, one by one

    /**
     * Makes a follower.
     *
     * @param background reads everything, and has a round follow as soon as it has been
     */
    Follower(
            Store store,
            Copy copy,
            Timing timing,
            InstantSource clock,
            FollowerObserver observer,
            Executor background) {
        this.store = store;
        this.copy = copy;
        this.timing = timing;
        announced = new AnnouncedVersion(timing);
        this.clock = clock;
        this.observer = observer;
        this.background = background;
        nextWhole = clock.instant(); // a snapshot is compared with the store at once
    }

    /**
     * Does what is due.
     *
     * @param hint what the store announced, as {@link Store#awaitHint} has it
     * @return how long to wait for the next round, unless the store announces something
     */
    Duration round(OptionalLong hint) {
        hint.ifPresent(this::announced);
        Instant began = clock.instant();
        try {
            if (copy.isUsable()) {
                follow();
                if (belowSince.isEmpty()) {
                    compare();
                }
            } else {
                whole(false);
            }
            works();
            return untilNext();
        } catch (StoreException e) {
            return failed(String.valueOf(e.getMessage()), began);
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("directory: could not be followed", e);
            return failed("an error of orgmilter itself, which the log has: " + e, began);
        }
    }

    /** Whether the last round reached the store, which then may announce something. */
    boolean isConnected() {
        return connected;
    }

    /** Why the store, or all of it, cannot be read. */
    Optional<String> trouble() {
        return trouble.reason().or(troubleOfWhole::reason);
    }

    private void announced(long version) {
        Instant now = clock.instant();
        if (copy.version().isEmpty()) {
            Instant earliest = lastWhole.equals(Instant.MIN) ? now : lastWhole.plus(timing.poll());
            nextWhole = earliest.isBefore(nextWhole) ? earliest : nextWhole;
            hinted = true;
        } else {
            announced.announced(version, copy.version(), now);
        }
    }

    private void follow() throws StoreException {
        Instant asked = clock.instant();
        OptionalLong version = store.version();
        if (version.isEmpty()) {
            return;
        }
        if (copy.version().isEmpty()) {
            whole(false);
            return;
        }
        long known = copy.version().getAsLong();
        if (version.getAsLong() > known) {
            readSince(known, asked);
        } else if (version.getAsLong() < known) {
            below(version.getAsLong(), known);
        } else {
            upToDate(asked);
        }
    }

    private void readSince(long known, Instant asked) throws StoreException {
        Optional<Store.Changes> changes = store.changesSince(known);
        following = changes.isPresent();
        if (changes.isEmpty()) {
            belowSince = Optional.empty(); // or what is read whole would never be taken
            nextWhole = failuresOfWhole == 0 ? asked : nextWhole; // after a failure, not before its pause
        } else if (changes.get().version() < known) {
            below(changes.get().version(), known); // from another replica than the version
        } else {
            copy.apply(changes.get());
            announced.advanced(clock.instant());
            observer.changed();
            upToDate(asked);
        }
    }

    private void upToDate(Instant asked) {
        belowSince = Optional.empty();
        announced.nothingNewer(copy.version(), clock.instant());
        if (!announced.isMissing(copy.version())) {
            copy.confirmed(asked);
        }
    }

    private void below(long version, long known) throws StoreException {
        Instant now = clock.instant();
        if (belowSince.isEmpty()) {
            belowSince = Optional.of(now);
            LOG.warn(
                    "directory: the store has version {}, lower than {}, which is kept; if that stays for {} s, the database was"
                            + " restored, and everything is read again",
                    version,
                    known,
                    timing.below().toSeconds());
        } else if (!now.isBefore(belowSince.get().plus(timing.below()))) {
            whole(true);
        }
    }

    private void whole(boolean evenIfLower) throws StoreException {
        Instant asked = clock.instant();
        comparison = Optional.empty();
        OptionalLong before = copy.version();
        WholeLoad load = copy.begin();
        copy.read(store, load);
        if (!copy.take(load, asked, evenIfLower)) {
            return; // the next round sees the lower version itself
        }
        taken(asked, before);
        if (evenIfLower) {
            announced.forget();
        }
        upToDate(asked);
    }

    private void taken(Instant asked, OptionalLong before) {
        if (!copy.version().equals(before)) {
            announced.advanced(clock.instant());
        }
        if (lastWhole.equals(Instant.MIN) && copy.version().isEmpty()) {
            LOG.info(
                    "directory: the store has no version, so everything is read again every {} s, and a change is live only then",
                    timing.whole().toSeconds());
        }
        lastWhole = asked;
        nextWhole = clock.instant().plus(timing.untilWhole());
        failuresOfWhole = 0;
        troubleOfWhole.ends(asked).ifPresent(lasted -> LOG.info("directory: everything was read again"));
        observer.loaded();
    }

    private void compare() {
        Instant now = clock.instant();
        if (comparison.isEmpty() && !now.isBefore(nextWhole)) {
            comparison = Optional.of(Comparison.start(copy, store, now, background));
            hinted = false;
        }
        Optional<Comparison> ready = comparison.filter(Comparison::isReady);
        if (ready.isPresent()) {
            comparison = Optional.empty();
            compared(ready.get());
        } else if (comparison
                .filter(waiting -> waiting.isOver(now.minus(timing.whole())))
                .isPresent()) {
            comparison = Optional.empty(); // the changes that it waits for do not come
        }
    }

    // That everything cannot be read is no reason not to follow the changes.
    private void compared(Comparison done) {
        try {
            OptionalLong before = copy.version();
            if (!copy.take(done.result(), done.began(), false)) {
                nextWhole = clock.instant().plus(timing.pauseOfWhole(1)); // of a replica that lags behind
                return;
            }
            taken(done.began(), before);
            if (hinted) {
                nextWhole = done.began().plus(timing.poll());
            }
            if (copy.version().isEmpty()) {
                upToDate(done.began());
            }
        } catch (StoreException e) {
            observer.failed();
            failuresOfWhole++;
            nextWhole = clock.instant().plus(timing.pauseOfWhole(failuresOfWhole));
            if (troubleOfWhole.fails(String.valueOf(e.getMessage()), clock.instant())) {
                LOG.warn(
                        "directory: cannot be read whole: {}; {}",
                        e.getMessage(),
                        following ? "changes are followed all the same" : "until it can, what was read before decides");
            }
        }
    }

    private void works() {
        connected = true;
        failures = 0;
        trouble.ends(clock.instant())
                .ifPresent(lasted -> LOG.info("directory: can be read again, after {} s", lasted.toSeconds()));
    }

    private Duration failed(String reason, Instant began) {
        connected = false;
        failures++;
        observer.failed();
        if (trouble.fails(reason, began)) {
            LOG.warn(
                    "directory: cannot be read: {}; {}",
                    reason,
                    copy.isUsable()
                            ? "until it can, what was read before decides"
                            : "until it can, every recipient gets 451");
        }
        return timing.pause(failures);
    }

    private Duration untilNext() {
        Duration wait = timing.poll();
        if (announced.isMissing(copy.version())) {
            wait = announced.untilNext();
        }
        Duration whole = Duration.between(clock.instant(), nextWhole);
        return comparison.isPresent() || whole.isNegative() || whole.compareTo(wait) > 0 ? wait : whole;
    }
}
