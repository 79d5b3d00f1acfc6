package io.github.orgmilter.net;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many connections there may be in all. The peers are few MTAs, so a limit for each would limit nothing. */
public final class ConnectionLimit implements Admission {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    private final IntSupplier most;
    private final int room;
    private final Consumer<Limit> observer;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean reported = new AtomicBoolean();

    /**
     * Counts from nothing.
     *
     * @param most read for every new connection
     * @param room past which connections wait
     * @param observer called for each that is refused, on the listeners' event loops
     */
    public ConnectionLimit(IntSupplier most, int room, Consumer<Limit> observer) {
        this.most = most;
        this.room = room;
        this.observer = observer;
    }

    @Override
    public int room() {
        return room;
    }

    /** How many there are now. */
    int open() {
        return open.get();
    }

    /** Whether there is room for one more; it is counted until it closes. If not, closing it has the MTA answer 451. */
    @Override
    public boolean admits(Channel connection) {
        int limit = most.getAsInt();
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            observer.accept(Limit.CONNECTIONS);
            if (reported.compareAndSet(false, true)) {
                LOG.warn("limit={} action=close connections={}", Limit.CONNECTIONS.key(), limit);
            }
            return false;
        }
        return true;
    }

    @Override
    public void ended(Channel connection) {
        if (open.decrementAndGet() < most.getAsInt() * 9L / 10) {
            reported.set(false); // logged again only when there was room for a while
        }
    }
}
