package io.github.orgmilter.delegation;

import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.authors.MessageDecision;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.log.LogLine;
import io.github.orgmilter.log.VerdictLine;
import io.github.orgmilter.milter.LiveSessions;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Answers Postfix's policy queries by the same rules as the milter session, and reports the client's certificate to that session.
 *
 * <p>A query has no resolved form of an address, and no quotes. So relaying is granted only if neither can matter, and a recipient
 * is refused only if the milter would refuse it for certain; all others are left to Postfix's own restrictions and then to the
 * milter.
 */
final class Delegation {

    private static final Logger LOG = LoggerFactory.getLogger(Delegation.class);
    private static final String NO_SESSION = "-";

    private final Supplier<Configuration> configuration;
    private final LiveSessions liveSessions;
    private final DelegationObserver observer;
    private final Optional<RecentVerdicts> verdicts;

    Delegation(
            Supplier<Configuration> configuration,
            LiveSessions liveSessions,
            DelegationObserver observer,
            Optional<RecentVerdicts> verdicts) {
        this.configuration = configuration;
        this.liveSessions = liveSessions;
        this.observer = observer;
        this.verdicts = verdicts;
    }

    /** Reports the client's certificate to the milter session that the query is about, and returns the session. */
    Optional<LiveSessions.Found> report(PolicyRequest request) {
        return request.endpoints().flatMap(endpoints -> liveSessions.report(endpoints, request.presented()));
    }

    /** Decides a recipient; a query that lacks the sender is answered 451, and one about anything else is never refused. */
    Answer answer(PolicyRequest request, Optional<LiveSessions.Found> session) {
        if (!request.isAboutRecipient()) {
            return Answer.DUNNO;
        }
        if (!request.hasAddresses()) {
            // Without a sender it would pass for a bounce.
            LOG.warn("a policy query about a recipient lacks sender= or recipient=, so the recipient is deferred;"
                    + " Postfix always gives both: check what else asks at policy-listen");
            return failed();
        }
        Configuration current = configuration.get();
        Policy policy = current.policy();
        Client client = request.client();
        Envelope envelope = request.envelope();
        Address recipient = request.recipient();
        Verdict verdict = policy.decide(policy.identify(client), envelope, recipient);
        Answer answer =
                answer(verdict, envelope.sender(), recipient, current.settings().policyGrantsRelay());
        if (answer.equals(Answer.OK)
                && MessageDecision.dependsOnHeader(policy, recipient, verdict)
                && session.filter(LiveSessions.Found::seesHeaders).isEmpty()) {
            // The grant would stand, whatever the header has.
            verdict = policy.tempfail();
            answer = verdict.reply().map(Answer::of).orElseThrow();
        }
        log(request, session.map(LiveSessions.Found::id), client, verdict, answer, policy.revision());
        observer.answered(answer.name());
        if (answer.refusal()) {
            observer.refused(verdict, policy.revision());
            record(request, session.map(LiveSessions.Found::id), client, verdict, policy.revision());
        }
        return answer;
    }

    // What is not refused here comes to the milter.
    private void record(
            PolicyRequest request, Optional<String> session, Client client, Verdict verdict, String revision) {
        if (verdicts.isPresent()) {
            verdicts.get()
                    .add(new RecentVerdict(
                            Instant.now(),
                            Optional.of(Mta.POSTFIX),
                            session.orElse(NO_SESSION),
                            request.queueId(),
                            client,
                            "",
                            request.envelope().sender(),
                            Optional.of(request.recipient()),
                            verdict,
                            Optional.empty(),
                            revision,
                            0));
        }
    }

    private static Answer answer(Verdict verdict, Address sender, Address recipient, boolean grants) {
        if (!(recipient.given() instanceof Mailbox mailbox) || !mailbox.qualified()) {
            return Answer.DUNNO; // what Postfix makes of it decides
        }
        Verdict passing = verdict instanceof Verdict.Provisional provisional ? provisional.passing() : verdict;
        if (passing instanceof Verdict.Accept accept) {
            return grants && accept.cause().isRelay() && !mailbox.hasRoutingCharacters() ? Answer.OK : Answer.DUNNO;
        }
        // Where Postfix resolves a sender to, no query says.
        Optional<SmtpReply> refusal = verdict.reply().filter(reply -> !sender.isUncertain() && !isUnqualified(sender));
        return refusal.map(Answer::of).orElse(Answer.DUNNO);
    }

    private static boolean isUnqualified(Address sender) {
        return sender.given() instanceof Mailbox mailbox && !mailbox.qualified();
    }

    /** The answer to a query that failed: the client must try again, whatever Postfix's next restriction would do. */
    Answer failed() {
        Answer answer =
                Answer.of(configuration.get().policy().options().replies().internal());
        observer.answered(answer.name());
        return answer;
    }

    private static void log(
            PolicyRequest request,
            Optional<String> session,
            Client client,
            Verdict verdict,
            Answer answer,
            String revision) {
        Level level = answer.equals(Answer.DUNNO) ? Level.DEBUG : Level.INFO;
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        LogLine line =
                new LogLine(LOG, level, session.orElse(NO_SESSION), request.queueId()).add("policy", answer.name());
        VerdictLine.of(line, verdict)
                .client(client)
                .from(request.envelope().sender(), true)
                .to(request.recipient(), true)
                .log(revision, answer.refusal() ? verdict.reply() : Optional.empty());
    }
}
