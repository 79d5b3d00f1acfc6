package io.github.orgmilter.identification;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.identification.CertificateMatch.ByName;
import io.github.orgmilter.identification.CertificateMatch.ByPin;
import io.github.orgmilter.identification.SharedIdentity.Kind;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.LoginPattern;
import io.github.orgmilter.identity.LoginPatterns;
import io.github.orgmilter.index.AddressIndex;
import io.github.orgmilter.index.CertificateIndex;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import io.github.orgmilter.organization.Pin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The connectors of all organizations, and which of them identify a client: docs/rules.md, section 3. Immutable: {@link #with} makes
 * the next one, at the cost of what changes.
 */
public final class Connectors {

    private final CertificateIndex<Member> certificates;
    private final CertificateIndex<Member> pinnedNames;
    private final PinIndex pins;
    private final LoginIndex logins;
    private final AddressIndex<Member> addresses;
    private final int size;
    private final Ownership ownership;

    /** No connectors. */
    public Connectors() {
        this(
                new CertificateIndex<>(),
                new CertificateIndex<>(),
                new PinIndex(),
                new LoginIndex(),
                new AddressIndex<>(List.of(), () -> {}),
                0,
                new AcceptedDomains(Set.of()));
    }

    private Connectors(
            CertificateIndex<Member> certificates,
            CertificateIndex<Member> pinnedNames,
            PinIndex pins,
            LoginIndex logins,
            AddressIndex<Member> addresses,
            int size,
            AcceptedDomains acceptedDomains) {
        this.certificates = certificates;
        this.pinnedNames = pinnedNames;
        this.pins = pins;
        this.logins = logins;
        this.addresses = addresses;
        this.size = size;
        ownership = new Ownership(acceptedDomains, certificates, pinnedNames);
    }

    /**
     * The connectors after a change; only the accepted domains after it are still wanted, by which some names are others'.
     *
     * @param all the organizations after it, for the order of connectors
     */
    public Function<AcceptedDomains, Connectors> with(
            Iterable<Organization> removed, Collection<Organization> added, Organizations all, Runnable pause) {
        Edit edit = new Edit(this);
        edit.certificates.expect(added.stream()
                .flatMap(organization -> organization.connectors().stream())
                .mapToInt(connector -> connector.certificateNames().size())
                .sum());
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

    /** Changes to the indexes. */
    private static final class Edit {

        private final Connectors before;
        private final CertificateIndex.Edit<Member> certificates;
        private final CertificateIndex.Edit<Member> pinnedNames;
        private final PinIndex.Edit pins;
        private final LoginIndex.Edit logins;
        private final List<AddressRange> goneRanges = new ArrayList<>();
        private final List<AddressIndex.Entry<Member>> newRanges = new ArrayList<>();
        private final Set<String> gone = new HashSet<>();
        private int size;

        Edit(Connectors before) {
            this.before = before;
            certificates = before.certificates.edit();
            pinnedNames = before.pinnedNames.edit();
            pins = before.pins.edit();
            logins = before.logins.edit();
            size = before.size;
        }

        void add(Member member) {
            Connector connector = member.connector();
            size++;
            connector.certificateNames().forEach(pattern -> certificates.add(pattern, member));
            for (Pin pin : connector.pins()) {
                pin.names().forEach(name -> pinnedNames.add(name, member));
                if (connector.enabled()) {
                    pins.add(pin, member);
                }
            }
            if (isByLogin(connector)) {
                connector.logins().all().forEach(pattern -> logins.add(pattern, member));
            }
            if (isByAddress(connector)) {
                connector.addresses().ranges().forEach(range -> newRanges.add(new AddressIndex.Entry<>(range, member)));
            }
        }

        void remove(Organization organization, Connector connector) {
            size--;
            Predicate<Member> its = member -> member.isOf(organization);
            connector.certificateNames().forEach(pattern -> certificates.remove(pattern, its));
            for (Pin pin : connector.pins()) {
                pin.names().forEach(name -> pinnedNames.remove(name, its));
                pins.remove(pin, its);
            }
            if (isByLogin(connector)) {
                connector.logins().all().forEach(pattern -> logins.remove(pattern, its));
            }
            if (isByAddress(connector)) {
                gone.add(organization.name());
                goneRanges.addAll(connector.addresses().ranges());
            }
        }

        private static boolean isByLogin(Connector connector) {
            return connector.enabled() && !connector.isCertificateConnector();
        }

        private static boolean isByAddress(Connector connector) {
            return connector.enabled() && connector.isByAddressAlone();
        }

        Function<AcceptedDomains, Connectors> done(Runnable pause) {
            boolean first = before.size == 0;
            AddressIndex<Member> addresses = first
                    ? new AddressIndex<>(newRanges, pause)
                    : before.addresses.with(
                            goneRanges,
                            member -> gone.contains(member.organization().name()),
                            newRanges);
            CertificateIndex<Member> newCertificates = certificates.done();
            CertificateIndex<Member> newNames = pinnedNames.done();
            PinIndex newPins = pins.done();
            LoginIndex newLogins = logins.done();
            int newSize = size;
            return domains ->
                    new Connectors(newCertificates, newNames, newPins, newLogins, addresses, newSize, domains);
        }
    }

    Ownership ownership() {
        return ownership;
    }

    int size() {
        return size;
    }

    /** Whether an enabled connector has pins. */
    public boolean havePins() {
        return !pins.isEmpty();
    }

    /** Whether an enabled connector has the address, and nothing else. */
    public boolean haveAddress(IpAddress address) {
        return addresses.contains(address);
    }

    /**
     * Finds what connectors of several organizations share, each by itself with one of the others: pins, logins and addresses of
     * enabled connectors, logins only where there is no certificate, and addresses where there is nothing else. One pass over all.
     */
    public void forEachShared(Consumer<SharedIdentity> receiver) {
        certificates.forEachGroup((name, members) -> shared(Kind.CERTIFICATE_NAME, name, members, receiver));
        pins.forEachGroup((pin, members) -> shared(Kind.PIN, pin, members, receiver));
        logins.forEachGroup((login, members) -> shared(Kind.LOGIN, login, members, receiver));
        addresses.forEachOverlap(
                () -> {},
                (one, other) -> !one.isOf(other.organization()),
                (one, other) -> receiver.accept(
                        SharedIdentity.of(Kind.ADDRESSES, one.value(), one.range(), other.value(), other.range())));
    }

    private static void shared(Kind kind, Object value, List<Member> members, Consumer<SharedIdentity> receiver) {
        Member first = members.get(0);
        Optional<Member> another = members.stream()
                .filter(member -> !member.isOf(first.organization()))
                .findFirst();
        if (another.isPresent()) {
            members.forEach(member -> receiver.accept(SharedIdentity.of(
                    kind, member, value, member.isOf(first.organization()) ? another.get() : first, value)));
        }
    }

    public Identification identify(Client client) {
        List<IdentityMatch> candidates = new ArrayList<>(2);
        if (client.presented().isPresent() && client.encrypted()) {
            pins.forEachMatching(
                    client.presented().get(),
                    (pin, member) ->
                            add(candidates, client, Optional.of(new ByPin(pin, client.certificateName())), member));
        }
        if (client.certificateName().isPresent()) {
            CertificateName name = client.certificateName().get();
            certificates.forEachMatching(
                    name, (pattern, member) -> byName(candidates, client, new ByName(name, pattern), member));
        }
        if (client.authentication().isPresent()) {
            client.login()
                    .ifPresent(login -> logins.forEachMatching(
                            login, (pattern, member) -> add(candidates, client, Optional.empty(), member)));
        }
        if (client.address().isPresent()) {
            addresses.forEachContaining(
                    client.address().get(),
                    (range, member) -> candidates.add(
                            new IdentityMatch(member, Optional.empty(), Optional.empty(), Optional.of(range))));
        }
        return identification(client, candidates);
    }

    private static Identification identification(Client client, List<IdentityMatch> candidates) {
        boolean tlsMissing = !client.encrypted()
                && candidates.removeIf(candidate -> candidate.connector().requireTls());
        if (candidates.size() > 1) {
            candidates.sort(IdentityMatch.PRECEDENCE);
            Set<Member> seen = Collections.newSetFromMap(new IdentityHashMap<>(candidates.size()));
            candidates.removeIf(candidate -> !seen.add(candidate.member()));
        }
        return new Identification(client, candidates, tlsMissing);
    }

    private void byName(List<IdentityMatch> candidates, Client client, ByName match, Member member) {
        Set<String> issuers = member.connector().issuers();
        if (member.connector().enabled()
                && (issuers.isEmpty()
                        || client.certificateIssuer().filter(issuers::contains).isPresent())
                && !ownership.isForeign(member.organization(), match.pattern())
                && ownership
                        .limit(member.organization(), match.pattern(), match.presented())
                        .isEmpty()) {
            add(candidates, client, Optional.of(match), member);
        }
    }

    /** Adds a connector whose certificate kind holds, if it has one, unless another kind of it does not hold. */
    private void add(
            List<IdentityMatch> candidates, Client client, Optional<CertificateMatch> certificate, Member member) {
        LoginPatterns required = member.connector().logins();
        Optional<LoginPattern> login = required.isEmpty() ? Optional.empty() : login(client, member);
        AddressRanges ranges = member.connector().addresses();
        Optional<AddressRange> range =
                ranges.isEmpty() ? Optional.empty() : client.address().flatMap(ranges::smallestContaining);
        if (required.isEmpty() == login.isEmpty() && ranges.isEmpty() == range.isEmpty()) {
            candidates.add(new IdentityMatch(member, certificate, login, range));
        }
    }

    private Optional<LoginPattern> login(Client client, Member member) {
        return client.login()
                .flatMap(member.connector().logins()::closest)
                .filter(pattern -> !ownership.isForeign(member.organization(), pattern));
    }
}
