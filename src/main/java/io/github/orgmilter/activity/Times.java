package io.github.orgmilter.activity;

import java.time.Duration;

/** How long decisions took, by powers of the square root of two, over two periods in turn: one that is full, and the current one. */
final class Times {

    private static final int BUCKETS = 80; // up to 2^40 ns, 18 minutes
    private static final long PERIOD_MILLIS = Duration.ofMinutes(30).toMillis();

    private long period = Long.MIN_VALUE;
    private long[] current = new long[BUCKETS];
    private long[] before = new long[BUCKETS];

    void add(long nanoseconds, long millis) {
        turn(millis);
        current[bucket(nanoseconds)]++;
    }

    private void turn(long millis) {
        long now = millis / PERIOD_MILLIS;
        if (now <= period) {
            return;
        }
        before = now == period + 1 ? current : new long[BUCKETS];
        current = new long[BUCKETS];
        period = now;
    }

    private static int bucket(long nanoseconds) {
        double exponent = Math.log((double) Math.max(1, nanoseconds)) / Math.log(2);
        return (int) Math.min(BUCKETS - 1, Math.round(2 * exponent));
    }

    /**
     * The time that this share of the decisions kept to, to a fifth; zero if there were none.
     *
     * @param share from 0 to 1
     */
    Duration quantile(double share, long millis) {
        turn(millis);
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all += current[i] + before[i];
        }
        if (all == 0) {
            return Duration.ZERO;
        }
        long wanted = (long) Math.ceil(share * all);
        int bucket = 0;
        for (long seen = current[0] + before[0]; seen < wanted; bucket++) {
            seen += current[bucket + 1] + before[bucket + 1];
        }
        return Duration.ofNanos(Math.round(Math.pow(2, bucket / 2.0)));
    }
}
