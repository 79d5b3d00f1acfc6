package io.github.orgmilter.policy;

import java.util.List;

/** Which connectors identify a client under one policy, in the order of docs/rules.md, section 3.8. */
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

    /** Whether at least one enabled connector identifies the client. */
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

    /** The first connector; none if the client is not identified. */
    Party foremost() {
        return matches.isEmpty() ? Party.NONE : matches.get(0).name();
    }
}
