package io.github.orgmilter.milter;

import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.policy.Client;
import io.github.orgmilter.policy.PresentedCertificate;
import io.github.orgmilter.policy.SmtpReply;
import io.github.orgmilter.policy.Verdict;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The lines that a postmaster reads: one a verdict, one at the end of a message. Each has the session id, since the MTA may have
 * no queue id yet.
 */
final class SessionLog {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

    private SessionLog() {}

    static void verdict(
            String sessionId, Verdict verdict, Message message, String helo, EnvelopeAddress recipient) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        Client client = message.identification().client();
        LogLine line = line(Level.INFO, sessionId, message.queueId(), verdict);
        verdict.organization()
                .ifPresent(organization -> verdict.connector()
                        .ifPresentOrElse(
                                connector -> line.add("connector", organization + "/" + connector),
                                () -> line.add("organization", organization)));
        line.add("client", client.display());
        client.certificateName().ifPresent(name -> line.add("cert", name.text()));
        client.presented()
                .flatMap(PresentedCertificate::certificate)
                .ifPresent(fingerprint -> line.add("fingerprint", fingerprint.toString()));
        if (client.encrypted()) {
            line.add("tls", "yes");
        }
        if (!helo.isEmpty()) {
            line.add("helo", helo);
        }
        line.addAddress("from", message.sender().given().text());
        line.addAddress("to", recipient.text());
        line.add("config", message.policy().revision());
        addReply(line, verdict);
        line.log();
    }

    /** A recipient about which nothing is known but that it, or an earlier stage of its session, failed. */
    static void undecided(
            String sessionId, String queueId, Verdict verdict, String revision, Optional<String> recipient) {
        LogLine line = line(Level.WARN, sessionId, queueId, verdict);
        recipient.ifPresent(address -> line.addAddress("to", address));
        line.add("config", revision);
        addReply(line, verdict);
        line.log();
    }

    static void endOfMessage(String sessionId, Message message) {
        if (LOG.isInfoEnabled()) {
            LogLine line = new LogLine(LOG, Level.INFO, sessionId, message.queueId())
                    .event("message")
                    .add("recipients", message.accepted() + "/" + message.recipients())
                    .addAddress("from", message.sender().given().text());
            addReply(line, message.refusalAtEnd());
            line.log();
        }
    }

    /** Something that a postmaster wants to know of the connection, said once. */
    static void remark(String sessionId, Client client, String text) {
        if (LOG.isInfoEnabled()) {
            new LogLine(LOG, Level.INFO, sessionId, "")
                    .add("client", client.display())
                    .addText("remark", text)
                    .log();
        }
    }

    /** A limit that the session has reached; said once for each. */
    static void limit(String sessionId, String queueId, Limit limit) {
        String action = limit.isFinal() ? "close" : limit == Limit.UNREAD_OUTPUT ? "wait" : "tempfail";
        new LogLine(LOG, Level.WARN, sessionId, queueId)
                .add("limit", limit.key())
                .add("action", action)
                .log();
    }

    static void failure(String sessionId, String queueId, String stage, Throwable cause) {
        boolean ofThePeer = cause instanceof MalformedFrameException;
        LogLine line = new LogLine(LOG, ofThePeer ? Level.WARN : Level.ERROR, sessionId, queueId)
                .event("failure")
                .add("stage", stage);
        if (ofThePeer) {
            line.addText("reason", String.valueOf(cause.getMessage())).log();
        } else {
            line.log(cause);
        }
    }

    private static LogLine line(Level level, String sessionId, String queueId, Verdict verdict) {
        LogLine line = new LogLine(LOG, level, sessionId, queueId).add("verdict", verdict.action());
        if (verdict instanceof Verdict.Audit) {
            line.add("would", "reject");
        }
        return line.add("cause", verdict.cause());
    }

    private static void addReply(LogLine line, Verdict verdict) {
        addReply(line, verdict.reply());
    }

    private static void addReply(LogLine line, Optional<SmtpReply> reply) {
        reply.map(SmtpReply::lines).ifPresent(lines -> line.addText("reply", lines.get(0)));
    }
}
