package io.github.orgmilter.delegation;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.log.LogLine;
import io.github.orgmilter.log.VerdictLine;
import io.github.orgmilter.milter.LiveSessions;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Client;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.SmtpReply;
import io.github.orgmilter.policy.Verdict;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Answers Postfix's questions from the same rules that the milter session decides by, and leaves what they say of the client's
 * certificate to that session.
 *
 * <p>Postfix does not say here how it resolved an address, and gives it without its quotes. So a recipient is granted only if
 * nothing of this can matter, and refused only if the milter would refuse it for certain; of all others Postfix's own restrictions
 * and then the milter have the word.
 */
final class Delegation {

    private static final Logger LOG = LoggerFactory.getLogger(Delegation.class);
    private static final String NO_SESSION = "-";

    private final Supplier<Configuration> configuration;
    private final LiveSessions liveSessions;
    private final DelegationObserver observer;

    Delegation(Supplier<Configuration> configuration, LiveSessions liveSessions, DelegationObserver observer) {
        this.configuration = configuration;
        this.liveSessions = liveSessions;
        this.observer = observer;
    }

    /** Leaves what the request says of the client's certificate to the milter session that it is about; that session's id. */
    Optional<String> tell(PolicyRequest request) {
        return request.endpoints().flatMap(endpoints -> liveSessions.tell(endpoints, request.presented()));
    }

    /** Decides about a recipient; anything else is not refused here. */
    Answer answer(PolicyRequest request, Optional<String> session) {
        if (!request.isAboutRecipient()) {
            return Answer.DUNNO;
        }
        Configuration current = configuration.get();
        Policy policy = current.policy();
        Client client = request.client();
        Envelope envelope = request.envelope();
        Address recipient = request.recipient();
        Verdict verdict = policy.decide(policy.identify(client), envelope, recipient);
        Answer answer =
                answer(verdict, envelope.sender(), recipient, current.settings().policyGrantsRelay());
        log(request, session, client, verdict, answer, policy.revision());
        observer.answered(answer.name());
        if (answer.refusal()) {
            observer.refused(verdict, policy.revision());
        }
        return answer;
    }

    private static Answer answer(Verdict verdict, Address sender, Address recipient, boolean grants) {
        if (!(recipient.given() instanceof Mailbox mailbox) || !mailbox.qualified()) {
            return Answer.DUNNO; // what Postfix makes of it decides
        }
        if (verdict instanceof Verdict.Accept accept) {
            return grants && accept.ground().isRelay() && !mailbox.hasRoutingCharacters() ? Answer.OK : Answer.DUNNO;
        }
        Optional<SmtpReply> refusal = verdict.reply().filter(reply -> !sender.isUncertain());
        return refusal.map(Answer::of).orElse(Answer.DUNNO);
    }

    /** What to say where the question could not be answered: the client is to try again, whatever Postfix would say next. */
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
                .from(request.envelope().sender().given().text())
                .to(request.recipient().given().text())
                .log(revision, answer.refusal() ? verdict.reply() : Optional.empty());
    }
}
