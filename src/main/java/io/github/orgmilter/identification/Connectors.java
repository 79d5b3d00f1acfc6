package io.github.orgmilter.identification;

import io.github.orgmilter.identification.CertificateMatch.ByName;
import io.github.orgmilter.identification.CertificateMatch.ByPin;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.index.AddressIndex;
import io.github.orgmilter.index.CertificateIndex;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The connectors of all organizations, and which of them identify a client: docs/rules.md, section 3. */
public final class Connectors {

    /**
     * A connector of an organization.
     *
     * @param position its place in the order as written: files by name, lines within them
     */
    record Member(Organization organization, Connector connector, int position) {

        ConnectorName name() {
            return new ConnectorName(organization.name(), connector.name());
        }
    }

    private final List<Member> members = new ArrayList<>();
    private final CertificateIndex certificates = new CertificateIndex();
    private final WildcardLimits wildcardLimits;
    private final PinIndex pins = new PinIndex();
    private final AddressIndex addresses;

    /** Indexes the connectors; the order of organizations, and of connectors in each, is the order as written. */
    public Connectors(Iterable<Organization> organizations, AcceptedDomains acceptedDomains, Runnable pause) {
        wildcardLimits = new WildcardLimits(acceptedDomains, members, certificates);
        List<AddressRange> ranges = new ArrayList<>();
        IntStream.Builder rangeMembers = IntStream.builder();
        for (Organization organization : organizations) {
            pause.run();
            for (Connector connector : organization.connectors()) {
                int position = add(organization, connector);
                if (connector.enabled() && !connector.isCertificateConnector()) {
                    for (AddressRange range : connector.addresses().ranges()) {
                        ranges.add(range);
                        rangeMembers.add(position);
                    }
                }
            }
        }
        addresses = new AddressIndex(ranges, rangeMembers.build().toArray(), pause);
    }

    private int add(Organization organization, Connector connector) {
        int position = members.size();
        members.add(new Member(organization, connector, position));
        for (CertificateNamePattern pattern : connector.certificateNames()) {
            certificates.add(pattern, position);
        }
        for (Pin pin : connector.pins()) {
            wildcardLimits.add(pin, position);
            if (connector.enabled()) {
                pins.add(pin, position);
            }
        }
        return position;
    }

    WildcardLimits wildcardLimits() {
        return wildcardLimits;
    }

    /** All of them, in the order as written. */
    List<Member> members() {
        return Collections.unmodifiableList(members);
    }

    /** Whether an enabled connector has pins. */
    public boolean havePins() {
        return !pins.isEmpty();
    }

    /** Whether an enabled connector without certificates has the address. */
    public boolean haveAddress(IpAddress address) {
        return addresses.contains(address);
    }

    public Identification identify(Client client) {
        List<IdentityMatch> candidates = new ArrayList<>(2);
        if (client.presented().isPresent() && client.encrypted()) {
            pins.forEachMatching(
                    client.presented().get(),
                    (pin, position) ->
                            byCertificate(candidates, client, new ByPin(pin, client.certificateName()), position));
        }
        if (client.certificateName().isPresent()) {
            CertificateName name = client.certificateName().get();
            certificates.forEachMatching(
                    name, (pattern, position) -> byName(candidates, client, new ByName(name, pattern), position));
        }
        if (client.address().isPresent()) {
            addresses.forEachContaining(
                    client.address().get(),
                    (range, position) -> candidates.add(match(position, Optional.empty(), Optional.of(range))));
        }
        return identification(client, candidates);
    }

    private static Identification identification(Client client, List<IdentityMatch> candidates) {
        boolean tlsMissing = !client.encrypted()
                && candidates.removeIf(candidate -> candidate.connector().requireTls());
        if (candidates.size() > 1) {
            candidates.sort(IdentityMatch.PRECEDENCE);
            Set<Integer> seen = new HashSet<>();
            candidates.removeIf(candidate -> !seen.add(candidate.position()));
        }
        return new Identification(client, candidates, tlsMissing);
    }

    private void byName(List<IdentityMatch> candidates, Client client, ByName match, int position) {
        Member member = members.get(position);
        Set<String> issuers = member.connector().issuers();
        if (member.connector().enabled()
                && (issuers.isEmpty()
                        || client.certificateIssuer().filter(issuers::contains).isPresent())
                && wildcardLimits
                        .limit(member.organization(), match.pattern(), match.presented())
                        .isEmpty()) {
            byCertificate(candidates, client, match, position);
        }
    }

    private void byCertificate(
            List<IdentityMatch> candidates, Client client, CertificateMatch certificate, int position) {
        AddressRanges required = members.get(position).connector().addresses();
        if (required.isEmpty()) {
            candidates.add(match(position, Optional.of(certificate), Optional.empty()));
        } else {
            client.address()
                    .flatMap(required::smallestContaining)
                    .ifPresent(range -> candidates.add(match(position, Optional.of(certificate), Optional.of(range))));
        }
    }

    private IdentityMatch match(int position, Optional<CertificateMatch> certificate, Optional<AddressRange> range) {
        return new IdentityMatch(members.get(position), certificate, range);
    }
}
