package io.github.orgmilter.replay;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The differences with their numbers and an example of each. Strangers choose sender domains, so there are never too many groups. */
final class Differences {

    /** Groups by sender domain; past them, what has a new domain is counted among others of its kind. */
    static final int MOST_DOMAINS = 10_000;

    /** Groups in all. A log that was not ours could make up causes and connectors. */
    private static final int MOST = 2 * MOST_DOMAINS;

    static final String OTHERS = "(others)";

    private final Map<Difference, Group> groups = new HashMap<>();
    private final Map<Difference.Kind, Long> totals = new EnumMap<>(Difference.Kind.class);

    /** A difference, how often it is, and the first of them. */
    static final class Group {

        private final Difference difference;
        private final Example example;
        private long count;

        private Group(Difference difference, Example example) {
            this.difference = difference;
            this.example = example;
        }

        Difference difference() {
            return difference;
        }

        Example example() {
            return example;
        }

        long count() {
            return count;
        }
    }

    void add(Difference difference, Supplier<Example> example) {
        totals.merge(difference.kind(), 1L, Long::sum);
        Difference key = difference;
        if (groups.size() >= MOST_DOMAINS && !groups.containsKey(key)) {
            key = new Difference(key.kind(), key.before(), key.after(), OTHERS);
        }
        if (groups.size() < MOST || groups.containsKey(key)) {
            groups.computeIfAbsent(key, its -> new Group(its, example.get())).count++;
        }
    }

    /** How many recipients and messages differ so. */
    long total(Difference.Kind kind) {
        return totals.getOrDefault(kind, 0L);
    }

    boolean isEmpty() {
        return totals.isEmpty();
    }

    int size() {
        return groups.size();
    }

    /** Other answers first, then the most frequent ones. */
    List<Group> sorted(int most) {
        return groups.values().stream()
                .sorted(Comparator.comparing((Group group) -> group.difference().kind())
                        .thenComparing(Group::count, Comparator.reverseOrder())
                        .thenComparing(Group::difference))
                .limit(most)
                .toList();
    }
}
