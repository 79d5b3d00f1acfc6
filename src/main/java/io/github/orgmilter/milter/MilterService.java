package io.github.orgmilter.milter;

import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.Service;
import io.github.orgmilter.policy.Policy;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The milter protocol on a server's sockets: one connection is one SMTP session of the MTA. */
public final class MilterService {

    private final Supplier<Policy> policy;
    private final Supplier<Limits> limits;
    private final ConnectionMemory memory;
    private final SessionObserver observer;
    private final Optional<RecentVerdicts> verdicts;
    private final Optional<LiveSessions> liveSessions;
    private final HeaderRules headerRules;
    private final AtomicLong lastSession = new AtomicLong(System.currentTimeMillis()); // ids differ across restarts

    MilterService(
            Supplier<Policy> policy,
            Supplier<Limits> limits,
            ConnectionMemory memory,
            SessionObserver observer,
            Optional<RecentVerdicts> verdicts,
            Optional<LiveSessions> liveSessions,
            HeaderRules headerRules) {
        this.policy = policy;
        this.limits = limits;
        this.memory = memory;
        this.observer = observer;
        this.verdicts = verdicts;
        this.liveSessions = liveSessions;
        this.headerRules = headerRules;
    }

    /**
     * The milter at these addresses.
     *
     * @param policy read once for every message
     * @param limits read once for every connection
     * @param memory what all connections share
     * @param verdicts where verdicts are kept for the console, if there is one
     * @param liveSessions where policy queries find their sessions, if they are in use
     * @param headerRules what looks at header fields
     */
    public static Service of(
            List<ListenAddress> addresses,
            Supplier<Policy> policy,
            Supplier<Limits> limits,
            ConnectionMemory memory,
            SessionObserver observer,
            Optional<RecentVerdicts> verdicts,
            Optional<LiveSessions> liveSessions,
            HeaderRules headerRules) {
        MilterService service =
                new MilterService(policy, limits, memory, observer, verdicts, liveSessions, headerRules);
        return new Service(addresses, service::initialize, true);
    }

    /** Sets up the pipeline of a new connection: what limits it, and its session. */
    void initialize(Channel channel) {
        String id = Long.toString(lastSession.incrementAndGet(), Character.MAX_RADIX);
        Limits current = limits.get();
        Session session = new Session(policy, observer, verdicts, liveSessions, headerRules, current, id);
        new SessionHandler(session, current, memory, observer).begin(channel);
    }
}
