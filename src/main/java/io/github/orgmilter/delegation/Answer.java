package io.github.orgmilter.delegation;

import io.github.orgmilter.policy.SmtpReply;

/**
 * What Postfix is to do, as an action of access(5).
 *
 * @param name for logs and metrics
 * @param refusal whether the recipient is refused, for now or for good
 */
record Answer(String name, String action, boolean refusal) {

    /** Relaying is granted. */
    static final Answer OK = new Answer("ok", "OK", false);

    /** The restrictions that follow have the word. */
    static final Answer DUNNO = new Answer("dunno", "DUNNO", false);

    /** A refusal; the protocol has room for one line of it. */
    static Answer of(SmtpReply reply) {
        String line = reply.code() + " " + reply.enhancedCode() + " " + String.join(" ", reply.texts());
        return new Answer(
                reply.code() < 500 ? "defer" : "reject",
                line.substring(0, Math.min(line.length(), SmtpReply.MAX_LINE)),
                true);
    }
}
