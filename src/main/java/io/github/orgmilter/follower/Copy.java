package io.github.orgmilter.follower;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.WholeLoad;
import java.time.Instant;
import java.util.OptionalLong;

/** What this node holds of a directory. One thread uses it, but for {@link #read}. */
interface Copy {

    /** Whether there is a state to decide by, from the store or from the snapshot. */
    boolean isUsable();

    /** The version of that state; empty where the store has none. */
    OptionalLong version();

    /** Takes what changed. */
    void apply(Store.Changes changes);

    /** Begins to read everything; a reading that was begun before is forgotten. */
    WholeLoad begin();

    /** Reads everything, and compares it with what is held. Another thread may do so, while changes are applied. */
    void read(Store store, WholeLoad load) throws StoreException;

    /**
     * Takes what was read in the place of what there was.
     *
     * @param began when reading it began
     * @param evenIfLower whether a version lower than that of this copy is taken
     * @return whether it was taken; if not, it was lower
     */
    boolean take(WholeLoad load, Instant began, boolean evenIfLower) throws StoreException;

    /** At this time the store had nothing newer. */
    void confirmed(Instant when);
}
