package io.github.orgmilter.probe;

import io.github.orgmilter.probe.smtp.Answer;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * An envelope that was tried, and what came of it.
 *
 * @param role who tried it
 * @param stage the command that the answer is to: MAIL or RCPT
 * @param answer empty if there was none
 * @param expected what the configuration answers: two verdicts if it depends on whether the MTA verified the certificate
 */
public record Attempt(
        String role,
        String name,
        String mail,
        String rcpt,
        String stage,
        Optional<Answer> answer,
        List<Verdict> expected,
        Judgement judgement,
        Source source) {

    /** How an answer compares with the configuration. */
    public enum Judgement {
        /** The server did what the configuration says. */
        AS_EXPECTED,
        /** It accepted a recipient that the configuration refuses. */
        RELAYED,
        /** It refused for good what the configuration accepts. */
        STRICTER,
        /** It deferred what the configuration refuses or accepts: that shows nothing. */
        DEFERRED,
        /** It did not answer. */
        NO_ANSWER
    }

    /** Whose refusal it seems to be. */
    public enum Source {
        /** It is not a refusal. */
        NONE,
        /** The reply is OrgMilter's. */
        ORGMILTER,
        /** The MTA's own relay control, by its words. */
        RELAY_CONTROL,
        /** Something else, such as the syntax, or a list of bad senders. */
        OTHER
    }

    public Attempt {
        expected = List.copyOf(expected);
    }

    /** Whether it shows that the server does not relay this. */
    boolean isConclusive() {
        return judgement != Judgement.DEFERRED && judgement != Judgement.NO_ANSWER;
    }
}
