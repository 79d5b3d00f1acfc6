package io.github.orgmilter.delegation;

import io.github.orgmilter.net.Limit;
import io.github.orgmilter.verdict.Verdict;

/** What an operator counts. Called on the event loops, by many at once: it must not block. */
public interface DelegationObserver {

    /**
     * Postfix was answered.
     *
     * @param action {@code ok}, {@code dunno}, {@code reject} or {@code defer}
     */
    void answered(String action);

    /** A recipient was refused here, so that the milter is not asked about it. */
    void refused(Verdict verdict, String revision);

    /** A connection reached a limit. */
    void limited(Limit limit);
}
