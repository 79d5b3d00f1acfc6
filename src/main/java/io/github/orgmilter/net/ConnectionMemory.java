package io.github.orgmilter.net;

import io.netty.util.internal.PlatformDependent;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that all connections may hold together, on the heap and outside of it. Each counts for a little from the beginning,
 * so that an ordinary one takes nothing more and its frames need no counting.
 */
public final class ConnectionMemory {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionMemory.class);

    /** Half of it is the connection's own, half what its session and an unfinished frame commonly take. */
    static final int EACH = 8 * 1024;

    private static final int OWN = EACH / 2;

    /** A quarter: there are also the configuration, twice while it is reloaded, the log, and what is garbage soon. */
    private static final long DEFAULT =
            Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory()) / 4;

    private final Supplier<OptionalLong> most;
    private final Consumer<Limit> observer;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicBoolean reported = new AtomicBoolean();

    /**
     * Counts from nothing.
     *
     * @param most read whenever more is wanted; a quarter of the heap where it is empty, or of what there is outside of it
     * @param observer called for each connection that is closed for want of memory, on the event loops
     */
    public ConnectionMemory(Supplier<OptionalLong> most, Consumer<Limit> observer) {
        this.most = most;
        this.observer = observer;
    }

    private long most() {
        return most.get().orElse(DEFAULT);
    }

    /** What a connection that holds these octets counts for. */
    static long of(long held) {
        return Math.max(EACH, OWN + held);
    }

    /** Whether there is room for one more connection. If not, nothing is taken, and closing it has the MTA answer 451. */
    boolean takeOne() {
        return take(EACH, most());
    }

    /** The same for so many octets more of an open one; the last quarter is kept for new ones. */
    boolean takeMore(long octets) {
        long limit = most();
        return take(octets, limit - limit / 4);
    }

    private boolean take(long octets, long limit) {
        if (taken.addAndGet(octets) <= limit) {
            return true;
        }
        taken.addAndGet(-octets);
        observer.accept(Limit.MEMORY);
        if (reported.compareAndSet(false, true)) {
            LOG.warn("limit={} action=close octets={}", Limit.MEMORY.key(), most());
        }
        return false;
    }

    void giveBack(long octets) {
        if (taken.addAndGet(-octets) < most() / 2) {
            reported.set(false); // logged again only when there was room for a while
        }
    }
}
