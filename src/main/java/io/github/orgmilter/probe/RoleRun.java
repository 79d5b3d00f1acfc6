package io.github.orgmilter.probe;

import io.github.orgmilter.probe.Attempt.Judgement;
import io.github.orgmilter.probe.Attempt.Source;
import io.github.orgmilter.probe.smtp.Answer;
import io.github.orgmilter.probe.smtp.Envelope;
import io.github.orgmilter.probe.smtp.Session;
import io.github.orgmilter.probe.smtp.Target;
import io.github.orgmilter.verdict.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tries all of a role's envelopes, in as many sessions as that takes, and gives up if the server stops answering, or is open. */
final class RoleRun {

    /** MTAs slow a session down, or end it, after some errors more (Postfix: {@code smtpd_soft_error_limit}). */
    private static final int REFUSALS_EACH = 8;

    private static final int FAILURES = 3; // in a row

    /**
     * Recipients relayed that should not be: that is proof enough. Each begins a message, and Postfix slows the mail of others down once a
     * hundred were begun and not sent ({@code in_flow_delay}).
     */
    private static final int MOST_RELAYED = 20;

    private final Target target;
    private final Pace pace;
    private final Role role;
    private final boolean utf8;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private @Nullable Session session;
    private int refusals;
    private int inARow;
    private int relayed;

    /** @param utf8 whether the server offers SMTPUTF8; what needs it is left out else */
    RoleRun(Target target, Pace pace, Role role, boolean utf8) {
        this.target = target;
        this.pace = pace;
        this.role = role;
        this.utf8 = utf8;
    }

    List<Attempt> attempts() {
        return attempts;
    }

    /** Why some were not tried, in sentences. */
    List<String> failures() {
        return failures;
    }

    void run() throws InterruptedException {
        try {
            for (Envelope envelope : role.envelopes()) {
                if (relayed == MOST_RELAYED) {
                    failures.add(role.name() + ": " + relayed
                            + " recipients were relayed that should not be, and the other spellings not tried");
                    return;
                }
                if (utf8 || !envelope.utf8()) {
                    Attempt attempt = attempt(envelope);
                    relayed += attempt.judgement() == Judgement.RELAYED ? 1 : 0;
                    attempts.add(attempt);
                }
            }
        } finally {
            end(true);
        }
    }

    private Attempt attempt(Envelope envelope) throws InterruptedException {
        Optional<Session.Outcome> outcome = outcome(envelope);
        if (outcome.isEmpty()) {
            outcome = outcome(envelope); // the server may just have closed a session that was too long for it
        }
        List<Verdict> expected = role.expectation().verdicts(envelope);
        Optional<Answer> answer = outcome.map(Session.Outcome::answer);
        return new Attempt(
                role.name(),
                envelope.name(),
                envelope.mail(),
                envelope.rcpt(),
                outcome.map(Session.Outcome::stage).orElse(""),
                answer,
                expected,
                answer.map(it -> Expectation.judge(it, expected)).orElse(Judgement.NO_ANSWER),
                answer.map(it -> role.expectation().source(it, expected, envelope))
                        .orElse(Source.NONE));
    }

    private Optional<Session.Outcome> outcome(Envelope envelope) throws InterruptedException {
        if (inARow >= FAILURES) {
            return Optional.empty();
        }
        pace.await();
        try {
            Session open = session();
            Session.Outcome outcome = open.attempt(envelope);
            if (outcome.answer().isLast()) {
                throw new IOException("the server answered " + outcome.stage() + " with " + outcome.answer());
            }
            refusals += outcome.answer().isPositive() ? 0 : 1;
            inARow = 0;
            if (refusals >= REFUSALS_EACH) {
                end(true);
            }
            return Optional.of(outcome);
        } catch (IOException e) {
            end(false);
            if (++inARow == FAILURES) {
                failures.add(role.name() + ": " + e.getMessage());
            }
            return Optional.empty();
        }
    }

    private Session session() throws IOException {
        if (session == null) {
            session = Session.open(target, role.tls(), role.credentials());
            refusals = 0;
        }
        return session;
    }

    private void end(boolean quit) {
        if (session == null) {
            return;
        }
        if (quit) {
            session.quit();
        }
        try {
            session.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        session = null;
    }
}
