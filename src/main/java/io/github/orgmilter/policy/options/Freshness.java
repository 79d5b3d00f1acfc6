package io.github.orgmilter.policy.options;

/** Whether what a directory says is recent enough to relay by it: docs/rules.md, 7.6. Asked at each decision. */
public interface Freshness {

    /** Of a service without a directory, or whose data has no {@code max-age}. */
    Freshness ALWAYS = () -> false;

    /** Whether the directory's data is older than {@code max-age}. */
    boolean isStale();
}
