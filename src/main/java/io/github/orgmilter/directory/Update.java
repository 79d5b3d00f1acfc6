package io.github.orgmilter.directory;

import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.rows.Held;
import io.github.orgmilter.shrink.Losses;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a change of the directory means for the policy.
 *
 * @param version of the store, which the holdings have now; empty where the store has none
 * @param put organizations to be put into the policy, in place of those of the same name
 * @param removed names of organizations to be taken out of it
 * @param changed all that is held differently now, for the snapshot; empty rows for what is held no more
 * @param unannounced names of organizations whose rows a whole load found different, although no change had announced it
 * @param losses organizations that have lost accepted domains by it
 * @param withheld what was not taken, and why; the rest was
 */
public record Update(
        OptionalLong version,
        Collection<Organization> put,
        Collection<String> removed,
        Collection<Held> changed,
        Collection<String> unannounced,
        Losses losses,
        Optional<Withheld> withheld) {

    /**
     * Removals that are held back, because more is gone than {@code max-shrink} allows.
     *
     * @param reason in words for the operator, with how to accept it
     * @param organizations that are held with more than the store has of them
     */
    public record Withheld(String reason, int organizations) {}

    /** Whether the policy stays as it is. */
    public boolean isEmpty() {
        return put.isEmpty() && removed.isEmpty();
    }
}
