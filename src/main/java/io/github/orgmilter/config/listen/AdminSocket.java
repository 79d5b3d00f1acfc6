package io.github.orgmilter.config.listen;

import io.github.orgmilter.net.ListenAddress;
import java.util.Optional;

/**
 * Where a running service is asked.
 *
 * @param token what must be given there, if anything
 */
public record AdminSocket(ListenAddress address, Optional<AdminToken> token) {}
