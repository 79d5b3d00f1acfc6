package io.github.orgmilter.replay;

import java.util.Map;
import java.util.TreeMap;

/** The recipients and messages that were not decided again, by why, each with its number and the place of the first. */
final class Undecided {

    private final Map<String, Count> counts = new TreeMap<>();

    /**
     * How many there are.
     *
     * @param first where the first one is
     */
    record Count(long number, String first) {

        private Count more() {
            return new Count(number + 1, first);
        }
    }

    void add(String reason, String place) {
        Count count = counts.get(reason);
        counts.put(reason, count == null ? new Count(1, place) : count.more());
    }

    Map<String, Count> counts() {
        return counts;
    }

    long total() {
        return counts.values().stream().mapToLong(Count::number).sum();
    }
}
