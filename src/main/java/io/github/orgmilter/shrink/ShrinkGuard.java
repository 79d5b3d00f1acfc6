package io.github.orgmilter.shrink;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Holds removals back where much is gone at once, as after a wrong query or a restored database. */
public final class ShrinkGuard {

    /** Fewer organizations, domains or connectors may always go. */
    static final int LEAST = 20;

    private static final Duration MEMORY = Duration.ofHours(24);
    private static final long STEP = Duration.ofMinutes(15).toSeconds();

    private final double most;
    private final NavigableMap<Long, Tally> history = new TreeMap<>(); // the most in each quarter of an hour
    private final Map<String, Long> lost = new HashMap<>(); // organizations that lost domains, and in which quarter
    private OptionalLong accepted = OptionalLong.empty();

    /**
     * Makes a guard.
     *
     * @param most the part of what there was in the last 24 hours that may be gone, from 0 to 1: {@code directory.max-shrink}
     */
    public ShrinkGuard(double most) {
        this.most = most;
    }

    /** Remembers what an earlier process did. */
    public void restore(NavigableMap<Long, Tally> earlier, Losses losses) {
        history.clear();
        history.putAll(earlier);
        lost.clear();
        lost.putAll(losses.quarters());
    }

    /** The most in each quarter of an hour of the last 24 hours that had any change, by its number since 1970. */
    public NavigableMap<Long, Tally> history() {
        return Collections.unmodifiableNavigableMap(history);
    }

    /** All that were noted, and are not older than what counts. */
    public Losses losses() {
        return new Losses(true, lost);
    }

    /** Takes this version of the store, whatever is gone in it; 0 where the store has none. */
    public void accept(long version) {
        accepted = OptionalLong.of(version);
    }

    /**
     * Whether too much would be gone.
     *
     * @param left what there would be
     * @param losers the organizations that would lose accepted domains
     * @return in words what would be gone; empty if that is little, or this version has been accepted
     */
    public Optional<String> objection(OptionalLong version, Tally left, Set<String> losers, Instant now) {
        if (isAccepted(version)) {
            return Optional.empty();
        }
        Tally was = most(now);
        return objection("organizations", was.organizations(), was.organizations() - left.organizations())
                .or(() -> objection(
                        "organizations' accepted domains",
                        was.domains(),
                        Math.max(lost(losers, now), was.domains() - left.domains())))
                .or(() -> objection("connectors", was.connectors(), was.connectors() - left.connectors()));
    }

    private Optional<String> objection(String what, int was, int gone) {
        return gone >= LEAST && gone > most * was
                ? Optional.of(gone + " of " + was + " " + what + " would be gone, more than max-shrink allows")
                : Optional.empty();
    }

    /** How many organizations have lost accepted domains in the last 24 hours, with these. */
    private int lost(Set<String> losers, Instant now) {
        lost.values().removeIf(quarter -> quarter < since(now));
        return lost.size()
                + (int) losers.stream().filter(name -> !lost.containsKey(name)).count();
    }

    public boolean isAccepted(OptionalLong version) {
        return accepted.isPresent() && accepted.getAsLong() == version.orElse(0);
    }

    /**
     * Notes how much there is, after what was left of a version has been taken.
     *
     * @param losers the organizations that have lost accepted domains
     * @return those that are remembered
     */
    public Losses note(OptionalLong version, Tally tally, Set<String> losers, Instant now) {
        Losses losses;
        if (isAccepted(version)) {
            history.clear();
            lost.clear();
            accepted = OptionalLong.empty();
            losses = new Losses(true, Map.of());
        } else {
            long quarter = now.getEpochSecond() / STEP;
            losses = new Losses(false, losers.stream().collect(Collectors.toMap(name -> name, name -> quarter)));
            lost.putAll(losses.quarters());
        }
        history.merge(now.getEpochSecond() / STEP, tally, Tally::most);
        // The last one lasts, however long ago it was.
        Iterator<Long> times = history.headMap(since(now)).keySet().iterator();
        while (times.hasNext()) {
            times.next();
            times.remove();
        }
        return losses;
    }

    private Tally most(Instant now) {
        Tally most = history.isEmpty() ? Tally.NONE : history.lastEntry().getValue();
        for (Tally tally : history.tailMap(since(now)).values()) {
            most = most.most(tally);
        }
        return most;
    }

    private static long since(Instant now) {
        return now.minus(MEMORY).getEpochSecond() / STEP;
    }
}
