package io.github.orgmilter.daemon;

import io.github.orgmilter.cli.Main;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The daemon beside something that leaves it next to no heap: enough to go on, and too little to get on. */
public final class CollectingDaemon {

    private static final int LEFT = 1 << 20;
    private static final int PIECE = 1024; // small ones, over which a collection takes its time
    private static final int AT_ONCE = 64;
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final long GLANCE_MILLIS = 20;

    static volatile Object garbage;

    private CollectingDaemon() {}

    public static void main(String[] arguments) {
        Thread hog = new Thread(CollectingDaemon::fill, "hog");
        hog.setDaemon(true);
        hog.start();
        Main.main(arguments);
    }

    private static boolean isWatched() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(CollectionWatch.THREAD));
    }

    private static void fill() {
        try {
            while (!isWatched()) {
                Thread.sleep(GLANCE_MILLIS);
            }
        } catch (InterruptedException e) {
            return;
        }
        CollectionWatch.begin(PERIOD); // as the daemon does, and sooner at its end
        Runtime runtime = Runtime.getRuntime();
        List<Object> kept = new ArrayList<>();
        while (true) {
            long left = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
            if (left > LEFT) {
                for (int i = 0; i < AT_ONCE; i++) {
                    kept.add(new byte[PIECE / AT_ONCE]);
                }
            } else {
                garbage = new byte[PIECE];
            }
        }
    }
}
