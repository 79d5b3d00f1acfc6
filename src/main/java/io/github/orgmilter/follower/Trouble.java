package io.github.orgmilter.follower;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What keeps the store from being read, so that each reason is logged once until it can be read again. */
final class Trouble {

    private static final int MOST_REASONS = 20;

    private final Set<String> said = new HashSet<>();
    private Optional<String> reason = Optional.empty();
    private Instant since = Instant.EPOCH;

    /** It failed, for this reason; whether that is still to be said. */
    boolean fails(String because, Instant now) {
        if (reason.isEmpty()) {
            since = now;
        }
        reason = Optional.of(because);
        return said.size() < MOST_REASONS && said.add(because);
    }

    /** It works; for how long it did not, if it did not. */
    Optional<Duration> ends(Instant now) {
        Optional<Duration> lasted = reason.map(any -> Duration.between(since, now));
        reason = Optional.empty();
        said.clear();
        return lasted;
    }

    Optional<String> reason() {
        return reason;
    }
}
