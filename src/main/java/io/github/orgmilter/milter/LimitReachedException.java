package io.github.orgmilter.milter;

import io.github.orgmilter.net.Limit;

/** A frame past a limit: what it belongs to fails. */
final class LimitReachedException extends Exception {

    private static final long serialVersionUID = 1;

    private final Limit limit;

    LimitReachedException(Limit limit) {
        super(limit.key());
        this.limit = limit;
    }

    Limit limit() {
        return limit;
    }
}
