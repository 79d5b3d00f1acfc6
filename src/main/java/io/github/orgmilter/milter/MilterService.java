package io.github.orgmilter.milter;

import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.Service;
import io.github.orgmilter.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The milter protocol on a server's sockets: one connection is one SMTP session of the MTA. */
public final class MilterService {

    private MilterService() {}

    /**
     * The milter at these addresses.
     *
     * @param policy read once for every message
     * @param limits read once for every connection
     * @param memory what all connections share
     * @param liveSessions where policy queries find their sessions, if they are in use
     */
    public static Service of(
            List<ListenAddress> addresses,
            Supplier<Policy> policy,
            Supplier<Limits> limits,
            ConnectionMemory memory,
            SessionObserver observer,
            Optional<LiveSessions> liveSessions) {
        return new Service(
                addresses, new SessionPipeline(policy, limits, memory, observer, liveSessions)::initialize, true);
    }
}
