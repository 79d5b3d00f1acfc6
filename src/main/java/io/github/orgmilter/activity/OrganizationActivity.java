package io.github.orgmilter.activity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What an organization did in the last day, as far as it was followed.
 *
 * @param since from when on it was followed
 * @param refused verdicts on it that no connector of its own had a part in, by kind
 * @param connectors those that had a part in a verdict, by name
 * @param near what came in its name and is not known, the latest first
 */
public record OrganizationActivity(
        Instant since, SortedMap<Kind, Integer> refused, SortedMap<String, Connector> connectors, List<Near> near) {

    public OrganizationActivity {
        near = List.copyOf(near);
    }

    /**
     * What a connector did.
     *
     * @param day verdicts of the last 24 hours by kind
     * @param hours how many of them in each hour, oldest first, the current one last
     * @param last when it had a part in a verdict
     */
    public record Connector(SortedMap<Kind, Integer> day, List<Integer> hours, Instant last) {
        public Connector {
            hours = List.copyOf(hours);
        }
    }

    /** What a connector did; empty if it did nothing. */
    public Optional<Connector> connector(String name) {
        return Optional.ofNullable(connectors.get(name));
    }
}
