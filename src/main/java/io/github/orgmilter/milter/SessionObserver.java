package io.github.orgmilter.milter;

import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.verdict.Verdict;
import java.util.Optional;

/** What an operator counts. Called on the event loops, by many at once: it must not block. */
public interface SessionObserver {

    /** An MTA connected. */
    void sessionOpened();

    /** An MTA's connection ended. */
    void sessionClosed();

    /**
     * A recipient was decided.
     *
     * @param mta who asked; empty if it did not name itself
     * @param revision the short id of the configuration that decided it
     * @param nanoseconds how long the decision took
     */
    void decided(Verdict verdict, Optional<Mta> mta, String revision, long nanoseconds);

    /** A recipient was answered with a tempfail, without a decision; the parameters are those of {@link #decided}. */
    void undecided(Verdict verdict, Optional<Mta> mta, String revision);

    /** A whole message was decided by its header, beside its recipients; the parameters are those of {@link #decided}. */
    void headerDecided(Verdict verdict, Optional<Mta> mta, String revision);

    /** A recipient was deferred, since its session may not do with header fields what its message needs. */
    void headerMissed();

    /** A recipient, a message or a connection failed. */
    void failed();

    /** A session reached a limit. */
    void limited(Limit limit);
}
