package io.github.orgmilter.policy;

/** Watches a decision being made. The daemon has nobody watch, and pays nothing for it. */
@FunctionalInterface
interface Trace {

    Trace NONE = (question, subject, answer) -> answer;

    /** Takes note of a question, what it was asked about and the answer, and returns the answer. */
    boolean answer(Question question, Object subject, boolean answer);
}
