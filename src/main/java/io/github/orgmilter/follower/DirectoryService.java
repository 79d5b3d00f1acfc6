package io.github.orgmilter.follower;

import io.github.orgmilter.directory.DirectorySettings;
import io.github.orgmilter.directory.Holdings;
import io.github.orgmilter.directory.Snapshot;
import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.Update;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.net.MemoryExhaustion;
import io.github.orgmilter.rows.RowsReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory as a running part of the service: one thread, which starts from the snapshot and follows the store from then on. What
 * takes long is done beside it, so that a change is live at once whatever else is going on.
 */
public final class DirectoryService {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryService.class);

    /** How long a request waits while the thread waits for the store to announce something. */
    private static final Duration SLICE = Duration.ofMillis(250);

    /** How long the requests of operators wait while the thread reads. */
    private static final Duration REQUEST = Duration.ofMinutes(2);

    /** How long the directory that this one replaces may take to end: all that it can wait for has an end before. */
    private static final Duration PREDECESSOR = Duration.ofMinutes(15);

    private final DirectorySettings settings;
    private final Store store;
    private final InstantSource clock;
    private final HeldCopy copy;
    private final SnapshotWriter writer;
    private final Follower follower;
    private final HintPace pace;
    private final StalenessLog staleness;
    private final Optional<DirectoryService> predecessor;
    private final BlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();
    private final CountDownLatch restored = new CountDownLatch(1);
    private final Background background = new Background();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile DirectoryStatus status;

    private DirectoryService(
            DirectorySettings settings,
            Store store,
            DirectorySink sink,
            FollowerObserver observer,
            InstantSource clock,
            Optional<DirectoryService> predecessor) {
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.predecessor = predecessor;
        Snapshot snapshot = new Snapshot(settings.snapshot(), settings.store().url());
        writer = new SnapshotWriter(snapshot, new SnapshotLock(settings.snapshot()), clock, background::write);
        Holdings holdings = new Holdings(new RowsReader(settings.rules()), settings.maxShrink() / 100.0);
        copy = new HeldCopy(
                settings.rules(), holdings, snapshot, writer, new Published(sink), observer, clock, () -> stopping);
        Timing timing = new Timing(settings.pollInterval(), settings.fullLoadInterval(), new Random());
        follower = new Follower(store, copy, timing, clock, observer, work -> background.read(work, this::wake));
        pace = new HintPace(System::nanoTime, settings.pollInterval());
        staleness = new StalenessLog(settings.maxAge().orElse(Duration.ZERO));
        status = seen();
        thread = Background.thread(this::run, "directory");
    }

    private void wake() {
        requests.add(() -> {});
    }

    /** Lets a start go on as soon as there is a state that decides. */
    private final class Published implements DirectorySink {

        private final DirectorySink sink;

        Published(DirectorySink sink) {
            this.sink = sink;
        }

        @Override
        public void publish(Update update, boolean first, String state) {
            if (!stopping) {
                sink.publish(update, first, state);
            }
        }

        @Override
        public void examine(Update update, boolean first) {
            if (!stopping) {
                status = seen();
                restored.countDown();
                background.examine(() -> sink.examine(update, first));
            }
        }
    }

    /**
     * Starts to follow a store.
     *
     * @param predecessor the service that this one replaces: it is stopped, and its end is waited for, since both write the snapshot
     */
    public static DirectoryService start(
            DirectorySettings settings,
            Store store,
            DirectorySink sink,
            FollowerObserver observer,
            InstantSource clock,
            Optional<DirectoryService> predecessor) {
        DirectoryService service = new DirectoryService(settings, store, sink, observer, clock, predecessor);
        service.thread.start();
        return service;
    }

    /** Waits until the snapshot decides, or is refused; whether it came in time. */
    public boolean awaitRestored(Duration atMost) {
        try {
            return restored.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How it is now. */
    public DirectoryStatus status() {
        return status.at(copy.confirmed(), isStale(), copy.problems().organizations());
    }

    /** Whether the store has not confirmed the state for longer than {@code max-age}. Any thread may ask, often. */
    public boolean isStale() {
        if (settings.maxAge().isEmpty()) {
            return false;
        }
        Optional<Instant> confirmed = copy.confirmed();
        return confirmed.isEmpty()
                || confirmed.get().plus(settings.maxAge().get()).isBefore(clock.instant());
    }

    /** What is wrong with its organizations, by their names. */
    public List<Problem> problems() {
        return copy.problems().all();
    }

    /** The names of the organizations with which something is wrong, in order, no more than so many. */
    public List<String> withProblems(int most) {
        return copy.problems().names(most);
    }

    /** What is wrong with one organization. */
    public List<Problem> problems(String organization) {
        return copy.problems().of(organization);
    }

    /**
     * Takes what is gone in a version of the store, which {@code max-shrink} holds back.
     *
     * @return what became of it, in a line
     */
    public String acceptShrink(long version) {
        CompletableFuture<String> done = new CompletableFuture<>();
        requests.add(() -> {
            copy.acceptShrink(version);
            done.complete("what is gone in version " + version + " is taken"
                    + (copy.version().orElse(0) == version ? "" : " when that version comes"));
        });
        try {
            return done.get(REQUEST.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return "what is gone in version " + version
                    + " is taken as soon as the directory has been read, which takes more than " + REQUEST.toSeconds()
                    + " s; the log will have it";
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the service stops; accept it again once it has started";
        }
    }

    /** Ends it, without waiting: nothing is published from now on. */
    public void stop() {
        stopping = true;
        wake();
    }

    /** Waits for its end, with what was to be written; whether it came in time. */
    public boolean awaitEnd(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            thread.join(atMost.toMillis());
            return !thread.isAlive() && background.awaitEnd(Duration.ofNanos(end - System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        try {
            if (predecessor.isPresent() && !predecessor.get().awaitEnd(PREDECESSOR)) {
                LOG.error(
                        "directory: the one before it has not ended; restart the service, so that only one writes the snapshot");
            }
            copy.restore();
            status = seen();
            restored.countDown();
            OptionalLong hint = OptionalLong.empty();
            while (!stopping) {
                takeRequests();
                status = seen();
                pace.begins();
                Duration wait = follower.round(hint);
                pace.ends();
                status = seen();
                staleness.note(isStale() && copy.isUsable());
                hint = await(wait);
            }
        } catch (InterruptedException | CancellationException e) {
            stopping = true;
        } catch (Throwable e) { // without it the directory would never change again, and nobody would know
            MemoryExhaustion.endIfCauseOf(e);
            LOG.error("directory: cannot be followed any more; restart the service", e);
        } finally {
            restored.countDown();
            writer.end();
            background.close();
            store.close();
        }
    }

    /** Waits for the next round: until an announcement may have one, a request comes, or the time passes. */
    private OptionalLong await(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        OptionalLong hint = OptionalLong.empty();
        while (requests.isEmpty()) {
            long untilEnd = end - System.nanoTime();
            long left = hint.isPresent() ? Math.min(untilEnd, pace.left()) : untilEnd;
            if (left <= 0) {
                break;
            }
            Duration slice = Duration.ofNanos(Math.min(left, SLICE.toNanos()));
            if (follower.isConnected()) {
                hint = HintPace.later(hint, store.awaitHint(slice));
            } else {
                Runnable request = requests.poll(slice.toNanos(), TimeUnit.NANOSECONDS);
                if (request != null) {
                    request.run();
                    break;
                }
            }
        }
        return hint;
    }

    private void takeRequests() {
        for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
            request.run();
        }
    }

    private DirectoryStatus seen() {
        return new DirectoryStatus(
                copy.isUsable(),
                copy.version(),
                copy.confirmed(),
                isStale(),
                copy.size(),
                copy.problems().organizations(),
                follower.trouble(),
                copy.troubleOfSnapshot(),
                copy.withheld());
    }
}
