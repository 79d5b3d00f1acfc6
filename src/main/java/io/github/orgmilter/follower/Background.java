package io.github.orgmilter.follower;

import io.github.orgmilter.net.MemoryExhaustion;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What takes long, and is done beside the directory's thread, so that no change waits for it. */
final class Background implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final ExecutorService examinations =
            Executors.newSingleThreadExecutor(work -> thread(work, "directory-claims"));

    private final ExecutorService disk = Executors.newSingleThreadExecutor(work -> thread(work, "directory-snapshot"));

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
        examinations.execute(reporting(examination, "what its organizations claim could not be looked at"));
    }

    /** Writes to the disk, after what is written before. */
    void write(Runnable writing) {
        disk.execute(reporting(writing, "its snapshot could not be written"));
    }

    private static Runnable reporting(Runnable work, String failure) {
        return () -> {
            try {
                work.run();
            } catch (Throwable e) {
                MemoryExhaustion.endIfCauseOf(e);
                LOG.error("directory: {}", failure, e);
            }
        };
    }

    /** Waits until what was to be written has been, after {@link #close}; whether that was in time. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return disk.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        examinations.shutdownNow();
        disk.shutdown(); // after what is to be written
    }
}
