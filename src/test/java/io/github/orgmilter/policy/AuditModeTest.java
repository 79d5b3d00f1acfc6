package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.accepted;
import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.partner;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Partners;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.Replies;
import io.github.orgmilter.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

// spotless:off
/**
 * What {@code mode = audit} softens, by where it is written, on a service that refuses all that can be refused.
 *
 * <p>{@code contoso} is recognised by certificate and, over TLS only, by address; {@code fabrikam} by address, and it protects its
 * senders everywhere; {@code adatum} by certificate.
 */
@DisplayName("Audit mode (rules, section 8)")
final class AuditModeTest {

    private static final String SERVICE = "the service";
    /** The whole of an organization: its connectors inherit its mode. */
    private static final String CONTOSO = "contoso";

    private static final String FABRIKAM = "fabrikam";
    private static final String ADATUM = "adatum";
    /** An organization whose connectors say {@code mode = enforce} themselves. */
    private static final String CONTOSO_ALONE = "contoso without its connectors";

    private static final String FABRIKAM_ALONE = "fabrikam without its connectors";
    private static final String ADATUM_ALONE = "adatum without its connectors";
    private static final String CONTOSO_CONNECTOR = "contoso/hq";
    private static final String CONTOSO_TLS_CONNECTOR = "contoso/encrypted";
    private static final String FABRIKAM_CONNECTOR = "fabrikam/branch";
    private static final String ADATUM_CONNECTOR = "adatum/hq";

    private static final List<String> PLACES = List.of(
            SERVICE,
            CONTOSO,
            CONTOSO_ALONE,
            CONTOSO_CONNECTOR,
            CONTOSO_TLS_CONNECTOR,
            FABRIKAM,
            FABRIKAM_ALONE,
            FABRIKAM_CONNECTOR,
            ADATUM,
            ADATUM_ALONE,
            ADATUM_CONNECTOR);

    private static final Partner PARTNER = partner("tailspin", "from tailspin.example", "address 192.0.2.77", "require-tls");
    private static final String CONTOSO_SERVER = "mail.contoso.com";
    private static final String FABRIKAM_SERVER = "198.51.100.3";
    private static final String TLS_SERVER = "192.0.2.8";

    private static Policy policy(Set<String> audited) {
        List<Organization> organizations = List.of(
                organization(audited, CONTOSO, SenderProtection.RELAY, List.of(
                        connector("hq", "name " + CONTOSO_SERVER), connector("encrypted", "address " + TLS_SERVER, "require-tls"))),
                organization(
                        audited, FABRIKAM, SenderProtection.ALL, List.of(connector("branch", "address " + FABRIKAM_SERVER))),
                organization(audited, ADATUM, SenderProtection.OFF, List.of(connector("hq", "name mail.adatum.com"))));
        PolicyOptions options = new PolicyOptions(
                UnidentifiedMail.REJECT, LoginPatterns.ALL, List.of(), Set.of(), Replies.DEFAULT, false, mode(audited.contains(SERVICE)));
        return new Policy(organizations, options, "0");
    }

    private static Organization organization(
            Set<String> audited, String name, SenderProtection protection, List<Connector> connectors) {
        List<Connector> moded = new ArrayList<>();
        for (Connector c : connectors) {
            Mode mode = mode(audited.contains(name) || audited.contains(name + "/" + c.name()));
            moded.add(new Connector(
                    c.name(), c.certificateNames(), c.issuers(), c.pins(), c.addresses(), c.requireTls(), c.requireAcceptedDomain(),
                    c.allowNullSender(), c.senderDomains(), c.enabled(), mode));
        }
        boolean audit = audited.contains(name) || audited.contains(name + " without its connectors");
        return new Organization(name, List.of(accepted(name + ".com")), moded, protection, mode(audit))
                .with(name.equals(CONTOSO) ? Partners.of(List.of(PARTNER)) : Partners.NONE);
    }

    private static Mode mode(boolean audit) {
        return audit ? Mode.AUDIT : Mode.ENFORCE;
    }

    private static Verdict decide(Mail mail, Set<String> audited) {
        Policy policy = policy(audited);
        return policy.decide(policy.identify(mail.client()), mail.envelope(), mail.recipient());
    }

    private static Mail outside(String from) {
        return mail().from(from).to("<b@example.net>");
    }

    private static Mail inside(String from) {
        return mail().from(from).to("<b@adatum.com>");
    }

    private static Arguments refused(String name, Mail mail, Refusing cause, String... softenedBy) {
        return Arguments.of(name, mail, cause, Set.of(softenedBy));
    }

    static List<Arguments> refusals() {
        String elsewhere = "<a@example.org>";
        return List.of(
                // Whoever nobody identifies relays only while the whole service is in audit mode.
                refused("a stranger relays", outside(elsewhere), Refusing.NOT_IDENTIFIED, SERVICE),
                refused("a stranger relays as contoso", outside("<a@contoso.com>"), Refusing.NOT_IDENTIFIED, SERVICE),
                refused("a stranger relays as fabrikam", outside("<a@fabrikam.com>"), Refusing.NOT_IDENTIFIED, SERVICE),
                refused("a stranger relays a bounce", outside("<>"), Refusing.NOT_IDENTIFIED, SERVICE),
                refused("contoso's server without TLS relays as contoso",
                        outside("<a@contoso.com>").client(TLS_SERVER), Refusing.TLS_REQUIRED, SERVICE),
                refused("contoso's server without TLS relays as somebody",
                        outside(elsewhere).client(TLS_SERVER), Refusing.TLS_REQUIRED, SERVICE),
                // Bad syntax, whoever sends it.
                refused("a recipient that cannot be read, from contoso's server",
                        mail().certificate(CONTOSO_SERVER).from("<a@contoso.com>").to("<\"b@example.net>"),
                        Refusing.BAD_RECIPIENT, SERVICE),
                refused("a sender that cannot be read, from fabrikam's server",
                        outside("<\"a@fabrikam.com>").client(FABRIKAM_SERVER), Refusing.BAD_SENDER, SERVICE),
                refused("a sender that cannot be read, from a stranger", inside("<\"a@contoso.com>"), Refusing.BAD_SENDER, SERVICE),
                // Relay by clients that one connector identifies: that connector's mode.
                refused("fabrikam's server relays as somebody", outside(elsewhere).client(FABRIKAM_SERVER),
                        Refusing.DOMAIN_NOT_ACCEPTED, SERVICE, FABRIKAM, FABRIKAM_CONNECTOR),
                refused("fabrikam's server relays as adatum, which protects nothing",
                        outside("<a@adatum.com>").client(FABRIKAM_SERVER),
                        Refusing.DOMAIN_NOT_ACCEPTED, SERVICE, FABRIKAM, FABRIKAM_CONNECTOR),
                // Not if somebody else keeps the sender's domain: his protection is carried out.
                refused("fabrikam's server relays as contoso", outside("<a@contoso.com>").client(FABRIKAM_SERVER),
                        Refusing.DOMAIN_NOT_ACCEPTED, SERVICE),
                refused("fabrikam's server relays as who knows whom", outside("<a%contoso.com>").client(FABRIKAM_SERVER),
                        Refusing.DOMAIN_NOT_ACCEPTED, SERVICE),
                refused("fabrikam's server relays a bounce", outside("<>").client(FABRIKAM_SERVER),
                        Refusing.NULL_SENDER, SERVICE, FABRIKAM, FABRIKAM_CONNECTOR),
                refused("contoso's server over TLS relays as somebody",
                        outside(elsewhere).client(TLS_SERVER).overTls(),
                        Refusing.DOMAIN_NOT_ACCEPTED, SERVICE, CONTOSO, CONTOSO_TLS_CONNECTOR),
                // Sender protection: the mode of the organization that protects.
                refused("contoso's server relays as fabrikam", outside("<a@fabrikam.com>").certificate(CONTOSO_SERVER),
                        Refusing.PROTECTED_SENDER, SERVICE, FABRIKAM, FABRIKAM_ALONE),
                refused("adatum's server relays as contoso", outside("<a@contoso.com>").certificate("mail.adatum.com"),
                        Refusing.PROTECTED_SENDER, SERVICE, CONTOSO, CONTOSO_ALONE),
                refused("contoso's server writes as fabrikam", inside("<a@fabrikam.com>").certificate(CONTOSO_SERVER),
                        Refusing.PROTECTED_SENDER, SERVICE, FABRIKAM, FABRIKAM_ALONE),
                // A sender in the domains of two that protect them: both must be in audit mode, which no one place is.
                refused("adatum's server relays as contoso, which becomes fabrikam",
                        outside("<a@contoso.com>").from("<a@contoso.com>", "a@fabrikam.com").certificate("mail.adatum.com"),
                        Refusing.PROTECTED_SENDER, SERVICE),
                refused("adatum's server relays as fabrikam, which becomes contoso",
                        outside("<a@fabrikam.com>").from("<a@fabrikam.com>", "a@contoso.com").certificate("mail.adatum.com"),
                        Refusing.PROTECTED_SENDER, SERVICE),
                // Partners: the mode of their organization.
                refused("fabrikam's server writes as contoso's partner",
                        inside("<a@tailspin.example>").to("<b@contoso.com>").client(FABRIKAM_SERVER),
                        Refusing.PARTNER_RESTRICTION, SERVICE, CONTOSO, CONTOSO_ALONE),
                // Inbound from clients that nobody identifies: the mode of the recipient's organization. Anybody can write any sender.
                refused("a stranger writes", inside(elsewhere), Refusing.UNIDENTIFIED_INBOUND, SERVICE, ADATUM, ADATUM_ALONE),
                refused("a stranger writes a bounce", inside("<>"), Refusing.UNIDENTIFIED_INBOUND, SERVICE, ADATUM, ADATUM_ALONE),
                refused("a stranger writes as contoso", inside("<a@contoso.com>"),
                        Refusing.UNIDENTIFIED_INBOUND, SERVICE, ADATUM, ADATUM_ALONE),
                refused("a stranger writes as what becomes contoso", inside(elsewhere).from(elsewhere, "a@contoso.com"),
                        Refusing.UNIDENTIFIED_INBOUND, SERVICE, ADATUM, ADATUM_ALONE),
                refused("a stranger writes to contoso as contoso", inside("<a@contoso.com>").to("<b@contoso.com>"),
                        Refusing.UNIDENTIFIED_INBOUND, SERVICE, CONTOSO, CONTOSO_ALONE),
                refused("a stranger writes to what becomes contoso", inside(elsewhere).to("<b@adatum.com>", "b@contoso.com"),
                        Refusing.UNIDENTIFIED_INBOUND, SERVICE),
                refused("a stranger writes to the postmaster", inside("<a@contoso.com>").to("<postmaster>"),
                        Refusing.UNIDENTIFIED_INBOUND, SERVICE),
                refused("contoso's server without TLS writes as contoso", inside("<a@contoso.com>").client(TLS_SERVER),
                        Refusing.TLS_REQUIRED, SERVICE, ADATUM, ADATUM_ALONE),
                refused("contoso's server without TLS writes as somebody", inside(elsewhere).client(TLS_SERVER),
                        Refusing.TLS_REQUIRED, SERVICE, ADATUM, ADATUM_ALONE));
    }

    @ParameterizedTest(name = "{0}: {2}, softened by {3}")
    @MethodSource("refusals")
    @DisplayName("softens a refusal where it is written for the connector that identifies, the organization that protects or the one"
            + " that receives, and nowhere else")
    void softens(String name, Mail mail, Refusing cause, Set<String> softenedBy) {
        assertThat(PLACES).containsAll(softenedBy);
        Verdict enforced = decide(mail, Set.of());
        assertThat(enforced.action() + " " + enforced.cause().key()).isEqualTo("reject " + cause.key());
        for (String place : PLACES) {
            assertThat(decide(mail, Set.of(place)))
                    .as(place)
                    .isEqualTo(softenedBy.contains(place) ? new Verdict.Audit((Verdict.Reject) enforced) : enforced);
        }
    }

    @Test
    @DisplayName("softens what several protect when all of them are in it")
    void everyProtector() {
        Mail mail = outside("").from("<a@contoso.com>", "a@fabrikam.com").certificate("mail.adatum.com");
        assertThat(decide(mail, Set.of(CONTOSO, FABRIKAM))).isInstanceOf(Verdict.Audit.class);
    }

    @Test
    @DisplayName("is enough for one of the connectors, whatever an organization in enforce refuses to the others")
    void oneConnector() {
        Mail mail = outside("").from("<a@strict.example>", "a@lenient.example").client("192.0.2.1");
        Connector any = connector("any", "address 192.0.2.0/24", "any-domain");
        for (List<String> order : List.of(List.of("strict", "carrier"), List.of("carrier", "strict"))) {
            PolicyFixture service = PolicyFixture.service()
                    .organization("lenient", SenderProtection.RELAY, Mode.AUDIT, List.of("lenient.example"));
            order.forEach(name -> service.organization(name, List.of(name + ".example"), any));
            assertThat(service.decides(mail)).isEqualTo("audit protected-sender " + order.get(0) + "/any");
        }
    }

    @Test
    @DisplayName("softens what several connectors identify when all of them are in it")
    void everyConnector() {
        Mail mail = outside("<a@example.org>").client("192.0.2.1");
        assertThat(shared(Mode.AUDIT, Mode.ENFORCE).decides(mail)).isEqualTo("reject domain-not-accepted bank/servers");
        assertThat(shared(Mode.ENFORCE, Mode.AUDIT).decides(mail)).isEqualTo("reject domain-not-accepted bank/servers");
        assertThat(shared(Mode.AUDIT, Mode.AUDIT).decides(mail)).isEqualTo("audit domain-not-accepted bank/servers");
        assertThat(shared(Mode.AUDIT, Mode.ENFORCE).decides(mail.from("<>"))).isEqualTo("reject null-sender bank/servers");
        assertThat(shared(Mode.ENFORCE, Mode.AUDIT).decides(mail.from("<>"))).isEqualTo("reject null-sender bank/servers");
        assertThat(shared(Mode.AUDIT, Mode.AUDIT).decides(mail.from("<>"))).isEqualTo("audit null-sender bank/servers");
    }

    /** A bank and a newcomer who names the bank's range as well. */
    private static PolicyFixture shared(Mode bank, Mode newcomer) {
        return PolicyFixture.service()
                .organization("bank", SenderProtection.RELAY, bank, List.of("bank.example"), sharedConnector(bank))
                .organization("newcomer", SenderProtection.RELAY, newcomer, List.of("newcomer.example"), sharedConnector(newcomer));
    }

    private static Connector sharedConnector(Mode mode) {
        return mode == Mode.AUDIT
                ? connector("servers", "address 192.0.2.0/24", "audit")
                : connector("servers", "address 192.0.2.0/24");
    }

    @Test
    @DisplayName("of one rule opens nothing that the next rule refuses")
    void nextRule() {
        Mail mail = inside("<a@fabrikam.com>");
        assertThat(PolicyFixture.describe(decide(mail, Set.of()))).isEqualTo("reject protected-sender fabrikam");
        assertThat(PolicyFixture.describe(decide(mail, Set.of(FABRIKAM)))).isEqualTo("reject unidentified-inbound");
        assertThat(PolicyFixture.describe(decide(mail, Set.of(ADATUM)))).isEqualTo("reject protected-sender fabrikam");
        assertThat(PolicyFixture.describe(decide(mail, Set.of(FABRIKAM, ADATUM)))).isEqualTo("audit protected-sender fabrikam");
        assertThat(PolicyFixture.describe(decide(mail, Set.of(SERVICE)))).isEqualTo("audit protected-sender fabrikam");
    }

    private static final Set<Refusing> OF_MESSAGES = Set.of(Refusing.HEADER_LIMIT, Refusing.HEADER_MISMATCH, Refusing.PROTECTED_HEADER_FROM);

    @Test
    @DisplayName("knows every cause of a refusal")
    void everyCause() {
        assertThat(refusals().stream().map(refusal -> refusal.get()[2]).distinct())
                .containsExactlyInAnyOrder(Set.of(Refusing.values()).stream()
                        .filter(cause -> !cause.isTemporary() && !OF_MESSAGES.contains(cause))
                        .toArray());
    }

    @Test
    @DisplayName("softens the limit of headers for the whole service only")
    void headerLimit() {
        Mail mail = outside("<a@contoso.com>");
        assertThat(PolicyFixture.describe(headerLimit(mail, Set.of(CONTOSO, FABRIKAM)))).isEqualTo("reject header-limit");
        assertThat(PolicyFixture.describe(headerLimit(mail, Set.of(SERVICE)))).isEqualTo("audit header-limit");
    }

    private static Verdict headerLimit(Mail mail, Set<String> audited) {
        return policy(audited).headerLimit(mail.client(), mail.envelope().sender());
    }

    @Test
    @DisplayName("does not touch what is accepted, nor a temporary failure")
    void otherVerdicts() {
        List<Mail> fine = List.of(
                outside("<a@contoso.com>").certificate(CONTOSO_SERVER),
                outside("<>").certificate(CONTOSO_SERVER),
                inside("<a@fabrikam.com>").client(FABRIKAM_SERVER),
                outside("<a@example.org>").login("PLAIN"));
        for (Mail mail : fine) {
            Verdict enforced = decide(mail, Set.of());
            assertThat(enforced).isInstanceOf(Verdict.Accept.class);
            for (String place : PLACES) {
                assertThat(decide(mail, Set.of(place))).as(place).isEqualTo(enforced);
            }
        }
        assertThat(policy(Set.copyOf(PLACES)).tempfail())
                .isInstanceOf(Verdict.Tempfail.class)
                .satisfies(verdict -> assertThat(verdict.reply()).isPresent());
    }

    @Test
    @DisplayName("is a verdict that accepts without a reply, and still says why, whose and by which connector")
    void verdict() {
        Verdict verdict = decide(outside("<a@example.org>").client(FABRIKAM_SERVER), Set.of(FABRIKAM_CONNECTOR));
        assertThat(verdict.reply()).isEmpty();
        assertThat(verdict.action()).isEqualTo("accept");
        assertThat(verdict.cause()).isEqualTo(Refusing.DOMAIN_NOT_ACCEPTED);
        assertThat(verdict.party()).isEqualTo(new ConnectorName("fabrikam", "branch"));
        assertThat(((Verdict.Audit) verdict).would().refusal().lines().get(0))
                .isEqualTo("550 5.7.1 Relay access denied: example.org is not an accepted domain for this mail server");
    }
}
// spotless:on
