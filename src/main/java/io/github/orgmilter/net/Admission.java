package io.github.orgmilter.net;

import io.netty.channel.Channel;

/** Which connections a listener takes. */
@FunctionalInterface
public interface Admission {

    /**
     * Whether a connection that was just accepted may stay; if not, it is closed at once. Called on the listener's event loop,
     * before anything else is done with the connection.
     */
    boolean admits(Channel connection);
}
