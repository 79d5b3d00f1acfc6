package io.github.orgmilter.milter;

import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.milter.HeldVerdicts.Held;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reports the verdicts of a session, to the log and to the console: a refusal at once, and an accepted recipient when its message
 * ends, since only then there is a queue id for sure, and an outcome.
 */
final class Reporter {

    private final Optional<RecentVerdicts> recent;
    private final String session;

    /** @param recent what the console shows, if there is one */
    Reporter(Optional<RecentVerdicts> recent, String session) {
        this.recent = recent;
        this.session = session;
    }

    /** A recipient was decided. */
    void recipient(Optional<Mta> mta, Message message, Verdict verdict, Address recipient, long nanoseconds) {
        if (recent.isEmpty() && !SessionLog.isOn()) {
            return;
        }
        Held held = new Held(verdict, message.identification().client(), recipient, nanoseconds);
        if (verdict.reply().isPresent()) {
            SessionLog.refused(session, message, held);
            record(mta, message, held, Optional.empty());
        } else if (!message.hold(held)) {
            SessionLog.pending(session, message, held);
            record(mta, message, held, Optional.of(Ending.PENDING));
        }
    }

    /**
     * A message ended, or was refused before; what has been reported of it is not reported again.
     *
     * @param refusal what it was refused with, if it was
     */
    void ended(Optional<Mta> mta, Message message, Ending ending, Optional<SmtpReply> refusal) {
        List<Held> released = message.release();
        Optional<Ending> ended = Optional.of(ending);
        for (int i = 0; i < released.size(); i++) {
            Held held = released.get(i);
            SessionLog.ended(session, message, held, ending, refusal, i == released.size() - 1);
            record(mta, message, held, ended);
        }
        Optional<Verdict> header = message.releaseHeader();
        if (header.isPresent()) {
            SessionLog.header(session, header.get(), message, ending);
            record(
                    mta,
                    message,
                    header.get(),
                    message.identification().client(),
                    Optional.empty(),
                    0,
                    header.get().reply().isPresent() ? Optional.empty() : Optional.of(ending));
        }
    }

    private void record(Optional<Mta> mta, Message message, Held held, Optional<Ending> ending) {
        if (recent.isPresent()) {
            Optional<Address> recipient = Optional.of(held.recipient());
            record(mta, message, held.verdict(), held.client(), recipient, held.nanoseconds(), ending);
        }
    }

    private void record(
            Optional<Mta> mta,
            Message message,
            Verdict verdict,
            Client client,
            Optional<Address> recipient,
            long nanoseconds,
            Optional<Ending> ending) {
        if (recent.isPresent()) {
            recent.get()
                    .add(new RecentVerdict(
                            Instant.now(),
                            mta,
                            session,
                            message.queueId(),
                            client,
                            message.helo(),
                            message.sender(),
                            recipient,
                            verdict,
                            ending,
                            message.policy().revision(),
                            nanoseconds));
        }
    }
}
