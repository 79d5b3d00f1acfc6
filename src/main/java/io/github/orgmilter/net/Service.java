package io.github.orgmilter.net;

import io.netty.channel.Channel;
import java.util.List;
import java.util.function.Consumer;

/**
 * A protocol that is spoken on some of the sockets.
 *
 * @param pipeline sets up a new connection
 * @param waitedFor whether a server that stops lets these connections end by themselves
 */
public record Service(List<ListenAddress> addresses, Consumer<Channel> pipeline, boolean waitedFor) {

    public Service {
        addresses = List.copyOf(addresses);
    }
}
