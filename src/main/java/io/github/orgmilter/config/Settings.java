package io.github.orgmilter.config;

import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the daemon itself needs, beside the policy.
 *
 * @param listen the sockets for milter sessions, at least one
 * @param policyListen the sockets for Postfix's policy queries; none for no such service
 * @param policyGrantsRelay whether a policy query for what would be relayed is answered with a permit
 * @param adminListen where the operator's HTTP listener is, if there is to be one
 * @param adminHosts further host names and addresses by which that listener may be asked, in lower case
 * @param metricsOrganizations how many organizations have time series of their own
 * @param shutdownTimeout how long sessions may go on when the daemon is told to stop
 * @param limits what connections may not go past
 */
public record Settings(
        List<ListenAddress> listen,
        List<ListenAddress> policyListen,
        boolean policyGrantsRelay,
        Optional<ListenAddress> adminListen,
        Set<String> adminHosts,
        int metricsOrganizations,
        Duration shutdownTimeout,
        Limits limits) {

    public Settings {
        listen = List.copyOf(listen);
        policyListen = List.copyOf(policyListen);
        adminHosts = Set.copyOf(adminHosts);
    }
}
