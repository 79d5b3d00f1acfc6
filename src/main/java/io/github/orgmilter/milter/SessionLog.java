package io.github.orgmilter.milter;

import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.header.FromDomains.Syntax;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.log.LogLine;
import io.github.orgmilter.log.VerdictLine;
import io.github.orgmilter.milter.HeldLines.Outcome;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.mta.MalformedFrameException;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Verdict;
import java.util.Optional;
import java.util.stream.Collectors;
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

    static void verdict(String sessionId, Verdict verdict, Message message, String helo, Address recipient) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        boolean provisional = verdict instanceof Verdict.Provisional;
        if (provisional && message.hold(verdict, recipient)) {
            return;
        }
        VerdictLine line = verdictLine(Level.INFO, sessionId, message.queueId(), verdict);
        if (provisional) {
            line.outcome(Outcome.PENDING.key());
        }
        line.client(message.identification().client())
                .helo(helo)
                .from(message.sender(), false)
                .to(recipient, false)
                .log(message.policy().revision(), verdict.reply());
    }

    /** The lines that were held back until the message ended. */
    static void held(String sessionId, Message message, String helo, Outcome outcome) {
        boolean decided = outcome == Outcome.ACCEPTED || outcome == Outcome.REFUSED || outcome == Outcome.DEFERRED;
        for (HeldLines.Held held : message.release()) {
            Verdict verdict = decided ? message.settled(held.verdict()) : held.verdict();
            verdictLine(Level.INFO, sessionId, message.queueId(), verdict)
                    .provisional(held.verdict())
                    .outcome(outcome.key())
                    .client(held.client())
                    .helo(helo)
                    .from(message.sender(), false)
                    .to(held.recipient(), false)
                    .log(message.policy().revision(), decided ? message.refusalAtEnd() : Optional.empty());
        }
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
            LogLine line = new LogLine(LOG, Level.INFO, sessionId, message.queueId());
            VerdictLine verdictLine = VerdictLine.of(line, verdict)
                    .client(message.identification().client())
                    .helo(helo)
                    .from(message.sender(), false);
            recipients(line, message);
            authors(line, message);
            verdictLine.log(message.policy().revision(), verdict.reply());
        }
    }

    /** How many were accepted, and of how many. */
    private static void recipients(LogLine line, Message message) {
        line.add("recipients", message.accepted() + "/" + message.recipients());
    }

    /** Whose domains the authors have, where something was decided by them. */
    private static void authors(LogLine line, Message message) {
        Optional<FromDomains> from = message.header().authors();
        if (from.isPresent()) {
            String domains = from.get().domains().stream()
                    .map(DomainName::ascii)
                    .sorted()
                    .collect(Collectors.joining(","));
            line.add("authors", domains.isEmpty() ? "-" : domains);
            if (from.get().syntax() == Syntax.INVALID) {
                line.add("authors-syntax", "invalid");
            }
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
            LogLine line = new LogLine(LOG, Level.INFO, sessionId, message.queueId()).event("message");
            recipients(line, message);
            line.addAddress("from", message.sender().given().text());
            if (message.header().verdict().isEmpty()) { // else the line about that has them
                authors(line, message);
            }
            line.addReply(message.refusalAtEnd()).log();
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
