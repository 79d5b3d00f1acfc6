package io.github.orgmilter.report;

import io.github.orgmilter.journal.LogEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Collects what lines have of each organization and connector. Whatever a log has in it, memory is bounded. */
public final class Report implements Consumer<LogEntry> {

    private static final int MOST_SECTIONS = 100_000;
    private static final int MOST_NAMES = 500_000; // of all sections together
    private static final int MOST_OPEN = 50_000; // sections of messages that have not ended
    private static final String EXPIRY =
            "When a certificate expires that is known by its name is not in the log: no MTA reports it.";
    private static final String NO_FILES = " With --config, the report has when those of certificate-files do.";

    private final Optional<String> only;
    private final Tally.Budget names = new Tally.Budget(MOST_NAMES);
    private final Map<String, Section> sections = new TreeMap<>(Comparator.naturalOrder());
    private final Map<String, Set<Section>> sessions = new LinkedHashMap<>();
    private final String remarkOnExpiry;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private long recipients;
    private long failures;
    private long withoutSection;
    private int open;
    private long forgotten;

    /**
     * Before the first line.
     *
     * @param only the organization that it is about; empty for all, and for what is no organization's
     * @param expiries the pinned certificates; empty if there is no configuration
     */
    public Report(Optional<String> only, Optional<List<Expiry>> expiries) {
        this.only = only;
        remarkOnExpiry = EXPIRY + (expiries.isPresent() ? "" : NO_FILES);
        expiries.stream()
                .flatMap(List::stream)
                .filter(expiry -> isAbout(expiry.organization()))
                .forEach(expiry -> sections.computeIfAbsent(
                                key(expiry.organization(), expiry.connector()),
                                any -> new Section(expiry.organization(), expiry.connector(), names))
                        .add(expiry));
    }

    private boolean isAbout(String organization) {
        return only.filter(name -> !name.equals(organization)).isEmpty();
    }

    private static String key(String organization, String connector) {
        return organization + "/" + connector;
    }

    @Override
    public void accept(LogEntry entry) {
        if (entry.kind() != LogEntry.Kind.MESSAGE && !entry.isAskedAgain()) {
            verdict(entry);
        }
        if (entry.endsMessage()) {
            message(entry);
        }
    }

    private void verdict(LogEntry entry) {
        if (entry.isFailure()) {
            failures++;
            return;
        }
        String organization = entry.outcome().organization();
        if (!isAbout(organization)) {
            return;
        }
        String key = key(organization, entry.outcome().connector());
        Section section = sections.get(key);
        if (section == null) {
            if (sections.size() >= MOST_SECTIONS) {
                withoutSection++;
                return;
            }
            section = new Section(organization, entry.outcome().connector(), names);
            sections.put(key, section);
        }
        recipients++;
        time(entry);
        section.add(entry);
        if (entry.kind() == LogEntry.Kind.RECIPIENT && entry.outcome().isAccepted()) {
            open(entry.session(), section);
        }
    }

    private void time(LogEntry entry) {
        long time = entry.time();
        if (time != Long.MIN_VALUE) {
            first = Math.min(first, time);
            last = Math.max(last, time);
        }
    }

    private void open(String session, Section section) {
        if (sessions.computeIfAbsent(session, any -> new LinkedHashSet<>()).add(section)) {
            open++;
        }
        Iterator<Set<Section>> oldest = sessions.values().iterator();
        while (open > MOST_OPEN) {
            open -= oldest.next().size();
            oldest.remove();
            forgotten++;
        }
    }

    private void message(LogEntry entry) {
        Set<Section> its = sessions.remove(entry.session());
        open -= its == null ? 0 : its.size();
        if (its != null && entry.isMessageAccepted()) {
            long time = entry.time();
            its.forEach(section -> section.addMessage(time));
        }
    }

    /** Whether the log had nothing of this. */
    public boolean isEmpty() {
        return recipients + withoutSection == 0;
    }

    /** In the order of organizations and connectors; what is no organization's first. */
    List<Section> sections() {
        return List.copyOf(sections.values());
    }

    /** The only organization. */
    Optional<String> only() {
        return only;
    }

    long recipients() {
        return recipients;
    }

    /** The time of the first line that has one, in milliseconds since 1970; {@link Long#MAX_VALUE} if none has. */
    long first() {
        return first;
    }

    /** The time of the last one. */
    long last() {
        return last;
    }

    /** What is not in the report, a sentence each. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (failures > 0 && only.isEmpty()) {
            remarks.add(
                    "Recipients that were deferred by a failure or stale data, and are not counted: " + failures + ".");
        }
        if (withoutSection > 0) {
            remarks.add("There are more than " + MOST_SECTIONS
                    + " organizations and connectors. Recipients of others, which are not counted: " + withoutSection
                    + ".");
        }
        if (forgotten > 0) {
            remarks.add("Messages that never ended, or were too many at once: " + forgotten + ".");
        }
        if (sections.values().stream()
                .anyMatch(section ->
                        section.senders().isCut() || section.certificates().isCut())) {
            remarks.add("Some lists had too many names; the rare ones are left out, and their numbers are too small.");
        }
        if (only.isPresent()) {
            remarks.add(
                    "Clients that no connector knows have no organization; they are in the report on the whole service.");
        }
        remarks.add(remarkOnExpiry);
        return remarks;
    }
}
