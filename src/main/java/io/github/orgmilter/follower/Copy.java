package io.github.orgmilter.follower;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import java.time.Instant;
import java.util.OptionalLong;

/** What this node holds of a directory. One thread uses it. */
interface Copy {

    /** Whether there is a state to decide by, from the store or from the snapshot. */
    boolean isUsable();

    /** The version of that state; empty where the store has none. */
    OptionalLong version();

    /** Takes what changed. */
    void apply(Store.Changes changes);

    /**
     * Reads everything, and takes it in the place of what there was.
     *
     * @param evenIfLower whether a version lower than that of this copy is taken
     * @return whether it was taken; if not, it was lower
     */
    boolean load(Store store, boolean evenIfLower) throws StoreException;

    /** At this time the store had nothing newer. */
    void confirmed(Instant when);
}
