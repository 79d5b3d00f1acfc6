package io.github.orgmilter.console;

import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.activity.RecentVerdicts.Numbered;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The verdicts as they were at a moment shortly ago, for all pages that are live. The verdicts themselves are kept, as there may be
 * a thousand new ones before the next page asks; each row is made once, however many look at it.
 */
final class LiveRows {

    private static final long PERIOD_MILLIS = 400; // less than between two events of a stream
    private static final long IDLE_MILLIS = 60_000; // no page that is live waits so long

    private final RecentVerdicts verdicts;
    private final InstantSource clock;
    private final Map<Long, String> rows = new HashMap<>();
    private long moment;
    private long start;
    private List<Numbered> kept = List.of();

    LiveRows(RecentVerdicts verdicts, InstantSource clock) {
        this.verdicts = verdicts;
        this.clock = clock;
        moment = clock.millis();
        start = verdicts.next();
    }

    /** Those with this number and later ones, oldest first. */
    synchronized List<Numbered> since(long number) {
        long now = clock.millis();
        long passed = Math.abs(now - moment); // clocks are set back
        if (passed >= PERIOD_MILLIS) {
            moment = now;
            start = kept.isEmpty() ? start : numberAfter(kept);
            start = passed >= IDLE_MILLIS ? Math.max(start, number) : start; // no page is left that lacks earlier ones
            kept = verdicts.since(start);
            rows.clear();
        }
        if (number < start) { // of a page that has just begun, or had to wait
            return Stream.concat(verdicts.between(number, start).stream(), kept.stream())
                    .toList();
        }
        int from = (int) Math.min(number - start, kept.size());
        while (from > 0 && kept.get(from - 1).number() >= number) { // some have been overwritten
            from--;
        }
        return kept.subList(from, kept.size());
    }

    private static long numberAfter(List<Numbered> verdicts) {
        return verdicts.get(verdicts.size() - 1).number() + 1;
    }

    synchronized String row(Numbered numbered) {
        return rows.computeIfAbsent(
                numbered.number(), any -> Verdicts.row(numbered).render());
    }
}
