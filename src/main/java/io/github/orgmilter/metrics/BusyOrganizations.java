package io.github.orgmilter.metrics;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which organizations have a time series of their own: the busiest, so that a hundred thousand customers do not become a hundred
 * thousand series.
 */
final class BusyOrganizations {

    private final int limit;
    private final Map<String, LongAdder> decisions = new ConcurrentHashMap<>();
    private volatile Set<String> named = Set.of();

    BusyOrganizations(int limit) {
        this.limit = limit;
    }

    /** Counts a decision of the organization, and returns whether it has its own series. */
    boolean count(String organization) {
        if (organization.equals(VerdictMetrics.OTHER)) {
            return false; // its series would look like that of all the rest
        }
        LongAdder count = decisions.get(organization);
        if (count == null) {
            count = decisions.computeIfAbsent(organization, name -> new LongAdder());
        }
        count.increment();
        return named.contains(organization) || (named.size() < limit && name(organization));
    }

    // A newcomer has a series at once, as long as there is room.
    private synchronized boolean name(String organization) {
        if (named.size() < limit) {
            Set<String> more = ConcurrentHashMap.newKeySet();
            more.addAll(named);
            more.add(organization);
            named = more;
        }
        return named.contains(organization);
    }

    /** Whether the organization has its own series now. */
    boolean isNamed(String organization) {
        return named.contains(organization);
    }

    /** Forgets all organizations but these, so that none that is gone keeps the place of another. */
    synchronized void retain(Predicate<String> organizations) {
        decisions.keySet().removeIf(organizations.negate());
        named = named.stream().filter(organizations).collect(Collectors.toUnmodifiableSet());
    }

    /** Chooses again which organizations have a series, by the decisions since each was first seen. */
    synchronized void choose() {
        named = decisions.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue().sum()))
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
