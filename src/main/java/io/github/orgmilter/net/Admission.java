package io.github.orgmilter.net;

import io.netty.channel.Channel;

/** Which connections the listeners of a server take. */
@FunctionalInterface
public interface Admission {

    /**
     * Whether a connection that was just accepted may stay; if not, it is closed at once. Called on the listener's event loop,
     * before anything else is done with the connection.
     */
    boolean admits(Channel connection);

    /** One that was admitted is closed. Called on its own event loop. */
    default void ended(Channel connection) {}

    /**
     * How many connections there may be at once. Further ones are not refused: they wait in the system's queue until one of
     * these closes.
     */
    default int room() {
        return Integer.MAX_VALUE;
    }
}
