package io.github.orgmilter.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the daemon itself needs, beside the policy.
 *
 * @param listen at least one socket
 * @param adminListen where the operator's HTTP listener is, if there is to be one
 * @param metricsOrganizations how many organizations have time series of their own
 * @param shutdownTimeout how long sessions may go on when the daemon is told to stop
 */
public record Settings(
        List<ListenAddress> listen,
        Optional<ListenAddress.Tcp> adminListen,
        int metricsOrganizations,
        Duration shutdownTimeout) {

    public Settings {
        listen = List.copyOf(listen);
    }
}
