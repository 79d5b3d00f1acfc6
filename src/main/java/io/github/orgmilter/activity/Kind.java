package io.github.orgmilter.activity;

import io.github.orgmilter.verdict.Cause;
import java.util.Comparator;

/**
 * What verdicts are counted by.
 *
 * @param action as in {@link RecentVerdict#action()}
 */
public record Kind(String action, Cause cause) implements Comparable<Kind> {

    private static final Comparator<Kind> ORDER = Comparator.comparing(Kind::action)
            .thenComparing(kind -> kind.cause().key());

    static Kind of(RecentVerdict recent) {
        return new Kind(recent.action(), recent.verdict().cause());
    }

    /** Whether the recipient was refused for good. */
    public boolean isRefusal() {
        return action.equals("reject");
    }

    @Override
    public int compareTo(Kind other) {
        return ORDER.compare(this, other);
    }
}
