package io.github.orgmilter.activity;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.Verdict;
import java.time.Instant;
import java.util.Optional;

/**
 * A verdict with all that it depended on.
 *
 * @param mta who asked; empty if it did not name itself
 * @param session the id of the milter session, as in the log
 * @param queueId empty if the MTA had none yet
 * @param helo empty if there was none
 * @param recipient empty for a verdict on a whole message
 * @param ending what became of an accepted recipient, or of a message whose header was not refused; empty for a refusal
 * @param revision the short id of the configuration that decided
 * @param nanoseconds how long the decision took; 0 if it was not measured
 */
public record RecentVerdict(
        Instant when,
        Optional<Mta> mta,
        String session,
        String queueId,
        Client client,
        String helo,
        Address sender,
        Optional<Address> recipient,
        Verdict verdict,
        Optional<Ending> ending,
        String revision,
        long nanoseconds) {

    /** {@code accept}, {@code reject}, {@code tempfail}, or {@code audit} for what is accepted only by {@code mode = audit}. */
    public String action() {
        return verdict.isAudited() ? "audit" : verdict.action();
    }
}
