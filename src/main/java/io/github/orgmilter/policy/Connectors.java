package io.github.orgmilter.policy;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.policy.IdentityMatch.ByName;
import io.github.orgmilter.policy.IdentityMatch.ByPin;
import io.github.orgmilter.policy.IdentityMatch.CertificateMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All enabled connectors of all organizations, and which of them identify a client. */
final class Connectors {

    /** A connector and whose it is. */
    record Member(Organization organization, Connector connector) {}

    /** As many connectors as an explanation lists whole; with more, only those of the organizations concerned. */
    private static final int LISTED_WHOLE = 25;

    private final List<Organization> organizations = new ArrayList<>();

    private final List<Member> members = new ArrayList<>();
    private final CertificateIndex certificates = new CertificateIndex();
    private final PinIndex pins = new PinIndex();
    private final AddressIndex addresses;
    private final List<AddressRange> ranges = new ArrayList<>();
    private final List<Integer> rangeMembers = new ArrayList<>();

    /** Indexes the connectors; the order of organizations, and of connectors in each, is the order as written. */
    Connectors(Iterable<Organization> organizations) {
        for (Organization organization : organizations) {
            this.organizations.add(organization);
            organization.connectors().stream().filter(Connector::enabled).forEach(connector -> add(organization, connector));
        }
        addresses = new AddressIndex(ranges);
    }

    private void add(Organization organization, Connector connector) {
        int position = members.size();
        members.add(new Member(organization, connector));
        if (connector.isCertificateConnector()) {
            for (CertificateNamePattern pattern : connector.certificateNames()) {
                certificates.add(pattern, position);
            }
            for (Pin pin : connector.pins()) {
                pins.add(pin, position);
            }
        } else {
            for (AddressRange range : connector.addresses().ranges()) {
                ranges.add(range);
                rangeMembers.add(position);
            }
        }
    }

    /** Whether any of them knows clients by a pin. */
    boolean havePins() {
        return !pins.isEmpty();
    }

    Identification identify(Client client) {
        List<IdentityMatch> candidates = new ArrayList<>();
        client.presented()
                .filter(presented -> client.encrypted())
                .ifPresent(presented -> pins.forEachMatching(
                        presented,
                        (pin, position) -> byCertificate(client, new ByPin(pin, client.certificateName()), position)
                                .ifPresent(candidates::add)));
        client.certificateName()
                .ifPresent(name -> certificates.forEachMatching(
                        name,
                        (pattern, position) -> byName(client, new ByName(name, pattern), position)
                                .ifPresent(candidates::add)));
        client.address()
                .ifPresent(address -> addresses.forEachContaining(
                        address,
                        i -> candidates.add(match(rangeMembers.get(i), Optional.empty(), Optional.of(ranges.get(i))))));

        candidates.sort(IdentityMatch.PRECEDENCE);
        List<IdentityMatch> matches = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        boolean tlsMissing = false;
        for (IdentityMatch candidate : candidates) {
            if (candidate.connector().requireTls() && !client.encrypted()) {
                tlsMissing = true;
            } else if (seen.add(candidate.position())) {
                matches.add(candidate);
            }
        }
        return new Identification(client, matches, tlsMissing);
    }

    private Optional<IdentityMatch> byName(Client client, ByName match, int position) {
        Set<String> issuers = members.get(position).connector().issuers();
        return issuers.isEmpty() || client.certificateIssuer().filter(issuers::contains).isPresent()
                ? byCertificate(client, match, position)
                : Optional.empty();
    }

    private Optional<IdentityMatch> byCertificate(Client client, CertificateMatch certificate, int position) {
        Connector connector = members.get(position).connector();
        if (connector.addresses().isEmpty()) {
            return Optional.of(match(position, Optional.of(certificate), Optional.empty()));
        }
        return client.address()
                .flatMap(connector.addresses()::smallestContaining)
                .map(range -> match(position, Optional.of(certificate), Optional.of(range)));
    }

    private IdentityMatch match(int position, Optional<CertificateMatch> certificate, Optional<AddressRange> range) {
        Member member = members.get(position);
        return new IdentityMatch(member.organization(), member.connector(), position, certificate, range);
    }

    /** The connectors that an explanation speaks of, disabled ones included: all if they are few, else those of these. */
    List<Member> candidates(List<Optional<Organization>> concerned) {
        Set<String> names = new HashSet<>();
        concerned.forEach(organization -> organization.ifPresent(o -> names.add(o.name())));
        long count = organizations.stream().mapToLong(o -> o.connectors().size()).sum();
        return organizations.stream()
                .filter(organization -> count <= LISTED_WHOLE || names.contains(organization.name()))
                .flatMap(organization -> organization.connectors().stream()
                        .map(connector -> new Member(organization, connector)))
                .toList();
    }
}
