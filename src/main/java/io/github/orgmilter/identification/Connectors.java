package io.github.orgmilter.identification;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.CertificateMatch.ByName;
import io.github.orgmilter.identification.CertificateMatch.ByPin;
import io.github.orgmilter.identification.shared.FieldIndex;
import io.github.orgmilter.identification.shared.Fronts;
import io.github.orgmilter.identification.shared.UndecidedConnectors;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.index.CertificateIndex;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import io.github.orgmilter.organization.Pin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The connectors of all organizations, and which of them identify a client: docs/rules.md, section 3. Those with required header
 * fields are apart. Immutable: {@link #with} makes the next one, at the cost of what changes.
 */
public final class Connectors {

    private final ConnectorIndex<Member> index; // of those without required header fields
    private final CertificateIndex<Member> pinnedNames; // of all
    private final Fronts fronts;
    private final FieldIndex fields;
    private final int size;
    private final Ownership ownership;
    private final Kinds kinds;

    /** No connectors. */
    public Connectors() {
        this(
                new ConnectorIndex<>(member -> member.organization().name()),
                new CertificateIndex<>(),
                new Fronts(),
                new FieldIndex(),
                0,
                new AcceptedDomains(Set.of()));
    }

    private Connectors(
            ConnectorIndex<Member> index,
            CertificateIndex<Member> pinnedNames,
            Fronts fronts,
            FieldIndex fields,
            int size,
            AcceptedDomains acceptedDomains) {
        this.index = index;
        this.pinnedNames = pinnedNames;
        this.fronts = fronts;
        this.fields = fields;
        this.size = size;
        ownership = new Ownership(
                acceptedDomains,
                index.certificates(),
                pinnedNames,
                fronts.index().certificates());
        kinds = new Kinds(ownership);
    }

    /**
     * The connectors after a change; only the accepted domains after it are still wanted, by which some names are others'.
     *
     * @param all the organizations after it, for the order of connectors
     */
    public Function<AcceptedDomains, Connectors> with(
            Iterable<Organization> removed, Collection<Organization> added, Organizations all, Runnable pause) {
        Edit edit = new Edit(this);
        edit.index.expect(names(added));
        for (Organization organization : removed) {
            organization.connectors().forEach(connector -> edit.remove(organization, connector));
        }
        for (Organization organization : added) {
            pause.run();
            int place = all.place(organization);
            organization.connectors().forEach(connector -> edit.add(new Member(organization, connector, place)));
        }
        return edit.done(pause);
    }

    private static int names(Collection<Organization> organizations) {
        int names = 0;
        for (Organization organization : organizations) {
            for (Connector connector : organization.connectors()) {
                names += connector.certificateNames().size();
            }
        }
        return names;
    }

    /** Changes to the indexes. */
    private static final class Edit {

        private final Connectors before;
        private final ConnectorIndex.Edit<Member> index;
        private final CertificateIndex.Edit<Member> pinnedNames;
        private final Fronts.Edit fronts;
        private final FieldIndex.Edit fields;
        private int size;

        Edit(Connectors before) {
            this.before = before;
            index = before.index.edit();
            pinnedNames = before.pinnedNames.edit();
            fronts = before.fronts.edit();
            fields = before.fields.edit();
            size = before.size;
        }

        void add(Member member) {
            Connector connector = member.connector();
            size++;
            connector.pins().forEach(pin -> pin.names().forEach(name -> pinnedNames.add(name, member)));
            if (connector.requiredHeaders().isEmpty()) {
                index.add(connector, member);
            } else {
                fronts.add(member);
                fields.add(member);
            }
        }

        void remove(Organization organization, Connector connector) {
            size--;
            Predicate<Member> its = member -> member.isOf(organization);
            connector.pins().forEach(pin -> pin.names().forEach(name -> pinnedNames.remove(name, its)));
            if (connector.requiredHeaders().isEmpty()) {
                index.remove(connector, organization.name());
            } else {
                fronts.remove(organization, connector);
                fields.remove(organization, connector);
            }
        }

        Function<AcceptedDomains, Connectors> done(Runnable pause) {
            ConnectorIndex<Member> newIndex = index.done(before.size == 0, pause);
            CertificateIndex<Member> newNames = pinnedNames.done();
            Fronts newFronts = fronts.done(pause);
            FieldIndex newFields = fields.done();
            int newSize = size;
            return domains -> new Connectors(newIndex, newNames, newFronts, newFields, newSize, domains);
        }
    }

    Ownership ownership() {
        return ownership;
    }

    public Kinds kinds() {
        return kinds;
    }

    public Fronts fronts() {
        return fronts;
    }

    int size() {
        return size;
    }

    /** Whether an enabled connector has pins. */
    public boolean havePins() {
        return !index.pins().isEmpty() || !fronts.index().pins().isEmpty();
    }

    /** Whether an enabled connector has the address, and neither names, pins nor logins. */
    public boolean haveAddress(IpAddress address) {
        return index.addresses().contains(address) || fronts.index().addresses().contains(address);
    }

    /** Whether a connector has required header fields. */
    public boolean requireHeaders() {
        return !fronts.isEmpty();
    }

    /** Whether a connector has its required header fields removed. */
    public boolean removeHeaders() {
        return fronts.removeAny();
    }

    /** The names of the fields that identify, as a set that only looks them up. */
    public Set<FieldName> requiredFields() {
        return fields.names();
    }

    /** Finds what connectors of several organizations share: one pass over all. */
    public void forEachShared(Consumer<SharedIdentity> receiver) {
        new SharedIdentities(index).forEach(receiver);
    }

    public Identification identify(Client client) {
        Candidates candidates = new Candidates(client);
        index.visit(client, candidates);
        return candidates.identification();
    }

    /** The connectors that identify a client by the header of its message, in no particular order. */
    public List<IdentityMatch> identify(Client client, HeaderFields header) {
        List<IdentityMatch> matches = new ArrayList<>(1);
        for (Member member : fields.holding(header)) {
            Optional<IdentityMatch> match = kinds.match(client, member);
            if (match.isPresent()) {
                matches.add(match.get());
            }
        }
        return matches;
    }

    /** Whether a connector would identify a client by the header of its message if only the connection were encrypted. */
    public boolean lackOnlyTls(Client client, HeaderFields header) {
        if (!client.encrypted()) {
            for (Member member : fields.holding(header)) {
                if (kinds.lacksOnlyTls(client, member)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Collects the connectors without required header fields that identify a client. */
    private final class Candidates implements ConnectorIndex.Visitor<Member> {

        private final Client client;
        private final List<IdentityMatch> matches = new ArrayList<>(2);

        Candidates(Client client) {
            this.client = client;
        }

        @Override
        public void name(CertificateNamePattern pattern, Member member) {
            ByName match = new ByName(client.certificateName().orElseThrow(), pattern);
            if (kinds.holds(client, match, member)) {
                add(Optional.of(match), member);
            }
        }

        @Override
        public void pin(Pin pin, Member member) {
            add(Optional.of(new ByPin(pin, client.certificateName())), member);
        }

        @Override
        public void login(Member member) {
            add(Optional.empty(), member);
        }

        @Override
        public void address(AddressRange range, Member member) {
            matches.add(new IdentityMatch(member, Optional.empty(), Optional.empty(), Optional.of(range)));
        }

        private void add(Optional<CertificateMatch> certificate, Member member) {
            Optional<IdentityMatch> match = kinds.match(client, certificate, member);
            if (match.isPresent()) {
                matches.add(match.get());
            }
        }

        Identification identification() {
            boolean tlsMissing = !client.encrypted()
                    && matches.removeIf(candidate -> candidate.connector().requireTls());
            if (matches.size() > 1) {
                matches.sort(IdentityMatch.PRECEDENCE);
                Set<Member> seen = Collections.newSetFromMap(new IdentityHashMap<>(matches.size()));
                matches.removeIf(candidate -> !seen.add(candidate.member()));
            }
            return new Identification(client, matches, tlsMissing, UndecidedConnectors.of(Connectors.this, client));
        }
    }
}
