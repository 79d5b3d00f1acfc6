package io.github.orgmilter.milter;

import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.header.FromDomains.Syntax;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.log.LogLine;
import io.github.orgmilter.log.VerdictLine;
import io.github.orgmilter.milter.HeldVerdicts.Held;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.mta.MalformedFrameException;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of the milter sessions: a line for each verdict. Every line has the session id, because the MTA may not have a queue id
 * yet.
 */
final class SessionLog {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

    private static final String ONE = "1/1"; // as most messages have

    private static final String BEFORE_HEADERS =
            "the session began before a rule needed header fields; they are seen from the MTA's next connection on";
    private static final String WITHOUT_CHANGES = "the MTA does not let this milter change header fields";

    private SessionLog() {}

    /** Whether verdicts are logged. */
    static boolean isOn() {
        return LOG.isInfoEnabled();
    }

    /** A recipient that is refused. */
    static void refused(String sessionId, Message message, Held recipient) {
        if (isOn()) {
            LogLine line = line(sessionId, message);
            recipient(VerdictLine.of(line, recipient.verdict()), message, recipient)
                    .log(message.policy().revision(), recipient.verdict().reply());
        }
    }

    /** An accepted recipient for whose message there was no room to wait. */
    static void pending(String sessionId, Message message, Held recipient) {
        if (isOn()) {
            LogLine line = line(sessionId, message);
            VerdictLine verdictLine = VerdictLine.of(line, recipient.verdict()).outcome(Ending.PENDING);
            recipient(verdictLine, message, recipient).log(message.policy().revision(), Optional.empty());
        }
    }

    /**
     * An accepted recipient of a message that has ended, or was refused.
     *
     * @param refusal of the message, if it was
     * @param last whether it is the last one of its message, which has what is known of the whole
     */
    static void ended(
            String sessionId,
            Message message,
            Held recipient,
            Ending ending,
            Optional<SmtpReply> refusal,
            boolean last) {
        if (!isOn()) {
            return;
        }
        Verdict decided = recipient.verdict();
        boolean settled = decided instanceof Verdict.Provisional && ending.isDecided();
        Verdict verdict = settled ? message.settled(decided) : decided;
        LogLine line = line(sessionId, message);
        VerdictLine verdictLine =
                VerdictLine.of(line, verdict).provisional(decided).outcome(ending);
        recipient(verdictLine, message, recipient);
        if (last) {
            recipients(line, message);
            Optional<Verdict> header = message.header().verdict();
            if (header.isPresent()) { // whose line has the authors
                line.add("header", header.get().cause().key());
            } else {
                authors(line, message);
            }
        }
        verdictLine.log(message.policy().revision(), refusal);
    }

    private static VerdictLine recipient(VerdictLine line, Message message, Held recipient) {
        return line.client(recipient.client())
                .helo(message.helo())
                .from(message.sender(), false)
                .to(recipient.recipient(), false);
    }

    private static LogLine line(String sessionId, Message message) {
        return new LogLine(LOG, Level.INFO, sessionId, message.queueId());
    }

    /** A recipient that was not decided: it, or an earlier stage of its session, failed. */
    static void undecided(
            String sessionId, String queueId, Verdict verdict, String revision, Optional<String> recipient) {
        VerdictLine line = VerdictLine.of(new LogLine(LOG, Level.WARN, sessionId, queueId), verdict);
        recipient.ifPresent(line::to);
        line.log(revision, verdict.reply());
    }

    /** What was decided about a whole message by its header, and how it ended if that did not refuse it. */
    static void header(String sessionId, Verdict verdict, Message message, Ending ending) {
        if (isOn()) {
            LogLine line = line(sessionId, message);
            VerdictLine verdictLine = VerdictLine.of(line, verdict);
            if (verdict.reply().isEmpty()) {
                verdictLine.outcome(ending);
            }
            verdictLine
                    .client(message.identification().client())
                    .helo(message.helo())
                    .from(message.sender(), false);
            recipients(line, message);
            authors(line, message);
            verdictLine.log(message.policy().revision(), verdict.reply());
        }
    }

    /** How many were accepted, and of how many. */
    private static void recipients(LogLine line, Message message) {
        boolean one = message.accepted() == 1 && message.recipients() == 1;
        line.add("recipients", one ? ONE : message.accepted() + "/" + message.recipients());
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

    /** A recipient was deferred because of what the MTA allows of headers, logged once for a session. */
    static void headerMissed(String sessionId, Message message, HeaderAccess access) {
        new LogLine(LOG, Level.WARN, sessionId, message.queueId())
                .add("client", message.identification().client().display())
                .addText("remark", access == HeaderAccess.NONE ? BEFORE_HEADERS : WITHOUT_CHANGES)
                .log();
    }

    /** Something about the client's certificate, logged once for a connection. */
    static void remark(String sessionId, Client client, String text) {
        if (isOn()) {
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
