package io.github.orgmilter.follower;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a store is asked.
 *
 * @param poll how often for its version
 * @param whole how often for everything
 * @param random spreads the nodes of a service
 */
record Timing(Duration poll, Duration whole, RandomGenerator random) {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE_OF_WHOLE = Duration.ofMinutes(5);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** A lower version that stays for so many polls is no replica that lags, but a database that was restored. */
    private static final int POLLS_BELOW = 30;

    private static final int MOST_DOUBLINGS = 20;

    /** Before the next attempt, after so many that failed in a row. */
    Duration pause(int failures) {
        return spread(doubled(SHORTEST_PAUSE, failures - 1, LONGEST_PAUSE), 2);
    }

    /** The same before everything is read again, while changes are followed all the same. */
    Duration pauseOfWhole(int failures) {
        return spread(doubled(poll, failures, LONGEST_PAUSE_OF_WHOLE), 2);
    }

    /** Until everything is read again. */
    Duration untilWhole() {
        return spread(whole, 10);
    }

    /** Before the store is asked again for a version that was announced, after so many times that it was not there yet. */
    Duration untilArrival(int times) {
        return doubled(SHORTEST_WAIT, times, poll);
    }

    /** For how long a version that was announced is waited for. */
    Duration longestWait() {
        return LONGEST_WAIT;
    }

    /** After how long a lower version is believed. */
    Duration below() {
        return poll.multipliedBy(POLLS_BELOW);
    }

    private static Duration doubled(Duration first, int times, Duration most) {
        Duration doubled = first.multipliedBy(1L << Math.min(times, MOST_DOUBLINGS));
        return doubled.compareTo(most) > 0 ? most : doubled;
    }

    // Up to one part of so many less, at random.
    private Duration spread(Duration duration, int parts) {
        long part = duration.toMillis() / parts;
        return duration.minusMillis(part == 0 ? 0 : random.nextLong(part));
    }
}
