package io.github.orgmilter.policy;

import java.util.List;
import java.util.Optional;

/** Which connectors identify a client, the foremost first, under one policy. */
public final class Identification {

    private final Client client;
    private final List<IdentityMatch> matches;
    private final boolean tlsMissing;

    Identification(Client client, List<IdentityMatch> matches, boolean tlsMissing) {
        this.client = client;
        this.matches = List.copyOf(matches);
        this.tlsMissing = tlsMissing;
    }

    public Client client() {
        return client;
    }

    List<IdentityMatch> matches() {
        return matches;
    }

    /** Whether at least one enabled connector's identity condition holds. */
    public boolean isIdentified() {
        return !matches.isEmpty();
    }

    /** Whether a connector would identify the client if only the connection were encrypted. */
    boolean isTlsMissing() {
        return tlsMissing;
    }

    boolean isIdentifiedBy(Organization organization) {
        return matches.stream().anyMatch(match -> match.organization().is(organization));
    }

    Optional<IdentityMatch> foremost() {
        return matches.isEmpty() ? Optional.empty() : Optional.of(matches.get(0));
    }
}
