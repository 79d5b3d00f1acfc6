package io.github.orgmilter.milter;

import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.LimitedPipeline;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.Policy;
import io.netty.channel.Channel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Sets up the pipeline of a new connection: what limits it, and its session. */
final class SessionPipeline {

    private final Supplier<Policy> policy;
    private final Supplier<Limits> limits;
    private final ConnectionMemory memory;
    private final SessionObserver observer;
    private final Optional<LiveSessions> liveSessions;
    private final AtomicLong lastSession = new AtomicLong(System.currentTimeMillis()); // ids stay apart across restarts

    SessionPipeline(
            Supplier<Policy> policy,
            Supplier<Limits> limits,
            ConnectionMemory memory,
            SessionObserver observer,
            Optional<LiveSessions> liveSessions) {
        this.policy = policy;
        this.limits = limits;
        this.memory = memory;
        this.observer = observer;
        this.liveSessions = liveSessions;
    }

    void initialize(Channel channel) {
        String id = Long.toString(lastSession.incrementAndGet(), Character.MAX_RADIX);
        Limits current = limits.get();
        LimitedPipeline.initialize(
                channel,
                current,
                memory,
                new SessionHandler(new Session(policy, observer, liveSessions, id), current, observer));
    }
}
