package io.github.orgmilter.policy;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FieldValue;
import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Partners;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.organization.RequiredHeaders;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.options.Freshness;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.policy.options.ResultHeader;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.verdict.Replies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Random services and mail, from a universe so small that everything collides. */
final class RandomService {

    private static final List<String> DOMAINS = List.of(
            "a.example", "b.a.example", "c.b.a.example", "b.example", "d.example", "müller.de", "sub.müller.de");
    private static final List<String> PARTNER_DOMAINS = List.of(
            "a.example",
            "b.a.example",
            "c.b.a.example",
            "b.example",
            "d.example",
            "müller.de",
            "outside.example",
            "mx.example");
    private static final List<String> LOCAL_DOMAINS = List.of("mx.example", "mx.a.example", "c.b.a.example");
    private static final List<String> PATTERNS = List.of(
            "a.example",
            "b.a.example",
            "c.b.a.example",
            "mail.b.example",
            "*.a.example",
            "*.b.a.example",
            "*.b.example",
            "d.example",
            "*.mx.a.example",
            "müller.de",
            "*.müller.de",
            "mail.müller.de",
            "mail.elsewhere.example");
    private static final List<String> PRESENTED = List.of(
            "a.example",
            "A.Example",
            "b.a.example",
            "c.b.a.example",
            "x.c.b.a.example",
            "*.a.example",
            "*.b.a.example",
            "mail.b.example",
            "*.b.example",
            "d.example",
            "mx.a.example",
            "*.mx.a.example",
            "müller.de",
            "*.müller.de",
            "mail.müller.de",
            "xn--mller-kva.de",
            "mail.xn--mller-kva.de",
            "mail.elsewhere.example",
            "MÜLLER.de");
    private static final List<String> RANGES = List.of(
            "192.0.2.1",
            "192.0.2.0/30",
            "192.0.2.0/29",
            "192.0.2.2-192.0.2.5",
            "192.0.2.4/31",
            "192.0.2.0-192.0.2.3",
            "2001:db8::/64",
            "2001:db8::1",
            "2001:db8::-2001:db8::ff",
            "::ffff:192.0.2.4");
    private static final List<String> CLIENTS = List.of(
            "192.0.2.0",
            "192.0.2.1",
            "192.0.2.2",
            "192.0.2.3",
            "192.0.2.4",
            "192.0.2.5",
            "192.0.2.7",
            "2001:db8::1",
            "2001:db8::2",
            "2001:db8::1:0",
            "unknown");
    private static final List<String> MAIL_DOMAINS = List.of(
            "a.example",
            "A.EXAMPLE.",
            "b.a.example",
            "x.b.a.example",
            "c.b.a.example",
            "x.c.b.a.example",
            "b.example",
            "d.example",
            "mx.example",
            "mx.a.example",
            "müller.de",
            "xn--mller-kva.de",
            "sub.müller.de",
            "x.sub.müller.de",
            "mu\u0308ller.de",
            "mül\u00adler.de",
            "MÜLLER.de",
            "a\u3002example",
            "m\uff58.example",
            "x.b\u200b.a.example",
            "ſub.müller.de",
            "outside.example",
            "[192.0.2.1]",
            "x y.a.example",
            "u(.a.example",
            "_x.a.example",
            "");
    private static final List<String> LOCAL_PARTS = List.of(
            "u", "u", "u", "u", "u%d.example", "d.example!u", "\"u@d.example\"", "@mx.example:u", "u@d.example");
    private static final List<String> UNQUALIFIED =
            List.of("postmaster", "PostMaster", "root", "u%a.example", "\"u@a.example\"", "@");
    private static final List<String> DIGITS = List.of("1", "2", "3");
    private static final List<String> PINS =
            List.of("1", "2 mail.a.example", "2 *.b.example", "1 a.example x.sub.a.example", "3 host.c.example");
    private static final List<String> LOGIN_PATTERNS = List.of(
            "alice",
            "alice@a.example",
            "*@a.example",
            "*@c.b.a.example",
            "bob@host.c.example",
            "*@sub.müller.de",
            "*@realm");
    private static final List<String> LOGINS = List.of(
            "alice",
            "Alice@A.EXAMPLE",
            "alice@a.example",
            "x@y@a.example",
            "bob@c.b.a.example",
            "bob@host.c.example",
            "bob@x.a.example",
            "u@sub.müller.de",
            "u@SUB.MÜLLER.de",
            "u@realm",
            "*@realm",
            "@");
    private static final List<String> MECHANISMS = List.of("PLAIN", "LOGIN", "PLAIN", "EXTERNAL", "external", "");
    private static final List<String> FIELDS = List.of("X-Cloud", "X-Key");
    private static final List<String> VALUES = List.of("a", "b");
    private static final String CLOUD_NAME = "mail.elsewhere.example";
    private static final String CLOUD_RANGE = "192.0.2.0/29";
    private static final List<String> ISSUERS = List.of("Good CA", "Other CA");

    private static final List<Long> SINCE = List.of(1L, 2L, AcceptedDomain.UNDATED, AcceptedDomain.UNDATED);
    private static final int NAMES = 4;

    private final Random random;
    private boolean shared; // a server, by header fields: then much of the mail is its, and plain

    RandomService(long seed) {
        random = new Random(seed);
    }

    /** Organizations of files and, in most services, of a directory. */
    List<Organization> organizations() {
        List<Organization> organizations = new ArrayList<>();
        shared = chance(2);
        boolean directory = !chance(3);
        for (int i = 0; i < 1 + random.nextInt(NAMES); i++) {
            organization("org" + i, directory && !chance(3), organizations).ifPresent(organizations::add);
        }
        return organizations;
    }

    /** Any name of an organization. */
    String name() {
        return "org" + random.nextInt(NAMES);
    }

    /** One among others, whose domains those of a file leave alone; empty if nothing is left. */
    Optional<Organization> organization(String name, boolean ofDirectory, Collection<Organization> others) {
        Set<DomainName> taken = new HashSet<>();
        others.stream()
                .filter(other -> !ofDirectory && !other.standing().ofDirectory())
                .flatMap(other -> other.acceptedDomains().stream())
                .forEach(accepted -> taken.add(accepted.domain()));
        List<AcceptedDomain> domains = new ArrayList<>();
        List<String> candidates = new ArrayList<>(DOMAINS);
        candidates.addAll(ofDirectory ? LOCAL_DOMAINS.subList(0, 2) : List.of());
        for (String candidate : candidates) {
            DomainName domain = PolicyFixture.domain(candidate);
            if (chance(2) && taken.add(domain)) {
                domains.add(new AcceptedDomain(
                        domain, random.nextBoolean(), ofDirectory ? pick(SINCE) : AcceptedDomain.OF_FILE));
            }
        }
        if (domains.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Organization(
                name,
                domains,
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> connector("c" + (ofDirectory ? 9 - i : i), domains))
                        .toList(),
                pick(List.of(SenderProtection.values())),
                pick(List.of(HeaderFrom.values())),
                chance(2)
                        ? Partners.of(IntStream.rangeClosed(0, random.nextInt(4))
                                .mapToObj(i -> partner("p" + i))
                                .toList())
                        : Partners.NONE,
                chance(4) ? Mode.AUDIT : Mode.ENFORCE,
                new Standing(
                        ofDirectory,
                        ofDirectory && chance(4),
                        chance(8),
                        chance(3) ? Set.of(PolicyFixture.domain(pick(DOMAINS))) : Set.of())));
    }

    private Connector connector(String name, List<AcceptedDomain> domains) {
        return shared && chance(2) ? cloudConnector(name, domains) : anyConnector(name, domains);
    }

    private Connector cloudConnector(String name, List<AcceptedDomain> domains) {
        boolean named = !chance(3);
        RequiredHeaders headers = requiredHeaders();
        return new Connector(
                name,
                named ? List.of(PolicyFixture.pattern(CLOUD_NAME)) : List.of(),
                Set.of(),
                List.of(),
                LoginPatterns.NONE,
                named && !chance(4) ? AddressRanges.NONE : new AddressRanges(List.of(PolicyFixture.range(CLOUD_RANGE))),
                headers,
                chance(4),
                !chance(4),
                chance(4),
                chance(8) ? limit(pick(domains), headers) : List.of(),
                !chance(8),
                chance(4) ? Mode.AUDIT : Mode.ENFORCE);
    }

    private Connector anyConnector(String name, List<AcceptedDomain> domains) {
        List<CertificateNamePattern> names =
                chance(3) ? List.of() : some(3, () -> PolicyFixture.pattern(pick(PATTERNS)));
        List<Pin> pins =
                chance(4) ? some(2, () -> PolicyFixture.pin(pick(List.of(Pin.Kind.values())), pick(PINS))) : List.of();
        LoginPatterns logins = chance(4) ? logins() : LoginPatterns.NONE;
        AddressRanges addresses = (names.isEmpty() && pins.isEmpty() && logins.isEmpty()) || chance(3)
                ? new AddressRanges(some(3, () -> PolicyFixture.range(pick(RANGES))))
                : AddressRanges.NONE;
        RequiredHeaders headers = shared && chance(4) ? requiredHeaders() : RequiredHeaders.NONE;
        return new Connector(
                name,
                names,
                chance(4) ? Set.of(pick(ISSUERS)) : Set.of(),
                pins,
                logins,
                addresses,
                headers,
                chance(4),
                !chance(4),
                chance(4),
                chance(4) ? limit(pick(domains), headers) : List.of(),
                !chance(8),
                chance(4) ? Mode.AUDIT : Mode.ENFORCE);
    }

    private Partner partner(String name) {
        boolean everybody = chance(4);
        List<AcceptedDomain> senders = everybody && chance(2)
                ? List.of()
                : some(2, () -> new AcceptedDomain(PolicyFixture.domain(pick(PARTNER_DOMAINS)), random.nextBoolean()));
        List<CertificateNamePattern> names =
                chance(4) ? some(2, () -> PolicyFixture.pattern(pick(PATTERNS))) : List.of();
        List<Pin> pins =
                chance(4) ? some(2, () -> PolicyFixture.pin(pick(List.of(Pin.Kind.values())), pick(PINS))) : List.of();
        Set<String> issuers = chance(6) ? Set.of(pick(ISSUERS)) : Set.of();
        AddressRanges addresses =
                chance(3) ? new AddressRanges(some(2, () -> PolicyFixture.range(pick(RANGES)))) : AddressRanges.NONE;
        boolean nothing = names.isEmpty() && pins.isEmpty() && issuers.isEmpty() && addresses.isEmpty();
        return new Partner(name, senders, everybody, names, pins, issuers, addresses, nothing || chance(3));
    }

    /** Nobody's claim of a local domain counts, so of an undecided connector nothing is known of it. */
    private static List<AcceptedDomain> limit(AcceptedDomain domain, RequiredHeaders headers) {
        boolean local = LOCAL_DOMAINS.contains(domain.domain().ascii());
        return local && !headers.isEmpty() ? List.of() : List.of(domain);
    }

    private RequiredHeaders requiredHeaders() {
        Map<FieldName, Set<FieldValue>> fields = new HashMap<>();
        for (int i = 0; i < (chance(3) ? 2 : 1); i++) {
            fields.put(new FieldName(pick(FIELDS)), Set.copyOf(some(2, () -> new FieldValue(pick(VALUES)))));
        }
        return new RequiredHeaders(fields, random.nextBoolean());
    }

    /** The required fields of a message, with their values, by their names in lower case. */
    Map<String, String> fields() {
        Map<String, String> fields = new HashMap<>();
        for (String name : FIELDS) {
            if (!chance(4)) {
                fields.put(name.toLowerCase(Locale.ROOT), pick(VALUES));
            }
        }
        return fields;
    }

    /** The settings of a service, with a directory that may be stale. */
    PolicyOptions options(Collection<Organization> organizations) {
        List<DomainName> accepted = organizations.stream()
                .filter(organization -> !organization.standing().ofDirectory())
                .flatMap(organization -> organization.acceptedDomains().stream())
                .map(AcceptedDomain::domain)
                .toList();
        Set<DomainName> local = Set.copyOf(LOCAL_DOMAINS.stream()
                .map(PolicyFixture::domain)
                .filter(domain -> !accepted.contains(domain) && !chance(3))
                .toList());
        return new PolicyOptions(
                chance(2) ? UnidentifiedMail.REJECT : UnidentifiedMail.ACCEPT_INBOUND,
                chance(4) ? LoginPatterns.ALL : logins(),
                chance(3) ? List.of(PolicyFixture.range(pick(RANGES))) : List.of(),
                local,
                Replies.DEFAULT,
                chance(shared ? 2 : 4),
                chance(12) ? Mode.AUDIT : Mode.ENFORCE,
                ResultHeader.NONE,
                chance(8) ? () -> true : Freshness.ALWAYS);
    }

    /** The authors of a message. */
    FromDomains authors() {
        Set<DomainName> domains = new HashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            domains.add(PolicyFixture.domain(pick(DOMAINS)));
        }
        return new FromDomains(domains, pick(List.of(FromDomains.Syntax.values())));
    }

    Envelope envelope() {
        Address sender =
                chance(8) ? new Address(EnvelopeAddress.parse(pick(List.of("<>", ""))), Optional.empty()) : address();
        return new Envelope(sender);
    }

    Client client() {
        return shared && chance(2) ? cloudClient() : anyClient();
    }

    private Client cloudClient() {
        String address = pick(CLIENTS.subList(0, 7));
        boolean encrypted = !chance(3);
        return new Client(
                address,
                IpAddress.parse(address),
                encrypted,
                encrypted && !chance(3) ? CertificateName.of(CLOUD_NAME) : Optional.empty(),
                Optional.empty(),
                chance(2) ? Optional.empty() : presented(),
                Optional.empty());
    }

    private Client anyClient() {
        String address = pick(CLIENTS);
        boolean encrypted = !chance(3);
        Optional<CertificateName> name =
                encrypted && !chance(3) ? CertificateName.of(pick(PRESENTED)) : Optional.empty();
        return new Client(
                address,
                IpAddress.parse(address),
                encrypted,
                name,
                encrypted && (name.isPresent() || chance(4)) && !chance(4)
                        ? Optional.of(pick(ISSUERS))
                        : Optional.empty(),
                presented(),
                chance(3) ? Optional.of(new Authentication(pick(LOGINS), pick(MECHANISMS))) : Optional.empty());
    }

    private LoginPatterns logins() {
        return LoginPatterns.of(some(2, () -> PolicyFixture.login(pick(LOGIN_PATTERNS))));
    }

    private Optional<PresentedCertificate> presented() {
        if (chance(3)) {
            return chance(2) ? Optional.empty() : Optional.of(PresentedCertificate.NONE);
        }
        return Optional.of(new PresentedCertificate(
                chance(4) ? Optional.empty() : Optional.of(PolicyFixture.fingerprint(pick(DIGITS))),
                chance(4) ? Optional.empty() : Optional.of(PolicyFixture.fingerprint(pick(DIGITS)))));
    }

    Address address() {
        if (chance(40)) {
            return new Address(
                    EnvelopeAddress.parse(pick(List.of("<>", "", "<\"u@a.example>", "<u@a.example"))),
                    Optional.empty());
        }
        if (shared && chance(2)) {
            return new Address(EnvelopeAddress.parse("<u@" + pick(PARTNER_DOMAINS) + ">"), Optional.empty());
        }
        String domain = pick(MAIL_DOMAINS);
        boolean qualified = !chance(8);
        String given = qualified ? pick(LOCAL_PARTS) + "@" + domain : pick(UNQUALIFIED);
        if (chance(3)) {
            return new Address(EnvelopeAddress.parse("<" + given + ">"), Optional.empty());
        }
        String resolved = chance(3) ? pick(List.of("u", "u@" + pick(MAIL_DOMAINS))) : "u@" + domain;
        return new Address(EnvelopeAddress.parse("<" + given + ">"), Optional.of(ResolvedForm.of(resolved, chance(5))));
    }

    /** From 0 to below a number. */
    int number(int below) {
        return random.nextInt(below);
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private <T> List<T> some(int most, Supplier<T> one) {
        return IntStream.rangeClosed(0, random.nextInt(most))
                .mapToObj(i -> one.get())
                .toList();
    }
}
