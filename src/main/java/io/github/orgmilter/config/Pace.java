package io.github.orgmilter.config;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How a load goes about its work: without a rest, by as many threads as like; or by one thread, with rests in which the mail that is
 * served meanwhile has the cores, and the collector keeps up.
 */
final class Pace {

    /** Shorter than what the kernel gives a thread before the next one's turn. */
    static final long SPELL = TimeUnit.MILLISECONDS.toNanos(1);

    /** How much longer than the work before it a rest is. */
    static final int REST = 3;

    static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(200);

    private final boolean rests;
    private final LongSupplier clock;
    private final LongConsumer rest;
    private long since;

    private Pace(boolean rests, LongSupplier clock, LongConsumer rest) {
        this.rests = rests;
        this.clock = clock;
        this.rest = rest;
        since = clock.getAsLong();
    }

    static Pace withoutRest() {
        return new Pace(false, System::nanoTime, LockSupport::parkNanos);
    }

    /** An interrupted thread does not rest. */
    static Pace besideMail() {
        return withRests(System::nanoTime, LockSupport::parkNanos);
    }

    /** Rests by these, both in nanoseconds. */
    static Pace withRests(LongSupplier clock, LongConsumer rest) {
        return new Pace(true, clock, rest);
    }

    /** Whether it does; then one thread is to do the work. */
    boolean rests() {
        return rests;
    }

    /** A step of the work is done, or is about to be: rests, if it is time to. */
    void step() {
        if (rests) {
            long worked = clock.getAsLong() - since;
            if (worked >= SPELL) {
                rest.accept(Math.min(REST * worked, LONGEST_REST));
                since = clock.getAsLong();
            }
        }
    }
}
