package io.github.orgmilter.identification;

import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Party;
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

    public List<IdentityMatch> matches() {
        return matches;
    }

    /** Whether at least one enabled connector identifies the client. */
    public boolean isIdentified() {
        return !matches.isEmpty();
    }

    /** Whether a connector would identify the client if only the connection were encrypted. */
    public boolean isTlsMissing() {
        return tlsMissing;
    }

    public boolean isIdentifiedBy(Organization organization) {
        return matches.stream().anyMatch(match -> match.organization().is(organization));
    }

    /** The first connector; none if the client is not identified. */
    public Party foremost() {
        return matches.isEmpty() ? Party.NONE : matches.get(0).name();
    }
}
