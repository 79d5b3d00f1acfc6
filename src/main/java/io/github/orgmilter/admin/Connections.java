package io.github.orgmilter.admin;

import io.github.orgmilter.net.Admission;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that there are, in the order in which they began to wait for their peers. Past a limit the one that has waited
 * longest is closed, and not the newest: that may be a probe, which waits for nothing, while slow peers hold all the others. Used
 * on the one event loop of the listener alone.
 */
final class Connections implements Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long SILENCE = TimeUnit.MINUTES.toNanos(1);

    private final AdminLimits limits;
    private final Set<Channel> asking = new LinkedHashSet<>();
    private final Map<Channel, Integer> reading = new LinkedHashMap<>(); // with the octets of the answer
    private final Map<String, Long> logged = new HashMap<>();
    private int open;
    private int streams;
    private long unread;

    Connections(AdminLimits limits) {
        this.limits = limits;
    }

    @Override
    public boolean admits(Channel connection) {
        if (open >= limits.connections()) {
            reached("connections");
            if (!closeOldest()) {
                return false;
            }
        }
        open++;
        asking.add(connection);
        return true;
    }

    @Override
    public void ended(Channel connection) {
        open--;
        forget(connection);
    }

    private boolean closeOldest() {
        Iterator<Channel> oldest = (asking.isEmpty() ? reading.keySet() : asking).iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        close(oldest.next());
        return true;
    }

    private void close(Channel connection) {
        forget(connection);
        connection.close(); // at once: this is its event loop
    }

    /** The request has come in whole: now the peer waits for us. */
    void working(Channel connection) {
        asking.remove(connection);
    }

    /** The peer is to take so many octets. */
    void answering(Channel connection, int octets) {
        while (!reading.isEmpty() && unread + octets > limits.unreadAnswers()) {
            reached("unread-answers");
            close(reading.keySet().iterator().next());
        }
        forget(connection);
        reading.put(connection, octets);
        unread += octets;
    }

    /** The peer listens to events from now on; false if too many do already. */
    boolean streaming(Channel connection) {
        if (streams >= limits.streams()) {
            reached("streams");
            return false;
        }
        streams++;
        connection.closeFuture().addListener(closed -> streams--);
        return true;
    }

    /** The peer has taken them, and is to close. */
    void answered(Channel connection) {
        forget(connection);
        if (connection.isOpen()) {
            asking.add(connection);
        }
    }

    private void forget(Channel connection) {
        asking.remove(connection);
        Integer octets = reading.remove(connection);
        if (octets != null) {
            unread -= octets;
        }
    }

    /** Logs that a connection is closed because it has reached a limit; each limit once in a while. */
    void reached(String limit) {
        if (mayLog(limit)) {
            LOG.warn("admin: limit={} action=close connections={}", limit, open);
        }
    }

    /** Whether an event may be logged: each once in a while, so that no peer floods the log. */
    boolean mayLog(String event) {
        long now = System.nanoTime();
        Long before = logged.get(event);
        if (before != null && now - before <= SILENCE) {
            return false;
        }
        logged.put(event, now);
        return true;
    }
}
