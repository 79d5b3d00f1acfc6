package io.github.orgmilter.milter;

import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.policy.Client;
import io.github.orgmilter.policy.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines that a postmaster reads: one a verdict, one at the end of a message, each with the queue id in front as Postfix writes
 * it, and the session id, since the MTA may have no queue id yet.
 */
final class SessionLog {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);
    private static final String NO_QUEUE_ID = "NOQUEUE";

    private SessionLog() {}

    static void verdict(
            String sessionId,
            String queueId,
            Verdict verdict,
            Message message,
            String helo,
            EnvelopeAddress recipient) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        Client client = message.identification().client();
        StringBuilder line = verdictLine(sessionId, queueId, verdict);
        verdict.organization().ifPresent(organization -> {
            boolean connected = verdict.connector().isPresent();
            line.append(connected ? " connector=" : " organization=").append(LogText.escape(organization));
            verdict.connector().ifPresent(connector -> line.append('/').append(LogText.escape(connector)));
        });
        line.append(" client=").append(LogText.escape(client.display()));
        client.certificateName().ifPresent(name -> line.append(" cert=").append(LogText.escape(name.text())));
        if (client.encrypted()) {
            line.append(" tls=yes");
        }
        if (!helo.isEmpty()) {
            line.append(" helo=").append(LogText.escape(helo));
        }
        line.append(" from=<").append(LogText.escape(message.sender().given().text()));
        line.append("> to=<").append(LogText.escape(recipient.text())).append('>');
        appendEnd(line, verdict, message.revision());
        LOG.info(line.toString());
    }

    /** A recipient about which nothing is known but that an earlier stage of its session failed. */
    static void undecided(
            String sessionId, String queueId, Verdict verdict, String revision, EnvelopeAddress recipient) {
        StringBuilder line = verdictLine(sessionId, queueId, verdict)
                .append(" to=<")
                .append(LogText.escape(recipient.text()))
                .append('>');
        appendEnd(line, verdict, revision);
        LOG.warn(line.toString());
    }

    static void endOfMessage(String sessionId, String queueId, Message message) {
        if (LOG.isInfoEnabled()) {
            LOG.info(line(sessionId, queueId)
                    .append(" message recipients=")
                    .append(message.accepted())
                    .append('/')
                    .append(message.recipients())
                    .append(" from=<")
                    .append(LogText.escape(message.sender().given().text()))
                    .append('>')
                    .toString());
        }
    }

    /** Something that a postmaster wants to know of the connection, said once. */
    static void remark(String sessionId, Client client, String text) {
        if (LOG.isInfoEnabled()) {
            LOG.info(line(sessionId, "")
                    .append(" client=")
                    .append(LogText.escape(client.display()))
                    .append(" remark=\"")
                    .append(LogText.escape(text).replace("\\u{20}", " "))
                    .append('"')
                    .toString());
        }
    }

    static void failure(String sessionId, String queueId, String stage, Throwable cause) {
        String line = line(sessionId, queueId).append(" failure stage=").append(stage).toString();
        if (cause instanceof MalformedFrameException) {
            LOG.warn("{} reason=\"{}\"", line, cause.getMessage());
        } else {
            LOG.error(line, cause);
        }
    }

    private static StringBuilder line(String sessionId, String queueId) {
        return new StringBuilder(256)
                .append(queueId.isEmpty() ? NO_QUEUE_ID : LogText.escape(queueId))
                .append(": session=")
                .append(sessionId);
    }

    private static StringBuilder verdictLine(String sessionId, String queueId, Verdict verdict) {
        return line(sessionId, queueId)
                .append(" verdict=")
                .append(verdict.action())
                .append(verdict instanceof Verdict.Audit ? " would=reject cause=" : " cause=")
                .append(verdict.cause());
    }

    private static void appendEnd(StringBuilder line, Verdict verdict, String revision) {
        line.append(" config=").append(revision);
        verdict.reply().ifPresent(reply -> line.append(" reply=\"")
                .append(reply.lines().get(0).replace("\\", "\\\\").replace("\"", "\\\""))
                .append('"'));
    }
}
