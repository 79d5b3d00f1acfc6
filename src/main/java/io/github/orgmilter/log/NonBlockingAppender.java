package io.github.orgmilter.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.io.IOException;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Hands log lines to other appenders on a thread of its own. Where these are too slow (a pipe without a reader, a disk that hangs)
 * it drops lines, counts them and logs their number as soon as it can: a thread that logs never waits.
 *
 * <p>Named by {@code conf/logback.xml}. Logback's own asynchronous appender either waits or does not count.
 */
public final class NonBlockingAppender extends UnsynchronizedAppenderBase<ILoggingEvent>
        implements AppenderAttachable<ILoggingEvent> {

    /** Octets of what may wait: some seconds of a busy service's lines, and on a small heap no more than it has room for. */
    static final long QUEUE = Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 8);

    // What a line takes of the heap, with a margin. A character may have two octets, and an event that has its text as
    // well as what it is made of takes as much again.
    private static final int LINE = 768;
    private static final int CHARACTER = 4;
    private static final int STACK_FRAME = 256;

    private static final int BATCH = 512;
    private static final long STOP_MILLIS = 5_000;
    private static final long IDLE_MILLIS = 100;

    /**
     * How long lines gather before the next are written together. Meanwhile a thread that adds one need not wake the writer: on a
     * busy service that cost more than the line.
     */
    private static final long GATHER_MILLIS = 5;

    private static final LongAdder DROPPED = new LongAdder();

    private final AppenderAttachableImpl<ILoggingEvent> targets = new AppenderAttachableImpl<>();
    // Without a lock: a writer that is not given the processor while it holds one would stop every thread that has a
    // line to add.
    private final Queue<ILoggingEvent> queue = new ConcurrentLinkedQueue<>();
    // Octets of the lines in the queue and in the batch that is written.
    private final AtomicLong waiting = new AtomicLong();
    private volatile boolean idle; // the writer sleeps until it is woken
    private boolean flushed = true; // no target keeps a line; of the writer alone
    private @Nullable Thread writer;

    /** How many lines this process has dropped. */
    public static long dropped() {
        return DROPPED.sum();
    }

    /** A line could not be written. */
    static void lost() {
        DROPPED.increment();
    }

    @Override
    public void start() {
        super.start();
        Thread thread = new Thread(this::write, "log");
        thread.setDaemon(true);
        writer = thread;
        thread.start();
    }

    /**
     * Writes what is waiting, for some seconds at most. A writer that hangs keeps its targets: stopping them would wait for it, and
     * so would the end of the process.
     */
    @Override
    public void stop() {
        Thread thread = writer;
        super.stop();
        if (thread != null) {
            try {
                thread.join(STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (thread == null || !thread.isAlive()) {
            targets.detachAndStopAllAppenders();
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        long octets = octets(event);
        if (waiting.addAndGet(octets) > QUEUE) {
            waiting.addAndGet(-octets);
            DROPPED.increment();
            return;
        }
        queue.add(event);
        if (idle) {
            idle = false;
            LockSupport.unpark(writer);
        }
    }

    /** About how much of the heap a line takes; the same at every call. */
    static long octets(ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        int characters = event instanceof LineEvent its
                ? its.line().characters()
                : event.getFormattedMessage().length();
        return LINE + CHARACTER * (long) characters + (thrown == null ? 0 : octets(thrown));
    }

    private static long octets(IThrowableProxy thrown) {
        String message = thrown.getMessage();
        long octets = LINE
                + STACK_FRAME * (long) thrown.getStackTraceElementProxyArray().length
                + (message == null ? 0 : CHARACTER * (long) message.length());
        for (IThrowableProxy suppressed : thrown.getSuppressed()) {
            octets += octets(suppressed);
        }
        return thrown.getCause() == null ? octets : octets + octets(thrown.getCause());
    }

    private void write() {
        long reported = dropped();
        while (true) {
            boolean stopping = !isStarted(); // read before the queue, so that nothing is left in it
            int written = writeBatch();
            if (written > 0 || !flushed) {
                flushed = flush();
            }
            if (written == 0 && stopping) {
                return;
            }
            long now = dropped();
            if (now > reported && flushed && queue.isEmpty()) {
                LoggerFactory.getLogger(NonBlockingAppender.class)
                        .warn(
                                "log: dropped lines={}, because the reader was too slow or the disk full",
                                now - reported);
                reported = now;
            }
            if (written == 0) {
                awaitLine();
            } else if (written < BATCH) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS));
            }
        }
    }

    private void awaitLine() {
        idle = true;
        if (queue.isEmpty()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS));
        }
        idle = false;
    }

    /** Writes what is waiting, up to a batch, and returns how many lines that were. */
    private int writeBatch() {
        int written = 0;
        long octets = 0;
        try {
            while (written < BATCH) {
                ILoggingEvent event = queue.poll();
                if (event == null) {
                    break;
                }
                written++;
                octets += octets(event);
                targets.appendLoopOnAppenders(event);
            }
        } catch (RuntimeException | Error e) { // without this thread, no line would ever be written again
            lost();
            addError("a log line was lost", e);
        }
        waiting.addAndGet(-octets); // at once, since others count here as well
        return written;
    }

    // Once a batch and not once a line; with immediateFlush there is nothing left to flush.
    private boolean flush() {
        boolean done = true;
        for (Iterator<Appender<ILoggingEvent>> all = targets.iteratorForAppenders(); all.hasNext(); ) {
            if (all.next() instanceof OutputStreamAppender<ILoggingEvent> target && target.getOutputStream() != null) {
                try {
                    target.getOutputStream().flush();
                } catch (IOException | RuntimeException e) {
                    done = false;
                    if (flushed) { // else it is known
                        addError("the log cannot be written; its lines are kept while there is room", e);
                    }
                }
            }
        }
        return done;
    }

    @Override
    public void addAppender(Appender<ILoggingEvent> target) {
        targets.addAppender(target);
    }

    @Override
    public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
        return targets.iteratorForAppenders();
    }

    @Override
    public @Nullable Appender<ILoggingEvent> getAppender(String name) {
        return targets.getAppender(name);
    }

    @Override
    public boolean isAttached(Appender<ILoggingEvent> target) {
        return targets.isAttached(target);
    }

    @Override
    public void detachAndStopAllAppenders() {
        targets.detachAndStopAllAppenders();
    }

    @Override
    public boolean detachAppender(Appender<ILoggingEvent> target) {
        return targets.detachAppender(target);
    }

    @Override
    public boolean detachAppender(String name) {
        return targets.detachAppender(name);
    }
}
