package io.github.orgmilter.activity;

import io.github.orgmilter.activity.OrganizationActivity.Connector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One organization that is followed. */
final class Followed {

    private static final int MOST_CONNECTORS = 50;
    private static final int MOST_NEAR = 20;
    private static final int HOURS = 24;

    private static final class OfConnector {
        private final Tally hours = hours();
        private Instant last;

        OfConnector(Instant first) {
            last = first;
        }
    }

    private record NearKey(Near.What what, String value) {}

    private final Instant since;
    private final Tally without = hours();
    private final RecentMap<String, OfConnector> connectors = new RecentMap<>(MOST_CONNECTORS);
    private final RecentMap<NearKey, Near> near = new RecentMap<>(MOST_NEAR);

    Followed(Instant since) {
        this.since = since;
    }

    private static Tally hours() {
        return new Tally(Duration.ofHours(1), HOURS);
    }

    /** Counts a verdict in which a connector had a part. */
    void count(String connector, Kind kind, Instant when) {
        OfConnector counted = connectors.computeIfAbsent(connector, name -> new OfConnector(when));
        counted.hours.count(kind, when);
        counted.last = when;
    }

    /** Counts a verdict that concerns the organization alone. */
    void count(Kind kind, Instant when) {
        without.count(kind, when);
    }

    /** Something came near. */
    void near(Near.What what, String value, Instant when, long number) {
        near.merge(
                new NearKey(what, value),
                new Near(what, value, 1, when, when, number),
                (known, added) -> known.again(when, number));
    }

    OrganizationActivity at(Instant now) {
        SortedMap<String, Connector> shown = new TreeMap<>();
        connectors.forEach((name, counted) -> {
            List<Integer> hours = new ArrayList<>();
            for (Map<Kind, Integer> row : counted.hours.rows(now)) {
                hours.add(row.values().stream().mapToInt(Integer::intValue).sum());
            }
            shown.put(name, new Connector(counted.hours.sum(now), hours, counted.last));
        });
        List<Near> latest = near.values().stream()
                .sorted(Comparator.comparing(Near::last).reversed())
                .toList();
        return new OrganizationActivity(since, without.sum(now), shown, latest);
    }
}
