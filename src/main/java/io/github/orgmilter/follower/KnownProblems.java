package io.github.orgmilter.follower;

import io.github.orgmilter.document.Problem;
import io.github.orgmilter.rows.Held;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with a directory's organizations, each logged once. One thread changes it, and any may read. */
final class KnownProblems {

    private static final Logger LOG = LoggerFactory.getLogger(KnownProblems.class);

    /** Logged of one update. */
    private static final int MOST_LINES = 50;

    private final Map<String, List<Problem>> byOrganization = new ConcurrentSkipListMap<>();
    private volatile int organizations; // the map would have to count them

    void take(Collection<Held> changed) {
        List<Problem> unknown = new ArrayList<>();
        int more = 0;
        for (Held held : changed) {
            List<Problem> before = byOrganization.getOrDefault(held.organization(), List.of());
            if (held.problems().isEmpty()) {
                byOrganization.remove(held.organization());
            } else {
                byOrganization.put(held.organization(), held.problems());
            }
            for (Problem problem : held.problems()) {
                if (!before.contains(problem)) {
                    if (unknown.size() < MOST_LINES) {
                        unknown.add(problem);
                    } else {
                        more++;
                    }
                }
            }
        }
        organizations = byOrganization.size();
        unknown.forEach(problem -> LOG.warn("{}", problem));
        if (more > 0) {
            LOG.warn("{} more problems of the directory's organizations; run `orgmilter directory problems`", more);
        }
    }

    /** How many organizations have any. */
    int organizations() {
        return organizations;
    }

    /** The names of the organizations that have any, in order, no more than so many. */
    List<String> names(int most) {
        return byOrganization.keySet().stream().limit(most).toList();
    }

    /** Those of one organization. */
    List<Problem> of(String organization) {
        return byOrganization.getOrDefault(organization, List.of());
    }

    /** All of them, by the names of the organizations. */
    List<Problem> all() {
        return byOrganization.values().stream().flatMap(List::stream).toList();
    }
}
