package io.github.orgmilter.live;

import io.github.orgmilter.directory.Update;
import io.github.orgmilter.domains.ClaimProblem;
import io.github.orgmilter.explain.ClaimText;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What organizations of the directory claim and do not have: each is logged once, and disputed domains are counted. Of what is only
 * doubtful in them, each kind is logged once. A change costs what changed; only where domains are in dispute, they are counted again,
 * and seldom.
 */
final class ClaimWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimWatch.class);

    private static final int MOST_LINES = 50;
    private static final Duration BETWEEN_COUNTS = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final NavigableMap<String, Set<String>> known = new TreeMap<>();
    private final Set<DirectoryWarnings.Kind> warned = EnumSet.noneOf(DirectoryWarnings.Kind.class);
    private long disputed;
    private boolean outdated;
    private boolean filesChanged;
    private Instant counted = Instant.MIN;

    ClaimWatch(InstantSource clock) {
        this.clock = clock;
    }

    /** The directory has changed. */
    synchronized void changed(Policy policy, Update update, boolean first) {
        if (first) {
            known.clear();
            warned.clear();
        }
        List<String> names = update.put().stream().map(Organization::name).toList();
        List<ClaimProblem> problems = policy.claimProblems().of(names);
        if (first) { // these are all that there are
            disputed = disputed(problems);
            counted = clock.instant();
            outdated = false;
        } else {
            outdated |= disputed > 0 || problems.stream().anyMatch(ClaimProblem.Disputed.class::isInstance);
        }
        Map<String, Set<String>> lines = problems.stream()
                .collect(Collectors.groupingBy(
                        ClaimProblem::organization,
                        Collectors.mapping(ClaimText::of, Collectors.toCollection(TreeSet::new))));
        List<String> unknown = lines.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .filter(line ->
                                !known.getOrDefault(entry.getKey(), Set.of()).contains(line)))
                .sorted()
                .toList();
        Stream.concat(names.stream(), update.removed().stream()).forEach(known::remove);
        known.putAll(lines);
        unknown.stream().limit(MOST_LINES).forEach(line -> LOG.warn("{}", line));
        if (unknown.size() > MOST_LINES) {
            LOG.warn(
                    "{} more problems of the directory's organizations; run `orgmilter directory problems`",
                    unknown.size() - MOST_LINES);
        }
        warn(first ? DirectoryWarnings.of(policy) : DirectoryWarnings.ofSome(policy, names));
    }

    private void warn(DirectoryWarnings warnings) {
        for (DirectoryWarnings.Kind kind : warnings.kinds()) {
            if (warned.add(kind)) {
                warnings.lines(kind).forEach(line -> LOG.warn("{}", line));
            }
        }
    }

    private static long disputed(List<ClaimProblem> problems) {
        return problems.stream()
                .filter(ClaimProblem.Disputed.class::isInstance)
                .map(problem -> ((ClaimProblem.Disputed) problem).domain().domain())
                .distinct()
                .count();
    }

    /** How many domains are in dispute, as of a minute ago. */
    synchronized long disputed(Policy policy) {
        Instant now = clock.instant();
        if (outdated && (disputed == 0 || !now.isBefore(counted.plus(BETWEEN_COUNTS)))) {
            disputed = policy.claimProblems().disputedDomains();
            outdated = false;
            counted = now;
        }
        return disputed;
    }

    /** The files have changed: organizations of the directory may have lost domains to them. */
    synchronized void filesChanged() {
        filesChanged = true;
    }

    /**
     * The names of organizations that claim what they do not have, or not alone, no more than so many: some look-ups each, and a pass
     * over all claims if the files have changed.
     */
    synchronized List<String> withProblems(Policy policy, int most) {
        if (filesChanged) {
            policy.claimProblems().all().forEach(problem -> known.putIfAbsent(problem.organization(), Set.of()));
            filesChanged = false;
        }
        Set<String> names = new LinkedHashSet<>();
        for (String name : known.keySet()) {
            if (names.size() >= most) {
                break;
            }
            for (ClaimProblem problem :
                    policy.claimProblems().of(List.of(name))) { // none if the other claimant has given up
                names.add(name);
                if (problem instanceof ClaimProblem.Disputed disputed) {
                    names.addAll(disputed.others()); // known only if they came later
                }
            }
        }
        return names.stream().limit(most).toList();
    }
}
