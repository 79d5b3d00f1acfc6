package io.github.orgmilter.milter;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * The accepted recipients of a message that are reported when it ends, so that each is reported with what became of it. What is kept
 * is bounded: a recipient for which there is no room is reported at once.
 */
final class HeldVerdicts {

    /** Octets that are kept of one message. */
    static final int MOST = 4 * 1024;

    private static final int CHARACTER = 2; // octets
    private static final int OVERHEAD = 256; // octets that a recipient takes besides its text

    /**
     * A recipient that waits.
     *
     * @param client as it was known at the recipient
     * @param nanoseconds how long the decision took
     */
    record Held(Verdict verdict, Client client, Address recipient, long nanoseconds) {}

    private List<Held> all = List.of();
    private int kept;

    /** Holds a recipient back; false if there is no room for it. */
    boolean hold(Held recipient) {
        int more = OVERHEAD + CHARACTER * recipient.recipient().given().text().length();
        if (kept + more > MOST) {
            return false;
        }
        if (kept == 0) {
            all = new ArrayList<>(1); // most messages have one
        }
        kept += more;
        all.add(recipient);
        return true;
    }

    /** All that were held back, in their order; none is afterwards. */
    List<Held> release() {
        List<Held> released = all;
        all = List.of();
        kept = 0;
        return released;
    }

    /** About how many octets are kept. */
    int kept() {
        return kept;
    }
}
