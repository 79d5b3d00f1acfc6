package io.github.orgmilter.follower;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Keeps apart the rounds that announcements begin. Whoever may connect to a store may announce, at any rate; a round asks the store. So
 * there are at most ten a second, and where they take longer, a rest as long as the last one.
 */
final class HintPace {

    private static final long SHORTEST = Duration.ofMillis(100).toNanos();

    private final LongSupplier clock;
    private final long longest;
    private long began;
    private long earliest;

    /**
     * Begins with none.
     *
     * @param clock in nanoseconds, from any moment on
     * @param poll after which there is a round in any case
     */
    HintPace(LongSupplier clock, Duration poll) {
        this.clock = clock;
        longest = Math.max(SHORTEST, poll.toNanos());
        began = clock.getAsLong();
        earliest = began;
    }

    void begins() {
        began = clock.getAsLong();
    }

    void ends() {
        long ended = clock.getAsLong();
        long rest = Math.min(Math.max(SHORTEST - (ended - began), ended - began), longest);
        earliest = ended + rest;
    }

    /** How long an announcement has to wait for its round; 0 or less if it has not. */
    long left() {
        return earliest - clock.getAsLong();
    }

    /** The later version of two announcements that may be none. */
    static OptionalLong later(OptionalLong one, OptionalLong other) {
        return one.isEmpty() || other.isEmpty()
                ? one.isEmpty() ? other : one
                : OptionalLong.of(Math.max(one.getAsLong(), other.getAsLong()));
    }
}
