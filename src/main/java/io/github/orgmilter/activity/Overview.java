package io.github.orgmilter.activity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * All verdicts of the last hour and of the last day.
 *
 * @param since from when on they were counted
 * @param missed verdicts that came faster than they were counted
 * @param minutes the last 60, oldest first, the current one last
 * @param hours the last 24 in the same order
 * @param median of the time that the decisions of the last hour took; zero if there were none
 * @param slowest the time that 99 of 100 of them kept to
 */
public record Overview(
        Instant since,
        long missed,
        SortedMap<Kind, Integer> hour,
        SortedMap<Kind, Integer> day,
        List<Map<Kind, Integer>> minutes,
        List<Map<Kind, Integer>> hours,
        Duration median,
        Duration slowest,
        List<Grown> grown) {

    /**
     * A kind of refusal of which there were more in the last 60 minutes than usual.
     *
     * @param count in the last 60 minutes
     * @param usual the mean of the whole hours before, of the last day
     */
    public record Grown(Kind kind, int count, double usual) {}
}
