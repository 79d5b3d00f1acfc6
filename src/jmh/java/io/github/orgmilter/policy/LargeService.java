package io.github.orgmilter.policy;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FieldValue;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Partners;
import io.github.orgmilter.organization.RequiredHeaders;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.options.PolicyOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A made-up service of any size. Each organization has ten accepted domains, one of them with what is below it, and two connectors:
 * one by two certificate patterns, one by ten address ranges of both families, of which some lie within others.
 */
public final class LargeService {

    static final int DOMAINS = 10;
    static final int RANGES = 10;
    static final String SHARED_SERVER = "mail.protection.cloud.example";
    static final String SHARED_FIELD = "X-OriginatorOrg";

    private LargeService() {}

    /** The same, each organization with three partners, one of them for every sender. */
    static Policy withPartners(int organizations) {
        List<Organization> all = new ArrayList<>(organizations);
        for (int i = 0; i < organizations; i++) {
            all.add(organization(i)
                    .with(Partners.of(List.of(
                            partner("first", List.of(new AcceptedDomain(domain(i, DOMAINS), true)), i),
                            partner("second", List.of(new AcceptedDomain(domain(i, DOMAINS + 1), false)), i),
                            partner("others", List.of(), i)))));
        }
        return new Policy(all, PolicyOptions.DEFAULT, "1");
    }

    private static Partner partner(String name, List<AcceptedDomain> senders, int number) {
        return new Partner(
                name,
                senders,
                senders.isEmpty(),
                List.of(),
                List.of(),
                Set.of(),
                new AddressRanges(List.of(range(number, 0), range(number, 1))),
                false);
    }

    /** A recipient of an organization. */
    static Address recipient(int organization) {
        return address("<bob@" + domain(organization, 1) + ">");
    }

    public static Policy of(int organizations) {
        List<Organization> all = new ArrayList<>(organizations);
        for (int i = 0; i < organizations; i++) {
            all.add(organization(i));
        }
        return new Policy(all, PolicyOptions.DEFAULT, "1");
    }

    private static Organization organization(int number) {
        List<AcceptedDomain> domains = new ArrayList<>(DOMAINS);
        for (int i = 0; i < DOMAINS; i++) {
            domains.add(new AcceptedDomain(domain(number, i), i == 0));
        }
        List<AddressRange> ranges = new ArrayList<>(RANGES);
        for (int i = 0; i < RANGES; i++) {
            ranges.add(range(number, i));
        }
        return new Organization(
                "customer-" + number,
                domains,
                List.of(
                        connector(
                                "certificates",
                                List.of(pattern("mail." + domain(number, 1)), pattern("*." + domain(number, 0))),
                                List.of()),
                        connector("addresses", List.of(), ranges)),
                SenderProtection.RELAY,
                Mode.ENFORCE);
    }

    /** A customer with servers of its own, and with others at a cloud, of which a header field says whose a message is. */
    static Organization tenant(int number) {
        Organization customer = organization(number);
        List<Connector> connectors = new ArrayList<>(customer.connectors());
        connectors.add(new Connector(
                "cloud",
                List.of(pattern(SHARED_SERVER)),
                Set.of(),
                List.of(),
                LoginPatterns.NONE,
                AddressRanges.NONE,
                new RequiredHeaders(
                        Map.of(new FieldName(SHARED_FIELD), Set.of(new FieldValue(sharedValue(number)))), true),
                false,
                true,
                true,
                List.of(),
                true,
                Mode.ENFORCE));
        return new Organization(
                customer.name(),
                customer.acceptedDomains(),
                connectors,
                customer.senderProtection(),
                customer.mode(),
                customer.standing());
    }

    static String sharedValue(int number) {
        return domain(number, 0).ascii();
    }

    static Client ofSharedServer() {
        return new Client(
                "198.51.100.7",
                IpAddress.parse("198.51.100.7"),
                true,
                CertificateName.of(SHARED_SERVER),
                Optional.empty(),
                Optional.empty());
    }

    /** A service of such customers alone. */
    public static Policy ofCustomers(int customers) {
        List<Organization> all = new ArrayList<>(customers);
        for (int i = 0; i < customers; i++) {
            all.add(customer(i));
        }
        return new Policy(all, PolicyOptions.DEFAULT, "1");
    }

    /** A customer of a directory: three accepted domains, two ranges, and a certificate pattern. */
    static Organization customer(int number) {
        String name = "customer-" + number + ".example";
        return new Organization(
                "customer-" + number,
                List.of(
                        new AcceptedDomain(new DomainName(name), true, AcceptedDomain.UNDATED),
                        new AcceptedDomain(
                                new DomainName("customer-" + number + ".test"), false, AcceptedDomain.UNDATED),
                        new AcceptedDomain(new DomainName("www-" + number + ".test"), false, AcceptedDomain.UNDATED)),
                List.of(
                        connector("certificate", List.of(pattern("mail." + name)), List.of()),
                        connector("addresses", List.of(), List.of(range(number, 0), range(number, 1)))),
                SenderProtection.RELAY,
                Mode.ENFORCE,
                Standing.OF_DIRECTORY);
    }

    private static Connector connector(String name, List<CertificateNamePattern> names, List<AddressRange> ranges) {
        return new Connector(
                name,
                names,
                Set.of(),
                List.of(),
                new AddressRanges(ranges),
                false,
                true,
                false,
                List.of(),
                true,
                Mode.ENFORCE);
    }

    private static DomainName domain(int organization, int number) {
        return new DomainName("domain-" + number + ".customer-" + organization + ".example");
    }

    private static CertificateNamePattern pattern(String text) {
        try {
            return CertificateNamePattern.parse(text);
        } catch (InvalidValueException e) {
            throw new IllegalStateException(e);
        }
    }

    // A block of 16 IPv4 addresses and a /48 for each organization, and parts of both within them.
    private static AddressRange range(int organization, int number) {
        String text;
        if (number % 2 == 0) {
            long first = 0x0a000000L + organization * 16L;
            text = number == 0 ? ipv4(first) + "/28" : ipv4(first + number);
        } else {
            String network =
                    String.format("2001:db8:%x:", organization >>> 16) + String.format("%x", organization & 0xffff);
            text = number == 1 ? network + "::/64" : network + "::" + number;
        }
        try {
            return AddressRange.parse(text);
        } catch (InvalidValueException e) {
            throw new IllegalStateException(text, e);
        }
    }

    private static String ipv4(long address) {
        return (address >>> 24 & 255) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "."
                + (address & 255);
    }

    /** An organization's server by its certificate, on a connection from nowhere known. */
    static Client byCertificate(int organization) {
        return new Client(
                "198.51.100.1",
                IpAddress.parse("198.51.100.1"),
                true,
                CertificateName.of("mail." + domain(organization, 1)),
                Optional.empty(),
                Optional.of(PresentedCertificate.NONE));
    }

    /** An organization's server by its address. */
    static Client byAddress(int organization) {
        return client(ipv4(0x0a000000L + organization * 16L + 2));
    }

    /** Somebody else. */
    static Client stranger(int number) {
        return client("203.0." + (number >>> 8 & 255) + "." + (number & 255));
    }

    private static Client client(String address) {
        return new Client(
                address,
                IpAddress.parse(address),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(PresentedCertificate.NONE));
    }

    /** A message in one of an organization's domains. */
    static Envelope from(int organization) {
        return new Envelope(address("<alice@" + domain(organization, 3) + ">"));
    }

    static Address address(String path) {
        return new Address(EnvelopeAddress.parse(path), Optional.empty());
    }
}
