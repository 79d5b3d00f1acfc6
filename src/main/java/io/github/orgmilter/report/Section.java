package io.github.orgmilter.report;

import io.github.orgmilter.journal.LogEntry;
import io.github.orgmilter.journal.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the log has of one connector, or of an organization where no connector identified the client. */
final class Section {

    private static final int MOST_NAMES = 1000;
    private static final int MOST_CAUSES =
            100; // of which there are some twenty; a log that is not ours may make up more
    private static final String OTHERS = "(others)";
    private static final String NOT_ACCEPTED = "domain-not-accepted";
    /** Refusals of clients that no connector knows. */
    private static final Set<String> UNKNOWN =
            Set.of("not-identified", "unidentified-inbound", "protected-sender", "no-policy-data");

    private final String organization;
    private final String connector;
    private final Map<String, Long> accepted = new TreeMap<>();
    private final Map<String, Long> audited = new TreeMap<>();
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> deferred = new TreeMap<>();
    private final List<Expiry> expiries = new ArrayList<>();
    private final Tally senders;
    private final Tally certificates;
    private long messages;
    private long last = Long.MIN_VALUE;

    Section(String organization, String connector, Tally.Budget names) {
        this.organization = organization;
        this.connector = connector;
        senders = new Tally(MOST_NAMES, names);
        certificates = new Tally(MOST_NAMES, names);
    }

    void add(LogEntry entry) {
        Outcome outcome = entry.outcome();
        long time = entry.time();
        last = Math.max(last, time);
        Map<String, Long> counts = counts(outcome);
        boolean room = counts.size() < MOST_CAUSES || counts.containsKey(outcome.cause());
        counts.merge(room ? outcome.cause() : OTHERS, 1L, Long::sum);
        boolean against = outcome.audit() || !outcome.isAccepted();
        if (against && outcome.cause().equals(NOT_ACCEPTED)) {
            senders.add(entry.sender().shownDomain(), time);
        }
        if (against && connector.isEmpty() && UNKNOWN.contains(outcome.cause())) {
            entry.client().certificateName().ifPresent(name -> certificates.add(name.text(), time));
            if (organization.isEmpty()) {
                senders.add(entry.sender().shownDomain(), time);
            }
        }
    }

    void add(Expiry expiry) {
        expiries.add(expiry);
    }

    private Map<String, Long> counts(Outcome outcome) {
        if (outcome.audit()) {
            return audited;
        }
        return switch (outcome.verdict()) {
            case "accept" -> accepted;
            case "reject" -> refused;
            default -> deferred;
        };
    }

    void addMessage(long time) {
        messages++;
        last = Math.max(last, time);
    }

    /** Empty for what is no organization's. */
    String organization() {
        return organization;
    }

    /** Empty where no connector identified the client. */
    String connector() {
        return connector;
    }

    /** Recipients by cause. */
    Map<String, Long> accepted() {
        return accepted;
    }

    /** Recipients that only audit let pass. */
    Map<String, Long> audited() {
        return audited;
    }

    Map<String, Long> refused() {
        return refused;
    }

    /** Recipients that were deferred. */
    Map<String, Long> deferred() {
        return deferred;
    }

    /** Domains of senders that were refused because they are not accepted; without an organization, because nobody knows the client. */
    Tally senders() {
        return senders;
    }

    /** Names of verified certificates that no connector has, of clients that were refused. */
    Tally certificates() {
        return certificates;
    }

    /** The certificates that its connector pins by their files, the next to expire first. */
    List<Expiry> expiries() {
        return expiries.stream()
                .sorted(Comparator.comparing(Expiry::notAfter).thenComparing(Expiry::certificate))
                .toList();
    }

    /** Messages with a recipient that was accepted here. */
    long messages() {
        return messages;
    }

    /** When it was last seen, in milliseconds since 1970. */
    long last() {
        return last;
    }
}
