package io.github.orgmilter.net;

import io.netty.channel.Channel;
import java.util.List;
import java.util.function.Consumer;

/**
 * A protocol and the sockets on which it is spoken.
 *
 * @param pipeline sets up a new connection
 * @param drained whether a server that stops waits for these connections to end
 */
public record Service(List<ListenAddress> addresses, Consumer<Channel> pipeline, boolean drained) {

    public Service {
        addresses = List.copyOf(addresses);
    }
}
