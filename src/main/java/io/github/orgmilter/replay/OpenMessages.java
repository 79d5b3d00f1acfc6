package io.github.orgmilter.replay;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.journal.LogEntry;
import io.github.orgmilter.policy.Address;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The recipients of the messages that have not ended, by their sessions: what is decided at the end of a header depends on all of
 * them. The sessions that have waited longest are forgotten if there are too many.
 */
final class OpenMessages {

    private static final int MOST_RECIPIENTS = 50_000; // of all sessions together

    /** A recipient; without a decision if it had failed. */
    record Recipient(Client client, Address sender, Address address, boolean failed) {}

    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private int recipients;

    private static final class Session {
        private final List<Recipient> recipients = new ArrayList<>();
        private boolean headerDecided;
    }

    void add(LogEntry entry) {
        Session session = sessions.computeIfAbsent(entry.session(), any -> new Session());
        if (session.headerDecided) { // which refused the message before
            recipients -= session.recipients.size();
            session.recipients.clear();
            session.headerDecided = false;
        }
        session.recipients.add(new Recipient(entry.client(), entry.sender(), entry.recipient(), entry.isFailure()));
        recipients++;
        Iterator<Session> oldest = sessions.values().iterator();
        while (recipients > MOST_RECIPIENTS) {
            recipients -= oldest.next().recipients.size();
            oldest.remove();
        }
    }

    /**
     * The recipients of the message whose header was decided.
     *
     * @param count how many it has: those before are of messages that were given up
     * @return empty if they are not all known
     */
    Optional<List<Recipient>> headerDecided(String name, int count) {
        Session session = sessions.get(name);
        if (session == null) {
            return Optional.empty();
        }
        session.headerDecided = true;
        return last(session.recipients, count);
    }

    private static Optional<List<Recipient>> last(List<Recipient> all, int count) {
        return count > all.size()
                ? Optional.empty()
                : Optional.of(List.copyOf(all.subList(all.size() - count, all.size())));
    }

    /**
     * Ends the message.
     *
     * @param count how many recipients it had
     * @return empty if they are not all known; none if its header was decided already
     */
    Optional<List<Recipient>> end(String name, int count) {
        Session session = sessions.remove(name);
        if (session == null) {
            return Optional.empty();
        }
        List<Recipient> all = session.recipients;
        recipients -= all.size();
        if (session.headerDecided) {
            return Optional.of(List.of());
        }
        return last(all, count);
    }
}
