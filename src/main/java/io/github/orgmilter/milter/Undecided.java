package io.github.orgmilter.milter;

import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Replies;
import io.github.orgmilter.verdict.Verdict;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is answered, logged and counted where something has failed. */
final class Undecided {

    private static final Verdict WITHOUT_POLICY =
            new Verdict.Tempfail(Cause.Refusing.INTERNAL, Replies.DEFAULT.internal());

    private final Supplier<Policy> currentPolicy;
    private final SessionObserver observer;
    private final String session;

    Undecided(Supplier<Policy> currentPolicy, SessionObserver observer, String session) {
        this.currentPolicy = currentPolicy;
        this.observer = observer;
        this.session = session;
    }

    /** The policy of a message, or else the current one; empty if that fails as well. */
    Optional<Policy> policy(@Nullable Message message) {
        try {
            return Optional.of(message == null ? currentPolicy.get() : message.policy());
        } catch (RuntimeException e) {
            return Optional.empty(); // the first to need it has reported that
        }
    }

    /** The answer to a failure. */
    Verdict tempfail(@Nullable Message message) {
        return tempfail(policy(message));
    }

    private static Verdict tempfail(Optional<Policy> policy) {
        return policy.map(Policy::tempfail).orElse(WITHOUT_POLICY);
    }

    /** Logs and counts a recipient that is not decided; what to answer. */
    Verdict recipient(Optional<Policy> policy, Connection connection, String queueId, Optional<String> recipient) {
        Verdict tempfail = tempfail(policy);
        String revision = policy.map(Policy::revision).orElse("none");
        observer.undecided(tempfail, connection.dialect().mta(), revision);
        SessionLog.undecided(session, queueId, tempfail, revision, recipient);
        return tempfail;
    }
}
