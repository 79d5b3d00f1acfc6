package io.github.orgmilter.probe;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Keeps transactions apart, so that a probe is no load for a server. */
final class Pace {

    private final long gap;
    private long next = System.nanoTime();

    /** @param rate transactions a second, from 1 on */
    Pace(int rate) {
        gap = Duration.ofSeconds(1).toNanos() / rate;
    }

    /** Waits for the next turn: never longer than a second. */
    void await() throws InterruptedException {
        long now = System.nanoTime();
        if (next - now > 0) {
            TimeUnit.NANOSECONDS.sleep(next - now);
        }
        next = Math.max(now, next) + gap;
    }
}
