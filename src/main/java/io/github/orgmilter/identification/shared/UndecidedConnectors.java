package io.github.orgmilter.identification.shared;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.CertificateMatch;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.ConnectorIndex;
import io.github.orgmilter.identification.Connectors;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.identification.Kinds;
import io.github.orgmilter.identification.Member;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The connectors that identify a client if the header of its message has their fields: docs/rules.md, 3.11. Of a shared server they may
 * be tens of thousands, so they are asked about, and never listed.
 */
public final class UndecidedConnectors {

    /** Those of a policy without required header fields. */
    public static final UndecidedConnectors NONE = new UndecidedConnectors(
            new Connectors(),
            new Client(Client.UNKNOWN, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty()),
            List.of(),
            false);

    /** A front that the client matches, and by what. */
    private record Match(Front front, IdentityMatch prototype) {}

    private final Connectors connectors;
    private final Client client;
    private final List<Match> matches;
    private final boolean lackOnlyTls; // some that are not among them

    private UndecidedConnectors(Connectors connectors, Client client, List<Match> matches, boolean lackOnlyTls) {
        this.connectors = connectors;
        this.client = client;
        this.matches = matches;
        this.lackOnlyTls = lackOnlyTls;
    }

    public static UndecidedConnectors of(Connectors connectors, Client client) {
        if (!connectors.requireHeaders()) {
            return NONE;
        }
        Search search = new Search(connectors.kinds(), client);
        connectors.fronts().index().visit(client, search);
        return search.found.isEmpty() && !search.lackOnlyTls
                ? NONE
                : new UndecidedConnectors(connectors, client, search.found, search.lackOnlyTls);
    }

    private static final class Search implements ConnectorIndex.Visitor<Front> {

        private final Kinds kinds;
        private final Client client;
        private final List<Match> found = new ArrayList<>(2);
        private boolean lackOnlyTls;

        Search(Kinds kinds, Client client) {
            this.kinds = kinds;
            this.client = client;
        }

        private void add(Front front) {
            for (Match each : found) {
                if (each.front().id() == front.id()) {
                    return;
                }
            }
            Optional<IdentityMatch> match = kinds.match(client, front.prototype());
            if (match.isPresent()) {
                found.add(new Match(front, match.get()));
            } else {
                lackOnlyTls = lackOnlyTls || kinds.lacksOnlyTls(client, front.prototype());
            }
        }

        @Override
        public void name(CertificateNamePattern pattern, Front front) {
            add(front);
        }

        @Override
        public void pin(Pin pin, Front front) {
            add(front);
        }

        @Override
        public void login(Front front) {
            add(front);
        }

        @Override
        public void address(AddressRange range, Front front) {
            add(front);
        }
    }

    /** Whether one more would be undecided if only the connection were encrypted. */
    public boolean lackOnlyTls() {
        return lackOnlyTls;
    }

    /** Whether the fields of such a one are in the header. */
    public boolean lackOnlyTls(HeaderFields header) {
        return lackOnlyTls && connectors.lackOnlyTls(client, header);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return matches.isEmpty();
    }

    /** Those of an organization, in the order as written. */
    public List<IdentityMatch> of(Organization organization) {
        if (matches.isEmpty()) {
            return List.of();
        }
        List<IdentityMatch> its = new ArrayList<>(1);
        for (Connector connector : organization.connectors()) {
            if (!connector.requiredHeaders().isEmpty()) {
                Optional<IdentityMatch> match =
                        connectors.kinds().match(client, new Member(organization, connector, 0));
                if (match.isPresent()) {
                    its.add(match.get());
                }
            }
        }
        return its;
    }

    /** Whether one of them may relay for the senders of any domain. */
    public boolean allowAnyDomain() {
        for (Match match : matches) {
            if (match.front().anyDomain() > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of them may relay for the null sender without a domain. */
    public boolean allowNullSender() {
        for (Match match : matches) {
            if (match.front().nullSender() > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether any name of a certificate by which one of them matches passes, as in {@link CertificateMatch#anyName}. */
    public boolean anyCertificateName(Predicate<String> test) {
        return matches.stream()
                .map(match -> match.prototype().certificate())
                .flatMap(Optional::stream)
                .anyMatch(certificate -> certificate.anyName(test));
    }

    /** Whether one of them may have a field removed. */
    public boolean removeFields() {
        for (Match match : matches) {
            if (match.front().removing() > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of them has this field removed. */
    public boolean remove(FieldName name) {
        return matches.stream().anyMatch(match -> connectors.fronts().remove(match.front(), name));
    }

    /** Those whose fields the header has, in no particular order. */
    public List<IdentityMatch> holding(HeaderFields header) {
        return matches.isEmpty() ? List.of() : connectors.identify(client, header);
    }
}
