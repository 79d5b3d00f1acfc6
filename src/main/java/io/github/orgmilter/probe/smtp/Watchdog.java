package io.github.orgmilter.probe.smtp;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection that takes too long, so that no wait is without an end: a server that sends an octet now and then would outlast
 * every socket timeout.
 */
final class Watchdog {

    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final Closeable connection;
    private final Duration patience;
    private volatile boolean barked;

    Watchdog(Closeable connection, Duration patience) {
        this.connection = connection;
        this.patience = patience;
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "probe-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** What may take as long as that, and no longer. */
    interface Step<T> {
        T take() throws IOException;
    }

    /** @throws IOException also if it takes too long, and says so */
    <T> T watch(String what, Step<T> step) throws IOException {
        ScheduledFuture<?> bark = TIMER.schedule(this::bark, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return step.take();
        } catch (IOException e) {
            throw barked ? new IOException(what + " was not answered within " + patience.toSeconds() + " s", e) : e;
        } finally {
            bark.cancel(false);
        }
    }

    private void bark() {
        barked = true;
        try {
            connection.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
