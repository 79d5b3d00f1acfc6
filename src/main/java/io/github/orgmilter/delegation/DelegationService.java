package io.github.orgmilter.delegation;

import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.milter.LiveSessions;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.Service;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Postfix's policy delegation protocol on a server's sockets. */
public final class DelegationService {

    private DelegationService() {}

    /**
     * Answers policy queries at these addresses.
     *
     * @param configuration read once for every query
     * @param memory what all connections share
     * @param liveSessions the milter sessions of the same process
     * @param verdicts where verdicts are kept for the console, if there is one
     */
    public static Service of(
            List<ListenAddress> addresses,
            Supplier<Configuration> configuration,
            ConnectionMemory memory,
            LiveSessions liveSessions,
            DelegationObserver observer,
            Optional<RecentVerdicts> verdicts) {
        Delegation delegation = new Delegation(configuration, liveSessions, observer, verdicts);
        return new Service(
                addresses,
                channel -> initialize(
                        channel, delegation, configuration.get().settings().limits(), memory, observer),
                false);
    }

    static void initialize(
            Channel channel,
            Delegation delegation,
            Limits limits,
            ConnectionMemory memory,
            DelegationObserver observer) {
        new RequestHandler(limits, memory, delegation, observer).begin(channel);
    }
}
