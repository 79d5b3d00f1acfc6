package io.github.orgmilter.delegation;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ListenAddress;
import io.github.orgmilter.milter.LiveSessions;
import io.github.orgmilter.net.Service;
import io.netty.channel.Channel;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Postfix's policy delegation protocol on a server's sockets. */
public final class DelegationService {

    /** Postfix closes a connection that it has not used for 300 s ({@code smtpd_policy_service_max_idle}). */
    private static final long IDLE_HOURS = 2;

    /** Postfix sends a request at once, and waits 100 s for its answer ({@code smtpd_policy_service_timeout}). */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private DelegationService() {}

    /**
     * Answers what is asked at these addresses.
     *
     * @param configuration asked once for every request
     * @param liveSessions the milter sessions of the same process
     */
    public static Service of(
            List<ListenAddress> addresses,
            Supplier<Configuration> configuration,
            LiveSessions liveSessions,
            DelegationObserver observer) {
        Delegation delegation = new Delegation(configuration, liveSessions, observer);
        return new Service(addresses, channel -> initialize(channel, delegation, REQUEST_TIMEOUT), false);
    }

    static void initialize(Channel channel, Delegation delegation, Duration requestTimeout) {
        channel.pipeline()
                .addLast(new IdleStateHandler(IDLE_HOURS, 0, 0, TimeUnit.HOURS))
                .addLast(new RequestDecoder(requestTimeout))
                .addLast(new RequestHandler(delegation));
    }
}
