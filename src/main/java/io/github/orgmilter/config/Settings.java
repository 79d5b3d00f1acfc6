package io.github.orgmilter.config;

import java.util.List;

/**
 * What the daemon itself needs, beside the policy.
 *
 * @param listen at least one socket
 */
public record Settings(List<ListenAddress> listen) {

    public Settings {
        listen = List.copyOf(listen);
    }
}
