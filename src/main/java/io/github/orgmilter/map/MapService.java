package io.github.orgmilter.map;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.Service;
import io.netty.channel.Channel;
import java.util.List;
import java.util.function.Supplier;

/** Look-up tables for Postfix and Sendmail on a server's sockets. */
public final class MapService {

    private MapService() {}

    /**
     * Answers look-ups at these addresses.
     *
     * @param configuration read once for every look-up
     * @param memory what all connections share
     */
    public static Service of(
            List<ListenAddress> addresses,
            Supplier<Configuration> configuration,
            ConnectionMemory memory,
            MapObserver observer) {
        Lookup lookup = new Lookup(configuration, observer);
        return new Service(
                addresses,
                channel -> initialize(
                        channel, lookup, configuration.get().settings().limits(), memory, observer),
                false);
    }

    static void initialize(
            Channel channel, Lookup lookup, Limits limits, ConnectionMemory memory, MapObserver observer) {
        new RequestHandler(limits, memory, lookup, observer).begin(channel);
    }
}
