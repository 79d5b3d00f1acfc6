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

    /** Who may make a request. */
    public enum Access {
        /** Anybody, by any name: it changes nothing, names no customer that metrics do not, and probes send the address they know. */
        PROBE,
        /**
         * Operators: by a name of the listener's own, and not from another site's page; with the token of {@code admin-token-file},
         * without which only loopback and Unix sockets are answered.
         */
        OPERATOR
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
