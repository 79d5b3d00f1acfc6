package io.github.orgmilter.report;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often each of many names was seen, and when last. Strangers choose the names, so only so many are kept: the rare ones are
 * forgotten first, and then the numbers of those that come again are too small.
 */
final class Tally {

    private static final Comparator<Entry> MOST_FIRST =
            Comparator.comparingLong(Entry::count).reversed().thenComparing(Entry::name);

    private final int most;
    private final Budget budget;
    private final Map<String, Entry> entries = new HashMap<>();
    private boolean cut;

    /** @param last in milliseconds since 1970; {@link Long#MIN_VALUE} if it is not known */
    record Entry(String name, long count, long last) {}

    /** How many names all tallies may still take. */
    static final class Budget {
        private int left;

        Budget(int names) {
            left = names;
        }
    }

    /** @param most names that are kept for sure, if they are the most frequent ones all the time */
    Tally(int most, Budget budget) {
        this.most = most;
        this.budget = budget;
    }

    void add(String name, long time) {
        if (!entries.containsKey(name)) {
            if (budget.left == 0) {
                cut = true;
                return;
            }
            budget.left--;
        }
        entries.merge(
                name,
                new Entry(name, 1, time),
                (one, more) -> new Entry(name, one.count() + 1, Math.max(one.last(), more.last())));
        if (entries.size() > 2 * most) {
            List<Entry> kept = sorted(most);
            budget.left += entries.size() - kept.size();
            entries.clear();
            kept.forEach(entry -> entries.put(entry.name(), entry));
            cut = true;
        }
    }

    /** The most frequent ones, in that order. */
    List<Entry> sorted(int limit) {
        return entries.values().stream().sorted(MOST_FIRST).limit(limit).toList();
    }

    int size() {
        return entries.size();
    }

    /** Whether some were forgotten. */
    boolean isCut() {
        return cut;
    }
}
