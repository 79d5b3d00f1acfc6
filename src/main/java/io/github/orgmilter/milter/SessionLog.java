package io.github.orgmilter.milter;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.log.LogLine;
import io.github.orgmilter.log.VerdictLine;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.mta.MalformedFrameException;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.verdict.Verdict;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of the milter sessions: a line for each verdict, and one at the end of each message. Every line has the session id,
 * because the MTA may not have a queue id yet.
 */
final class SessionLog {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

    private static final String BEFORE_HEADERS =
            "the session began before a rule needed header fields; they are seen from the MTA's next connection on";
    private static final String WITHOUT_CHANGES = "the MTA does not let this milter change header fields";

    private SessionLog() {}

    static void verdict(String sessionId, Verdict verdict, Message message, String helo, EnvelopeAddress recipient) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        verdictLine(Level.INFO, sessionId, message.queueId(), verdict)
                .client(message.identification().client())
                .helo(helo)
                .from(message.sender().given().text())
                .to(recipient.text())
                .log(message.policy().revision(), verdict.reply());
    }

    /** A recipient that was not decided: it, or an earlier stage of its session, failed. */
    static void undecided(
            String sessionId, String queueId, Verdict verdict, String revision, Optional<String> recipient) {
        VerdictLine line = verdictLine(Level.WARN, sessionId, queueId, verdict);
        recipient.ifPresent(line::to);
        line.log(revision, verdict.reply());
    }

    private static VerdictLine verdictLine(Level level, String sessionId, String queueId, Verdict verdict) {
        return VerdictLine.of(new LogLine(LOG, level, sessionId, queueId), verdict);
    }

    /** What was decided about a whole message by its header. */
    static void header(String sessionId, Verdict verdict, Message message, String helo) {
        if (LOG.isInfoEnabled()) {
            verdictLine(Level.INFO, sessionId, message.queueId(), verdict)
                    .client(message.identification().client())
                    .helo(helo)
                    .from(message.sender().given().text())
                    .log(message.policy().revision(), verdict.reply());
        }
    }

    /** A recipient was put off because of what the MTA allows of headers, logged once for a session. */
    static void headerMissed(String sessionId, Message message, HeaderAccess access) {
        new LogLine(LOG, Level.WARN, sessionId, message.queueId())
                .add("client", message.identification().client().display())
                .addText("remark", access == HeaderAccess.NONE ? BEFORE_HEADERS : WITHOUT_CHANGES)
                .log();
    }

    static void endOfMessage(String sessionId, Message message) {
        if (LOG.isInfoEnabled()) {
            new LogLine(LOG, Level.INFO, sessionId, message.queueId())
                    .event("message")
                    .add("recipients", message.accepted() + "/" + message.recipients())
                    .addAddress("from", message.sender().given().text())
                    .addReply(message.refusalAtEnd())
                    .log();
        }
    }

    /** Something about the client's certificate, logged once for a connection. */
    static void remark(String sessionId, Client client, String text) {
        if (LOG.isInfoEnabled()) {
            new LogLine(LOG, Level.INFO, sessionId, "")
                    .add("client", client.display())
                    .addText("remark", text)
                    .log();
        }
    }

    /** A limit that the session has reached, logged once for each. */
    static void limit(String sessionId, String queueId, Limit limit) {
        new LogLine(LOG, Level.WARN, sessionId, queueId)
                .add("limit", limit.key())
                .add("action", limit.action())
                .log();
    }

    static void failure(String sessionId, String queueId, String stage, Throwable cause) {
        boolean byThePeer = cause instanceof MalformedFrameException;
        LogLine line = new LogLine(LOG, byThePeer ? Level.WARN : Level.ERROR, sessionId, queueId)
                .event("failure")
                .add("stage", stage);
        if (byThePeer) {
            line.addText("reason", String.valueOf(cause.getMessage())).log();
        } else {
            line.log(cause);
        }
    }
}
