package io.github.orgmilter.directory;

import io.github.orgmilter.rows.Held;
import io.github.orgmilter.shrink.Losses;
import io.github.orgmilter.shrink.Tally;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What is different from one state of the holdings to a later one; of no organizations, a confirmation.
 *
 * @param version of the store in the later one
 * @param confirmed when the store last had this version
 * @param history as {@link HeldState} has it
 * @param losses organizations that have lost accepted domains in between
 * @param organizations by their names; empty rows for what is held no more
 */
public record StateChange(
        OptionalLong version,
        Instant confirmed,
        NavigableMap<Long, Tally> history,
        Losses losses,
        Map<String, Held> organizations) {

    /** In octets: with more of them a whole snapshot is as good. */
    private static final long MOST = 64 << 20;

    /**
     * What has led to what is held now.
     *
     * @param update empty where the store has only confirmed it
     */
    public static StateChange of(Optional<Update> update, Holdings holdings, Instant confirmed) {
        Map<String, Held> changed = new LinkedHashMap<>();
        update.ifPresent(last -> last.changed().forEach(held -> changed.put(held.organization(), held)));
        return new StateChange(
                holdings.version(),
                confirmed,
                new TreeMap<>(holdings.history()),
                update.map(Update::losses).orElse(Losses.NONE),
                changed);
    }

    /** This change, and then another one. */
    public StateChange then(StateChange later) {
        Map<String, Held> all = organizations;
        if (!later.organizations.isEmpty()) {
            all = new LinkedHashMap<>(organizations);
            all.putAll(later.organizations);
        }
        return new StateChange(later.version, later.confirmed, later.history, losses.then(later.losses), all);
    }

    /**
     * Whether it is so large that a whole snapshot is as good.
     *
     * @param all how many organizations are held
     */
    public boolean isLarge(int all) {
        return organizations.size() > all / 2 || octets() > MOST;
    }

    private long octets() {
        long octets = 0;
        for (Held held : organizations.values()) {
            octets += held.store().octets().length + held.effective().octets().length;
        }
        return octets;
    }
}
