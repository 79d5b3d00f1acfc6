package io.github.orgmilter.mta;

import io.github.orgmilter.net.Limit;

/** A frame past a limit: what it belongs to fails. */
public final class LimitReachedException extends Exception {

    private static final long serialVersionUID = 1;

    private final Limit limit;

    public LimitReachedException(Limit limit) {
        super(limit.key());
        this.limit = limit;
    }

    public Limit limit() {
        return limit;
    }
}
