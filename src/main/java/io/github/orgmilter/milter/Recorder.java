package io.github.orgmilter.milter;

import io.github.orgmilter.activity.Journal;
import io.github.orgmilter.activity.Outcome;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Verdict;
import java.time.Instant;
import java.util.Optional;

/** Keeps the verdicts of a session for the console, if there is one. */
final class Recorder {

    private final Optional<Journal> journal;
    private final String session;

    Recorder(Optional<Journal> journal, String session) {
        this.journal = journal;
        this.session = session;
    }

    /**
     * Keeps a verdict.
     *
     * @param recipient empty if it is about the whole message
     * @param nanoseconds how long the decision took; 0 if it was not measured
     */
    void record(Verdict verdict, Connection connection, Message about, Optional<Address> recipient, long nanoseconds) {
        if (journal.isEmpty()) {
            return;
        }
        journal.get()
                .add(new Outcome(
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
