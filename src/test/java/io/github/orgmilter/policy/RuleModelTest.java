package io.github.orgmilter.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.Cause.Accepting;
import io.github.orgmilter.policy.Cause.Refusing;
import io.github.orgmilter.policy.RuleModel.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@link Policy} against {@link RuleModel} on random services and mail from a universe so small that everything collides.
 *
 * <p>{@code -Dorgmilter.model.decisions=N} for a longer run, {@code -Dorgmilter.model.seed=N} for another one.
 */
@Tag("slow")
class RuleModelTest {

    private static final int DECISIONS = Integer.getInteger("orgmilter.model.decisions", 200_000);
    private static final long SEED = Long.getLong("orgmilter.model.seed", 20260101);
    private static final int DECISIONS_EACH = 100;

    private static final List<String> DOMAINS = List.of(
            "a.example", "b.a.example", "c.b.a.example", "b.example", "d.example", "müller.de", "sub.müller.de");
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
    private static final List<String> ISSUERS = List.of("Good CA", "Other CA");

    private final Random random = new Random(SEED);
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void thePolicyAndTheModelOfTheRulesAgree() {
        int decided = 0;
        while (decided < DECISIONS) {
            List<Organization> organizations = organizations();
            PolicyOptions options = options(organizations);
            Policy policy = new Policy(organizations, options, "0");
            RuleModel model = new RuleModel(organizations, options);
            for (int i = 0; i < DECISIONS_EACH; i++, decided++) {
                compare(organizations, options, policy, model);
            }
        }
        // Random cases that never reach a branch prove nothing about it.
        List<String> everything = new ArrayList<>();
        for (Accepting cause : Accepting.values()) {
            everything.add("accept " + cause.key());
        }
        for (Refusing cause : EnumSet.complementOf(EnumSet.of(Refusing.INTERNAL, Refusing.NO_POLICY_DATA))) {
            everything.add("reject " + cause.key());
            everything.add("audit " + cause.key());
        }
        everything.add("tempfail no-policy-data");
        assertThat(outcomes.keySet()).containsExactlyInAnyOrderElementsOf(everything);
        assertThat(outcomes.values()).allSatisfy(count -> assertThat(count).isGreaterThan(DECISIONS / 10_000));
    }

    private void compare(List<Organization> organizations, PolicyOptions options, Policy policy, RuleModel model) {
        Client client = client();
        Address sender =
                chance(8) ? new Address(EnvelopeAddress.parse(pick(List.of("<>", ""))), Optional.empty()) : address();
        Optional<Authentication> login = chance(12)
                ? Optional.of(new Authentication("alice", pick(List.of("PLAIN", "EXTERNAL", "external", ""))))
                : Optional.empty();
        Envelope envelope = new Envelope(sender, login);
        Address recipient = address();

        Outcome expected = model.decide(client, envelope, recipient);
        Verdict verdict = policy.decide(policy.identify(client), envelope, recipient);
        String action = verdict instanceof Verdict.Audit ? "audit" : verdict.action();
        Outcome actual = new Outcome(
                action,
                verdict.cause().key(),
                verdict.party().organization(),
                verdict.party().connector());
        outcomes.merge(actual.action() + " " + actual.cause(), 1, Integer::sum);
        if (chance(50)) {
            assertThat(policy.explain(client, envelope, recipient).verdict()).isEqualTo(verdict);
        }
        if (!actual.equals(expected)) {
            fail(report(organizations, options, client, envelope, recipient, expected, actual));
        }
    }

    private static String report(
            List<Organization> organizations,
            PolicyOptions options,
            Client client,
            Envelope envelope,
            Address recipient,
            Outcome expected,
            Outcome actual) {
        StringBuilder report = new StringBuilder("the policy and the model disagree (seed " + SEED + ")\n");
        for (Organization organization : organizations) {
            report.append("organization ")
                    .append(organization.name())
                    .append(' ')
                    .append(organization.senderProtection());
            report.append(' ').append(organization.mode());
            report.append(' ').append(organization.acceptedDomains()).append('\n');
            organization
                    .connectors()
                    .forEach(connector -> report.append("  ").append(connector).append('\n'));
        }
        return report.append("options   ")
                .append(options)
                .append("\nclient    ")
                .append(client)
                .append("\nenvelope  ")
                .append(envelope)
                .append("\nrecipient ")
                .append(recipient)
                .append("\nmodel     ")
                .append(expected)
                .append("\npolicy    ")
                .append(actual)
                .toString();
    }

    private List<Organization> organizations() {
        // A domain has one owner: deal them out.
        Map<String, List<AcceptedDomain>> hands = new LinkedHashMap<>();
        int count = 1 + random.nextInt(3);
        for (String domain : DOMAINS) {
            if (!chance(3)) {
                hands.computeIfAbsent("org" + random.nextInt(count), k -> new ArrayList<>())
                        .add(new AcceptedDomain(PolicyFixture.domain(domain), random.nextBoolean()));
            }
        }
        List<Organization> organizations = new ArrayList<>();
        hands.forEach((name, domains) -> organizations.add(new Organization(
                name,
                domains,
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> connector("c" + i, domains))
                        .toList(),
                pick(List.of(SenderProtection.values())),
                chance(4) ? Mode.AUDIT : Mode.ENFORCE)));
        return organizations;
    }

    private Connector connector(String name, List<AcceptedDomain> domains) {
        List<CertificateNamePattern> names =
                chance(3) ? List.of() : some(3, () -> PolicyFixture.pattern(pick(PATTERNS)));
        List<Pin> pins =
                chance(4) ? some(2, () -> PolicyFixture.pin(pick(List.of(Pin.Kind.values())), pick(PINS))) : List.of();
        AddressRanges addresses = (names.isEmpty() && pins.isEmpty()) || chance(3)
                ? new AddressRanges(some(3, () -> PolicyFixture.range(pick(RANGES))))
                : AddressRanges.NONE;
        return new Connector(
                name,
                names,
                chance(4) ? Set.of(pick(ISSUERS)) : Set.of(),
                pins,
                addresses,
                chance(4),
                !chance(4),
                chance(4),
                chance(4) ? List.of(pick(domains)) : List.of(),
                !chance(8),
                chance(4) ? Mode.AUDIT : Mode.ENFORCE);
    }

    private PolicyOptions options(List<Organization> organizations) {
        List<DomainName> accepted = organizations.stream()
                .flatMap(organization -> organization.acceptedDomains().stream())
                .map(AcceptedDomain::domain)
                .toList();
        Set<DomainName> local = Set.copyOf(LOCAL_DOMAINS.stream()
                .map(PolicyFixture::domain)
                .filter(domain -> !accepted.contains(domain) && !chance(3))
                .toList());
        return new PolicyOptions(
                chance(2) ? UnidentifiedMail.REJECT : UnidentifiedMail.ACCEPT_INBOUND,
                !chance(3),
                chance(3) ? List.of(PolicyFixture.range(pick(RANGES))) : List.of(),
                local,
                Replies.DEFAULT,
                chance(4),
                chance(12) ? Mode.AUDIT : Mode.ENFORCE);
    }

    private Client client() {
        String address = pick(CLIENTS);
        boolean encrypted = !chance(3);
        Optional<CertificateName> name =
                encrypted && !chance(3) ? CertificateName.of(pick(PRESENTED)) : Optional.empty();
        return new Client(
                address,
                IpAddress.parse(address),
                encrypted,
                name,
                name.isPresent() && !chance(4) ? Optional.of(pick(ISSUERS)) : Optional.empty(),
                presented());
    }

    private Optional<PresentedCertificate> presented() {
        if (chance(3)) {
            return chance(2) ? Optional.empty() : Optional.of(PresentedCertificate.NONE);
        }
        return Optional.of(new PresentedCertificate(
                chance(4) ? Optional.empty() : Optional.of(PolicyFixture.fingerprint(pick(DIGITS))),
                chance(4) ? Optional.empty() : Optional.of(PolicyFixture.fingerprint(pick(DIGITS)))));
    }

    private Address address() {
        if (chance(40)) {
            return new Address(
                    EnvelopeAddress.parse(pick(List.of("<>", "", "<\"u@a.example>", "<u@a.example"))),
                    Optional.empty());
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

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private <T> List<T> some(int most, Supplier<T> one) {
        return IntStream.rangeClosed(0, random.nextInt(most))
                .mapToObj(i -> one.get())
                .toList();
    }
}
