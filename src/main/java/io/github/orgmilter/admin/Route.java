package io.github.orgmilter.admin;

import java.util.function.Function;

/**
 * A request that is answered: to add one, add it to the list where the listener is started.
 *
 * @param method GET, which answers HEAD as well, or another one
 * @param path the whole path
 * @param access who may make it
 * @param turn when the handler runs, and on which thread
 * @param handler must not wait for the peer
 */
public record Route(String method, String path, Access access, Turn turn, Function<Request, Answer> handler) {

    /** By which name and from which page a request may come. */
    public enum Access {
        /** Any: it changes nothing, and probes need it. */
        ANY_HOST,
        /** Only by a name of the listener's own, and not from another site's page. */
        OWN_HOST
    }

    /** Requests of one turn never keep those of another waiting. */
    public enum Turn {
        /** On the event loop: the handler only reads a value. */
        AT_ONCE,
        /** One after another, on a thread of their own. */
        READING,
        /** The same, for requests that change something, which may take minutes. */
        CHANGING
    }
}
