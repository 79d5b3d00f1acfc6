package io.github.orgmilter.shrink;

import java.util.HashMap;
import java.util.Map;

/**
 * Organizations that have lost accepted domains, and when.
 *
 * @param anew whether those that were known before are forgotten
 * @param quarters by the organization's name the quarter of an hour, by its number since 1970
 */
public record Losses(boolean anew, Map<String, Long> quarters) {

    public static final Losses NONE = new Losses(false, Map.of());

    public Losses {
        quarters = Map.copyOf(quarters);
    }

    /** These, and then others. */
    public Losses then(Losses later) {
        if (later.anew || isNone()) {
            return later;
        }
        if (later.isNone()) {
            return this;
        }
        Map<String, Long> all = new HashMap<>(quarters);
        all.putAll(later.quarters);
        return new Losses(anew, all);
    }

    private boolean isNone() {
        return !anew && quarters.isEmpty();
    }
}
