package io.github.orgmilter.settings;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How fast a load works: without rests and on every core, or in the background, on one thread with rests in which the sessions
 * being served have the cores and the garbage collector keeps up.
 */
public final class Throttle {

    /** Shorter than the time slice that the kernel gives a thread. */
    public static final long SLICE = TimeUnit.MILLISECONDS.toNanos(1);

    /** How many times as long as the work before it a rest is. */
    private static final int REST = 3;

    public static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(200);

    private final boolean rests;
    private final LongSupplier clock;
    private final LongConsumer rest;
    private long since;

    private Throttle(boolean rests, LongSupplier clock, LongConsumer rest) {
        this.rests = rests;
        this.clock = clock;
        this.rest = rest;
        since = clock.getAsLong();
    }

    public static Throttle none() {
        return new Throttle(false, System::nanoTime, LockSupport::parkNanos);
    }

    /** An interrupted thread does not rest. */
    public static Throttle inBackground() {
        return withRests(System::nanoTime, LockSupport::parkNanos);
    }

    /** Uses this clock and this way to rest, both in nanoseconds. */
    public static Throttle withRests(LongSupplier clock, LongConsumer rest) {
        return new Throttle(true, clock, rest);
    }

    /** Whether it rests; then one thread should do all the work. */
    public boolean rests() {
        return rests;
    }

    /** Marks a step of the work: rests if it is time to. */
    public void step() {
        if (rests) {
            long worked = clock.getAsLong() - since;
            if (worked >= SLICE) {
                rest.accept(Math.min(REST * worked, LONGEST_REST));
                since = clock.getAsLong();
            }
        }
    }
}
