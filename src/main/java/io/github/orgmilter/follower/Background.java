package io.github.orgmilter.follower;

import io.github.orgmilter.net.MemoryExhaustion;
import java.io.Closeable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What takes long, and is done beside the directory's thread, so that no change waits for it. */
final class Background implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final ExecutorService examinations =
            Executors.newSingleThreadExecutor(work -> thread(work, "directory-claims"));

    /** A thread that ends with the service. */
    static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Reads everything. */
    void read(Runnable reading, Runnable afterwards) {
        Runnable work = () -> {
            reading.run();
            afterwards.run();
        };
        thread(work, "directory-comparison").start();
    }

    /** Looks at a state, after those before it. */
    void examine(Runnable examination) {
        examinations.execute(() -> {
            try {
                examination.run();
            } catch (Throwable e) {
                MemoryExhaustion.endIfCauseOf(e);
                LOG.error("directory: what its organizations claim could not be looked at", e);
            }
        });
    }

    @Override
    public void close() {
        examinations.shutdownNow();
    }
}
