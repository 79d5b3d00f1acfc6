package io.github.orgmilter.identification;

import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.shared.UndecidedConnectors;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Party;
import java.util.ArrayList;
import java.util.List;

/**
 * Which connectors identify a client under one policy, in the order of docs/rules.md, section 3.8. Until the header of its message has
 * been seen, those with required header fields are undecided.
 */
public final class Identification {

    private final Client client;
    private final List<IdentityMatch> matches;
    private final boolean tlsMissing;
    private final UndecidedConnectors undecided;

    Identification(Client client, List<IdentityMatch> matches, boolean tlsMissing, UndecidedConnectors undecided) {
        this.client = client;
        this.matches = matches.size() == 1 ? List.of(matches.get(0)) : List.copyOf(matches); // one is copied once
        this.tlsMissing = tlsMissing;
        this.undecided = undecided;
    }

    /** The same client, identified by the header of its message as well: nothing is undecided any more. */
    public Identification with(HeaderFields header) {
        if (undecided.isEmpty()) {
            return this;
        }
        List<IdentityMatch> held = undecided.holding(header);
        List<IdentityMatch> all = matches.isEmpty() ? held : new ArrayList<>(matches);
        if (!matches.isEmpty()) {
            all.addAll(held);
        }
        if (all.size() > 1) {
            all.sort(IdentityMatch.PRECEDENCE);
        }
        return new Identification(client, all, tlsMissing || undecided.lackOnlyTls(header), UndecidedConnectors.NONE);
    }

    public Client client() {
        return client;
    }

    public List<IdentityMatch> matches() {
        return matches;
    }

    /** The connectors with required header fields, until the header has been seen. */
    public UndecidedConnectors undecided() {
        return undecided;
    }

    /** Whether at least one enabled connector identifies the client. */
    public boolean isIdentified() {
        return !matches.isEmpty();
    }

    /** Whether a connector would identify the client, or be undecided, if only the connection were encrypted. */
    public boolean isTlsMissing() {
        return tlsMissing || undecided.lackOnlyTls();
    }

    public boolean isIdentifiedBy(Organization organization) {
        return matches.stream().anyMatch(match -> match.organization().is(organization));
    }

    /** Whether a connector of the organization identifies the client, or does if the header has its fields. */
    public boolean mayBeIdentifiedBy(Organization organization) {
        return isIdentifiedBy(organization) || !undecided.of(organization).isEmpty();
    }

    /** The first connector; none if the client is not identified. */
    public Party foremost() {
        return matches.isEmpty() ? Party.NONE : matches.get(0).name();
    }
}
