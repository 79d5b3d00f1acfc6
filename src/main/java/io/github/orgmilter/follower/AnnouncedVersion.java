package io.github.orgmilter.follower;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * The highest version that a store has announced. Until the store that is read has it, as a standby may lag behind, it is asked for
 * again and again.
 *
 * <p>Whoever may connect may announce any version. So a store that does not advance in time is no longer waited for, and until it
 * does advance, no version is believed.
 */
final class AnnouncedVersion {

    private final Timing timing;
    private boolean believed = true;
    private long announced = Long.MIN_VALUE;
    private Instant waitedSince = Instant.MIN;
    private int asked;

    AnnouncedVersion(Timing timing) {
        this.timing = timing;
    }

    /**
     * A version was announced.
     *
     * @param known that of the copy
     */
    void announced(long version, OptionalLong known, Instant now) {
        if (believed && version > announced) {
            if (!isMissing(known)) {
                waitedSince = now;
                asked = 0;
            }
            announced = version;
        }
    }

    /** The copy has another version than before. */
    void advanced(Instant now) {
        believed = true;
        waitedSince = now;
        asked = 0;
    }

    /** The store has nothing newer than the copy. */
    void nothingNewer(OptionalLong known, Instant now) {
        if (isMissing(known) && !now.isBefore(waitedSince.plus(timing.longestWait()))) {
            believed = false;
            forget();
        }
    }

    void forget() {
        announced = Long.MIN_VALUE;
    }

    /** Whether it is waited for. */
    boolean isMissing(OptionalLong known) {
        return known.isPresent() && known.getAsLong() < announced;
    }

    /** Before the store is asked again. */
    Duration untilNext() {
        return timing.untilArrival(asked++);
    }
}
