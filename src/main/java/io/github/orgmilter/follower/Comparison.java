package io.github.orgmilter.follower;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.WholeLoad;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** Everything, read beside the changes that are followed meanwhile, so that none of them waits for it. */
final class Comparison {

    private final Instant began;
    private final WholeLoad load;
    private final FutureTask<WholeLoad> reading;

    private Comparison(Instant began, WholeLoad load, Callable<WholeLoad> read) {
        this.began = began;
        this.load = load;
        reading = new FutureTask<>(read);
    }

    static Comparison start(Copy copy, Store store, Instant now, Executor background) {
        WholeLoad load = copy.begin();
        Comparison started = new Comparison(now, load, () -> {
            copy.read(store, load);
            return load;
        });
        background.execute(started.reading);
        return started;
    }

    Instant began() {
        return began;
    }

    /** Whether everything was read, or could not be; and what it has of changes was applied, if any was. */
    boolean isReady() {
        return reading.isDone() && !load.isAhead();
    }

    /** Whether it was read, and begun before a time. */
    boolean isOver(Instant time) {
        return reading.isDone() && began.isBefore(time);
    }

    /** What was read, once it is ready. */
    WholeLoad result() throws StoreException {
        try {
            return reading.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException failure) {
                throw failure;
            }
            throw e.getCause() instanceof CancellationException stopped
                    ? stopped
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the service stops");
        }
    }
}
