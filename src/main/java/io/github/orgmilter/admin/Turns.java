package io.github.orgmilter.admin;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of the handlers: no number of requests takes more than these from mail. */
final class Turns implements AutoCloseable {

    private static final int IDLE_SECONDS = 30;

    private final ThreadPoolExecutor reading;
    private final ThreadPoolExecutor changing;

    Turns(int queue) {
        reading = thread("admin-reading", queue);
        changing = thread("admin-changing", queue);
    }

    private static ThreadPoolExecutor thread(String name, int queue) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Runs the task in its turn.
     *
     * @throws RejectedExecutionException if too many wait already
     */
    void run(Route.Turn turn, Runnable task) {
        Executor executor = switch (turn) {
            case AT_ONCE -> Runnable::run;
            case READING -> reading;
            case CHANGING -> changing;
        };
        executor.execute(task);
    }

    @Override
    public void close() {
        reading.shutdown();
        changing.shutdown();
    }
}
