package io.github.orgmilter.milter;

import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Verdict;
import java.time.Instant;
import java.util.Optional;

/** Keeps the verdicts of a session for the console, if there is one. */
final class Recorder {

    private final Optional<RecentVerdicts> verdicts;
    private final String session;

    Recorder(Optional<RecentVerdicts> verdicts, String session) {
        this.verdicts = verdicts;
        this.session = session;
    }

    /**
     * Keeps a verdict.
     *
     * @param recipient empty if it is about the whole message
     * @param nanoseconds how long the decision took; 0 if it was not measured
     */
    void record(Verdict verdict, Connection connection, Message about, Optional<Address> recipient, long nanoseconds) {
        if (verdicts.isEmpty()) {
            return;
        }
        verdicts.get()
                .add(new RecentVerdict(
                        Instant.now(),
                        connection.dialect().mta(),
                        session,
                        about.queueId(),
                        about.identification().client(),
                        connection.helo(),
                        about.sender(),
                        recipient,
                        verdict,
                        about.policy().revision(),
                        nanoseconds));
    }
}
