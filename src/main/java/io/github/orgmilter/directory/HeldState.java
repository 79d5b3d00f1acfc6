package io.github.orgmilter.directory;

import io.github.orgmilter.rows.Held;
import io.github.orgmilter.shrink.Losses;
import io.github.orgmilter.shrink.Tally;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * All that is held at one moment; it stays so while the holdings change.
 *
 * @param version of the store
 * @param confirmed when the store last had this version
 * @param history how much there was, as {@link io.github.orgmilter.shrink.ShrinkGuard#history} has it
 * @param losses all that the guard remembers
 */
public record HeldState(
        OptionalLong version,
        Instant confirmed,
        NavigableMap<Long, Tally> history,
        Losses losses,
        List<Held> organizations) {

    /** What is held now. */
    public static HeldState of(Holdings holdings, Instant confirmed) {
        return new HeldState(
                holdings.version(),
                confirmed,
                new TreeMap<>(holdings.history()),
                holdings.losses(),
                List.copyOf(holdings.all()));
    }
}
