package io.github.orgmilter.daemon;

import io.github.orgmilter.net.MemoryExhaustion;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/**
 * Ends the process when it does little else than collect garbage: it would answer nothing, and nothing would end it, because there
 * is always just enough memory to go on. {@code UseGCOverheadLimit} does so for the parallel collector alone.
 */
public final class CollectionWatch {

    static final String THREAD = "collection-watch";

    private static final Duration PERIOD = Duration.ofSeconds(5);
    /** How many such periods in a row end it: more than any single collection takes. */
    private static final int PERIODS = 3;

    private static final double MOST = 0.9;

    private CollectionWatch() {}

    /** Watches from now on, and not before the service has started. */
    public static void begin() {
        begin(PERIOD);
    }

    /** Watches by periods of another length. */
    public static void begin(Duration period) {
        Thread thread = new Thread(() -> watch(period), THREAD);
        thread.setDaemon(true);
        thread.start();
    }

    private static void watch(Duration period) {
        try {
            Thread.sleep(period.toMillis()); // mail waits for the start, which is longer by what follows
            List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .filter(collector -> stops(collector.getName()))
                    .toList();
            long then = System.nanoTime();
            long collected = millis(collectors);
            int periods = 0;
            while (periods < PERIODS) {
                Thread.sleep(period.toMillis());
                long now = System.nanoTime();
                long more = millis(collectors) - collected;
                periods = more * 1e6 >= MOST * (now - then) ? periods + 1 : 0;
                then = now;
                collected += more;
            }
        } catch (InterruptedException e) {
            return;
        }
        MemoryExhaustion.end(
                "java.lang.OutOfMemoryError: GC overhead limit exceeded"); // as the parallel collector has it
    }

    /** Whether this collector's time is one in which nothing else runs; ZGC, Shenandoah and G1 have others as well. */
    private static boolean stops(String collector) {
        return !collector.contains("Cycles") && !collector.contains("Concurrent");
    }

    private static long millis(List<GarbageCollectorMXBean> collectors) {
        long millis = 0;
        for (int i = 0; i < collectors.size(); i++) {
            millis += collectors.get(i).getCollectionTime();
        }
        return millis;
    }
}
