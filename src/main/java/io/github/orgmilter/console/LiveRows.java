package io.github.orgmilter.console;

import io.github.orgmilter.activity.RecentVerdicts;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * The verdicts up to a moment shortly ago as rows, for all pages that are live: at the same moment they show the same, so that each row
 * is made once, however many look at it.
 */
final class LiveRows {

    private static final long PERIOD_MILLIS = 400; // less than between two events of a stream

    private final RecentVerdicts verdicts;
    private final InstantSource clock;
    private final Map<Long, String> rows = new HashMap<>();
    private long moment;
    private long end;

    LiveRows(RecentVerdicts verdicts, InstantSource clock) {
        this.verdicts = verdicts;
        this.clock = clock;
        moment = clock.millis();
        end = verdicts.next();
    }

    /** The number of the first verdict that is not shown yet. */
    synchronized long end() {
        long now = clock.millis();
        if (Math.abs(now - moment) >= PERIOD_MILLIS) { // clocks are set back
            moment = now;
            end = verdicts.next();
            rows.clear();
        }
        return end;
    }

    synchronized String row(RecentVerdicts.Numbered numbered) {
        return rows.computeIfAbsent(
                numbered.number(), any -> Verdicts.row(numbered).render());
    }
}
