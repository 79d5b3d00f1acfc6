package io.github.orgmilter.activity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts by kind over a row of equal periods up to now; the older ones are forgotten. */
final class Tally {

    private record Period(long number, Map<Kind, Integer> counts) {}

    private final Duration length;
    private final int periods;
    private final Deque<Period> kept = new ArrayDeque<>(); // oldest first, without the empty ones

    /**
     * Nothing counted.
     *
     * @param length of a period
     * @param periods how many are kept, with the current one
     */
    Tally(Duration length, int periods) {
        this.length = length;
        this.periods = periods;
    }

    private long number(Instant when) {
        return when.toEpochMilli() / length.toMillis();
    }

    void count(Kind kind, Instant when) {
        long number = number(when);
        Period last = kept.peekLast();
        if (last == null || last.number() < number) {
            kept.addLast(new Period(number, new HashMap<>(4)));
            forget(number);
        }
        // A verdict may be counted a little late, and the clock may go back.
        kept.getLast().counts().merge(kind, 1, Integer::sum);
    }

    private void forget(long now) {
        while (!kept.isEmpty() && kept.getFirst().number() <= now - periods) {
            kept.removeFirst();
        }
    }

    /** The sum of all periods that are kept. */
    SortedMap<Kind, Integer> sum(Instant now) {
        forget(number(now));
        SortedMap<Kind, Integer> sum = new TreeMap<>();
        kept.forEach(period -> period.counts().forEach((kind, count) -> sum.merge(kind, count, Integer::sum)));
        return sum;
    }

    /** The counts of each period, oldest first, the current one last, empty ones with them. */
    List<Map<Kind, Integer>> rows(Instant now) {
        long current = number(now);
        List<Map<Kind, Integer>> rows = new ArrayList<>(Collections.nCopies(periods, Map.of()));
        for (Period period : kept) {
            long age = Math.max(0, current - period.number());
            if (age < periods) {
                rows.set(periods - 1 - (int) age, Map.copyOf(period.counts()));
            }
        }
        return rows;
    }
}
