package io.github.orgmilter.milter;

import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.net.Endpoints;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of Postfix that are open now, by the ends of their SMTP connections, so that what a policy query reports of a
 * connection reaches its session. There are never more entries than sessions.
 */
public final class LiveSessions {

    /**
     * A session that is open.
     *
     * @param seesHeaders whether it can decide by header fields
     */
    public record Found(String id, boolean seesHeaders) {}

    private final Map<Endpoints, Entry> entries = new ConcurrentHashMap<>();

    /**
     * Enters a session; it stays until it is closed.
     *
     * @param seesHeaders whether its MTA hands over header fields
     */
    LiveSession open(Endpoints endpoints, String sessionId, boolean seesHeaders) {
        Found session = new Found(sessionId, seesHeaders);
        Entry entry =
                entries.compute(endpoints, (key, present) -> present == null ? new Entry(session) : present.share());
        return new LiveSession(endpoints, entry);
    }

    /**
     * Reports which certificate the client of a connection presented, until that session's next recipient.
     *
     * @return the session; empty if none is open, or if several are
     */
    public Optional<Found> report(Endpoints endpoints, Optional<PresentedCertificate> presented) {
        Entry entry = entries.get(endpoints);
        return entry != null && entry.report(presented) ? Optional.of(entry.session) : Optional.empty();
    }

    int size() {
        return entries.size();
    }

    /** A session's hold on its entry. */
    final class LiveSession {

        private final Endpoints endpoints;
        private final Entry entry;

        private LiveSession(Endpoints endpoints, Entry entry) {
            this.endpoints = endpoints;
            this.entry = entry;
        }

        /** What was reported since the last recipient. */
        Optional<PresentedCertificate> take() {
            return entry.take();
        }

        void close() {
            entries.computeIfPresent(endpoints, (key, present) -> present == entry && entry.release() ? null : present);
        }
    }

    /** The sessions that claim one connection: one, or several that cannot be told apart until the last has ended. */
    private static final class Entry {

        private final Found session;
        private int holders = 1;
        private boolean contested;
        private @Nullable PresentedCertificate reported;

        Entry(Found session) {
            this.session = session;
        }

        synchronized Entry share() {
            holders++;
            contested = true;
            reported = null;
            return this;
        }

        synchronized boolean release() {
            holders--;
            return holders == 0;
        }

        synchronized boolean report(Optional<PresentedCertificate> presented) {
            reported = contested ? null : presented.orElse(null);
            return !contested;
        }

        synchronized Optional<PresentedCertificate> take() {
            Optional<PresentedCertificate> taken = Optional.ofNullable(reported);
            reported = null;
            return taken;
        }
    }
}
