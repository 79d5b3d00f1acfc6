package io.github.orgmilter.replay;

import io.github.orgmilter.explain.Reasoning;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.journal.LogEntry;
import io.github.orgmilter.journal.Outcome;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.replay.HeaderReplay.MissingException;
import io.github.orgmilter.replay.OpenMessages.Recipient;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides again what the lines of a log tell, by a new policy, and compares that with what was decided, or with what an old policy
 * decides. What a line does not tell is not guessed: such a recipient is counted as undecided.
 */
public final class Replay implements Consumer<LogEntry> {

    private static final String HEADER = "header"; // a fact that a line lacks

    private final Decider after;
    private final Optional<Decider> before;
    private final boolean headers;
    private final OpenMessages messages = new OpenMessages();
    private final Differences differences = new Differences();
    private final Undecided undecided = new Undecided();
    private long recipients;
    private long decidedMessages;
    private long failures;
    private long queries;

    /**
     * Before the first line.
     *
     * @param old empty if the log itself has what was decided
     */
    public Replay(Policy current, Optional<Policy> old) {
        after = new Decider(current);
        before = old.map(Decider::new);
        headers = isByHeader(current) || old.filter(Replay::isByHeader).isPresent();
    }

    private static boolean isByHeader(Policy policy) {
        return !policy.authorProtectors().isEmpty();
    }

    @Override
    public void accept(LogEntry entry) {
        switch (entry.kind()) {
            case RECIPIENT -> recipient(entry);
            case HEADER -> {
                int count = entry.recipients().orElse(Integer.MAX_VALUE); // a line of an older version has none
                Optional<List<Recipient>> its =
                        headers ? messages.headerDecided(entry.session(), count) : Optional.of(List.of());
                if (!HeaderReplay.isByRecipients(entry)) {
                    header(entry, its);
                }
            }
            case MESSAGE -> {}
        }
        if (headers && entry.endsMessage() && !entry.isHeaderDecided()) {
            message(entry);
        }
    }

    private void recipient(LogEntry entry) {
        if (entry.isAskedAgain()) {
            queries++;
            return;
        }
        if (headers && !entry.isQuery() && entry.hasFacts()) {
            messages.add(entry);
        }
        if (entry.isFailure()) {
            failures++;
            return;
        }
        Optional<String> lacking = lacking(entry);
        if (lacking.isPresent()) {
            undecided(lacking.get(), entry);
            return;
        }
        Optional<Outcome> past = before.isPresent() ? before.get().outcome(entry) : Optional.of(entry.outcome());
        Optional<Outcome> present = after.outcome(entry);
        if (past.isEmpty() || present.isEmpty() || requiresOtherHeaders(entry)) {
            undecided(HEADER, entry);
            return;
        }
        recipients++;
        Outcome was = past.get();
        Outcome is = present.get();
        if (differ(was, is, entry)) {
            differences.add(
                    Difference.of(was, is, entry.sender().shownDomain()),
                    () -> new Example(
                            place(entry),
                            entry.summary(),
                            was,
                            is,
                            Optional.of(new Example.Recipient(
                                    entry.client(), new Envelope(entry.sender()), entry.recipient()))));
        }
    }

    private Optional<String> lacking(LogEntry entry) {
        if (!entry.cut().isEmpty()) {
            return Optional.of("the whole of " + String.join(" and ", entry.cut()));
        }
        Client client = entry.client();
        return after.lacking(client).or(() -> before.flatMap(old -> old.lacking(client)));
    }

    /** Whether the header had to show something else by the old policy than by the new one. */
    private boolean requiresOtherHeaders(LogEntry entry) {
        return after.decide(entry) instanceof Verdict.Provisional
                && before.filter(old -> !old.required(entry).equals(after.required(entry)))
                        .isPresent();
    }

    /** A reply that the line has only in part is not compared. */
    private boolean differ(Outcome was, Outcome is, LogEntry entry) {
        boolean wholeReply = before.isPresent() || !entry.isReplyCut();
        return wholeReply ? !was.equals(is) : !was.withoutReply().equals(is.withoutReply());
    }

    private void message(LogEntry entry) {
        Optional<List<Recipient>> its =
                messages.end(entry.session(), entry.recipients().orElse(0));
        if (entry.isMessageDecided()) {
            header(entry, its);
        }
    }

    private void header(LogEntry entry, Optional<List<Recipient>> itsRecipients) {
        if (itsRecipients.isEmpty()) {
            undecided("its other lines", entry);
            return;
        }
        try {
            Outcome was = before.isPresent()
                    ? HeaderReplay.decide(before.get(), itsRecipients.get(), entry)
                    : entry.kind() == LogEntry.Kind.HEADER ? entry.outcome() : Outcome.PASSED;
            Outcome is = HeaderReplay.decide(after, itsRecipients.get(), entry);
            boolean decidedBefore =
                    entry.kind() == LogEntry.Kind.MESSAGE && itsRecipients.get().isEmpty();
            if (!was.equals(is) && dependsOnHeader(entry)) {
                undecided(HEADER, entry);
                return;
            }
            decidedMessages += decidedBefore ? 0 : 1;
            if (differ(was, is, entry)) {
                differences.add(
                        Difference.of(was, is, entry.sender().shownDomain()),
                        () -> new Example(place(entry), entry.summary(), was, is, Optional.empty()));
            }
        } catch (MissingException e) {
            undecided(String.valueOf(e.getMessage()), entry);
        }
    }

    /** Whether the header may have identified the client: then it is not known whose authors it may have. */
    private boolean dependsOnHeader(LogEntry entry) {
        return entry.hasFacts()
                && (after.dependsOnHeader(entry.client())
                        || before.filter(old -> old.dependsOnHeader(entry.client()))
                                .isPresent());
    }

    private void undecided(String fact, LogEntry entry) {
        undecided.add(fact, place(entry));
    }

    private static String place(LogEntry entry) {
        return entry.file() + ":" + entry.number();
    }

    /** Whether anything differs. */
    public boolean hasDifferences() {
        return !differences.isEmpty();
    }

    /** How many recipients were decided again. */
    public long recipients() {
        return recipients;
    }

    /** How the new policy comes to its verdict; empty for a message. */
    List<String> reasonsAfter(Example example) {
        return example.recipient().map(after::explain).map(Reasoning::of).orElse(List.of());
    }

    /** How the old one does; empty if the log alone has what was decided. */
    List<String> reasonsBefore(Example example) {
        return before.flatMap(old -> example.recipient().map(old::explain))
                .map(Reasoning::of)
                .orElse(List.of());
    }

    Differences differences() {
        return differences;
    }

    Undecided undecided() {
        return undecided;
    }

    /** How many messages were decided again by their authors. */
    long messages() {
        return decidedMessages;
    }

    /** How many recipients a failure had decided, or data that was too old. */
    long failures() {
        return failures;
    }

    /** How many policy queries were passed over, because the milter was asked about the same recipient. */
    long queries() {
        return queries;
    }
}
