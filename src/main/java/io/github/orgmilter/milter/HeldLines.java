package io.github.orgmilter.milter;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The verdict lines of a message's recipients that wait for its end, so that each has what became of its recipient. What is kept is
 * bounded: a line for which there is no room is written at once.
 */
final class HeldLines {

    /** Octets that are kept of one message. */
    static final int MOST = 4 * 1024;

    private static final int CHARACTER = 2; // octets
    private static final int OVERHEAD = 256; // octets that a line takes besides its recipient

    /** What became of a recipient whose line was held back. */
    enum Outcome {
        /** The message was accepted. */
        ACCEPTED,
        /** The message was refused for good. */
        REFUSED,
        /** The message was refused for now. */
        DEFERRED,
        /** The MTA gave the message up, or began another one. */
        RESET,
        /** The session ended before the message. */
        LOST,
        /** There was no room to wait for it. */
        PENDING;

        /** That of a message that ended, by its refusal. */
        static Outcome of(Optional<SmtpReply> refusal) {
            if (refusal.isEmpty()) {
                return ACCEPTED;
            }
            return refusal.get().isTemporary() ? DEFERRED : REFUSED;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A line that waits.
     *
     * @param client as it was known at the recipient
     */
    record Held(Verdict verdict, Client client, Address recipient) {}

    private final List<Held> lines = new ArrayList<>(1);
    private int kept;

    /** Holds a line back; false if there is no room for it. */
    boolean hold(Held line) {
        int more = OVERHEAD + CHARACTER * line.recipient().given().text().length();
        if (kept + more > MOST) {
            return false;
        }
        kept += more;
        lines.add(line);
        return true;
    }

    /** All that were held back, in their order; none is afterwards. */
    List<Held> release() {
        List<Held> released = List.copyOf(lines);
        lines.clear();
        kept = 0;
        return released;
    }

    /** About how many octets are kept. */
    int kept() {
        return kept;
    }
}
