package io.github.orgmilter.policy;

import java.util.Optional;

/** What a message's MAIL command says: the sender, and the login under which it is sent. */
public record Envelope(Address sender, Optional<Authentication> authentication) {}
