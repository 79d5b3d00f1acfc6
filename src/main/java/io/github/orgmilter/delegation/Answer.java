package io.github.orgmilter.delegation;

import io.github.orgmilter.verdict.SmtpReply;

/**
 * The answer to a policy query, as an action of access(5).
 *
 * @param name for logs and metrics
 * @param refusal whether the recipient is refused, for now or for good
 */
record Answer(String name, String action, boolean refusal) {

    /** Relaying is granted. */
    static final Answer OK = new Answer("ok", "OK", false);

    /** Left to the restrictions that follow. */
    static final Answer DUNNO = new Answer("dunno", "DUNNO", false);

    /** A refusal; the protocol has room for one line. */
    static Answer of(SmtpReply reply) {
        String line = reply.code() + " " + reply.enhancedCode() + " " + String.join(" ", reply.texts());
        return new Answer(
                reply.isTemporary() ? "defer" : "reject",
                line.substring(0, Math.min(line.length(), SmtpReply.MAX_LINE)),
                true);
    }
}
