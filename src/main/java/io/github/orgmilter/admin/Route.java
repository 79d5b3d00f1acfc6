package io.github.orgmilter.admin;

import java.util.function.Function;

/**
 * A request that is answered: to add one, add a line where the listener is started.
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
        /** Any: it changes nothing, and shows what probes need. */
        ANY_HOST,
        /** Not by a foreign name, and not from another site's page. */
        OWN_HOST
    }

    /** Nothing here keeps those of another turn waiting. */
    public enum Turn {
        /** On the event loop: the handler only looks at what is there. */
        AT_ONCE,
        /** One after another, on a thread of their own. */
        READING,
        /** The same for what changes something, which may take minutes. */
        CHANGING
    }
}
