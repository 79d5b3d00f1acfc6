package io.github.orgmilter.policy;

import java.util.Optional;

/** The sender of a message, and the login under which it is sent. */
public record Envelope(Address sender, Optional<Authentication> authentication) {}
