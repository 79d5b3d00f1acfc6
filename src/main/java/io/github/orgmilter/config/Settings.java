package io.github.orgmilter.config;

import io.github.orgmilter.config.listen.AdminToken;
import io.github.orgmilter.directory.DirectorySettings;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the daemon itself, beside the policy.
 *
 * @param listen the sockets for milter sessions, at least one
 * @param policyListen the sockets for Postfix's policy queries; none if there is no such service
 * @param policyGrantsRelay whether policy queries that would be relayed are answered OK
 * @param mapListen the sockets for the look-up tables of the MTA; none if there is no such service
 * @param deliveredDomains the accepted domains that the MTA delivers itself, so that it does not find them in relay-domains
 * @param adminListen the socket of the admin listener, if there is one
 * @param adminHosts further host names and addresses that clients of that listener may use, in lower case
 * @param adminToken what operators must give there, if anything
 * @param metricsOrganizations how many organizations have time series of their own
 * @param shutdownTimeout how long sessions may continue after a stop is requested
 * @param limits the limits of connections
 * @param directory where further organizations are kept, if anywhere
 */
public record Settings(
        List<ListenAddress> listen,
        List<ListenAddress> policyListen,
        boolean policyGrantsRelay,
        List<ListenAddress> mapListen,
        DeliveredDomains deliveredDomains,
        Optional<ListenAddress> adminListen,
        Set<String> adminHosts,
        Optional<AdminToken> adminToken,
        int metricsOrganizations,
        Duration shutdownTimeout,
        Limits limits,
        Optional<DirectorySettings> directory) {

    public Settings {
        listen = List.copyOf(listen);
        policyListen = List.copyOf(policyListen);
        mapListen = List.copyOf(mapListen);
        adminHosts = Set.copyOf(adminHosts);
    }
}
