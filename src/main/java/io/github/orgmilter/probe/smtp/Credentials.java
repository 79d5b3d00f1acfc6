package io.github.orgmilter.probe.smtp;

import java.util.Optional;

/** By what a client wants to be recognised, beside its address. */
public record Credentials(Optional<ClientKey> key, Optional<Login> login) {

    public static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty());

    public boolean isEmpty() {
        return key.isEmpty() && login.isEmpty();
    }
}
