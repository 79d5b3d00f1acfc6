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

    private final Map<Endpoints, Entry> entries = new ConcurrentHashMap<>();

    /** Enters a session; it stays until it is closed. */
    LiveSession open(Endpoints endpoints, String sessionId) {
        Entry entry =
                entries.compute(endpoints, (key, present) -> present == null ? new Entry(sessionId) : present.share());
        return new LiveSession(endpoints, entry);
    }

    /**
     * Reports which certificate the client of a connection presented, until that session's next recipient.
     *
     * @return the id of the session; empty if none is open, or if several are
     */
    public Optional<String> report(Endpoints endpoints, Optional<PresentedCertificate> presented) {
        Entry entry = entries.get(endpoints);
        return entry != null && entry.report(presented) ? Optional.of(entry.sessionId) : Optional.empty();
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

        private final String sessionId;
        private int holders = 1;
        private boolean contested;
        private @Nullable PresentedCertificate reported;

        Entry(String sessionId) {
            this.sessionId = sessionId;
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
