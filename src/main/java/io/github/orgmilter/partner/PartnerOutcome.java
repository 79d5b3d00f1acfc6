package io.github.orgmilter.partner;

import io.github.orgmilter.identification.Mismatch;
import java.util.List;

/**
 * Whether a client may send for a partner, and why not.
 *
 * @param mismatches one for each kind that does not hold
 */
public record PartnerOutcome(String partner, List<Mismatch> mismatches) {

    public PartnerOutcome {
        mismatches = List.copyOf(mismatches);
    }

    public boolean holds() {
        return mismatches.isEmpty();
    }
}
