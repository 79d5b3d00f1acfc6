package io.github.orgmilter.replay;

import io.github.orgmilter.journal.Outcome;

/**
 * What changes, for all recipients alike.
 *
 * @param before without the reply
 * @param after likewise
 * @param senderDomain as a reply shows it
 */
record Difference(Kind kind, Outcome before, Outcome after, String senderDomain) implements Comparable<Difference> {

    /** How much changes; the more, the earlier. */
    enum Kind {
        /** The client is answered otherwise. */
        ANSWER,
        /** It is answered alike, for another cause or by another connector. */
        REASON,
        /** The text of the reply alone is another one. */
        REPLY
    }

    static Difference of(Outcome before, Outcome after, String senderDomain) {
        Kind kind = Kind.REPLY;
        if (!before.verdict().equals(after.verdict())) {
            kind = Kind.ANSWER;
        } else if (!before.withoutReply().equals(after.withoutReply())) {
            kind = Kind.REASON;
        }
        return new Difference(kind, before.withoutReply(), after.withoutReply(), senderDomain);
    }

    @Override
    public int compareTo(Difference other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : text().compareTo(other.text());
    }

    private String text() {
        return after.party() + " " + before.party() + " " + after.cause() + " " + before.cause() + " " + senderDomain;
    }
}
