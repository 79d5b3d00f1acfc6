package io.github.orgmilter.admin;

/** Events for a browser that listens (WHATWG HTML, server-sent events), asked for again and again until it has gone. */
@FunctionalInterface
public interface EventStream {

    /**
     * The events since it was asked last, as the standard writes them.
     *
     * <p>Runs on the listener's event loop: it must not wait, and has no more than a screen of events at a time.
     *
     * @return nothing if there were none
     */
    String next();
}
