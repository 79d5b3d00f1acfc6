package io.github.orgmilter.directory;

import java.time.Instant;

/** Holds removals back where much is gone at once, as after a wrong query or a restored database. */
public final class ShrinkGuard {

    private final double most;
    private long accepted = Long.MIN_VALUE;

    /**
     * Makes a guard.
     *
     * @param most the part of what there was in the last 24 hours that may be gone, from 0 to 1: {@code directory.max-shrink}
     */
    public ShrinkGuard(double most) {
        this.most = most;
    }

    /** Takes this version of the store, whatever is gone in it. */
    public void accept(long version) {
        accepted = version;
    }

    /** Whether this much may be gone. */
    boolean allows(Instant now, long version, int was, int is) {
        return version == accepted || was - is <= most * was;
    }
}
