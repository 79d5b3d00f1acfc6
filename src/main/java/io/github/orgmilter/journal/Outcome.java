package io.github.orgmilter.journal;

import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;

/**
 * What was decided, as a line has it.
 *
 * @param verdict {@code accept}, {@code reject} or {@code tempfail}
 * @param audit whether only audit let it pass
 * @param cause its key
 * @param organization empty without one
 * @param connector empty without one
 * @param reply the first line of the refusal; empty if there is none, whatever became of the message
 */
public record Outcome(
        String verdict, boolean audit, String cause, String organization, String connector, String reply) {

    private static final String ACCEPT = "accept";

    /** A message whose header refuses nothing. */
    public static final Outcome PASSED = new Outcome(ACCEPT, false, "header", "", "", "");

    public static Outcome of(Verdict verdict) {
        return new Outcome(
                verdict.action(),
                verdict.isAudited(),
                verdict.cause().key(),
                verdict.party().organization().orElse(""),
                verdict.party() instanceof ConnectorName connector ? connector.name() : "",
                verdict.reply().map(Outcome::firstLine).orElse(""));
    }

    private static String firstLine(SmtpReply reply) {
        return reply.lines().get(0);
    }

    /** That of a line. */
    static Outcome of(LogFields fields) {
        String connector = fields.get(LogKey.CONNECTOR);
        int slash = connector.indexOf('/');
        String verdict = fields.get(LogKey.VERDICT);
        return new Outcome(
                verdict,
                fields.has(LogKey.WOULD),
                fields.get(LogKey.CAUSE),
                slash < 0 ? fields.get(LogKey.ORGANIZATION) : connector.substring(0, slash),
                connector.substring(slash + 1),
                verdict.equals(ACCEPT) ? "" : fields.get(LogKey.REPLY));
    }

    public boolean isAccepted() {
        return verdict.equals(ACCEPT);
    }

    /** Whose it is, as {@code contoso/headquarters} or {@code contoso}; empty if it is nobody's. */
    public String party() {
        return connector.isEmpty() ? organization : organization + "/" + connector;
    }

    /** The same without the reply, which names the client. */
    public Outcome withoutReply() {
        return new Outcome(verdict, audit, cause, organization, connector, "");
    }
}
