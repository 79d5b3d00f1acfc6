package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, sections 7.2 and 10: the steps in their order, the causes and the replies. */
class DecisionTest {

    private static final Mail OUTSIDE = mail().from("<a@contoso.com>").to("<b@example.net>");
    private static final Mail INBOUND = mail().from("<a@evil.example>").to("<b@contoso.com>");

    private static PolicyFixture contoso() {
        return service()
                .organization(
                        "contoso",
                        SenderProtection.ALL,
                        List.of("contoso.com"),
                        connector("hq", "name *.contoso.com"),
                        connector("office", "address 192.0.2.0/28"),
                        connector("lines", "address 192.0.2.16/28", "require-tls"))
                .organization("fabrikam", List.of("fabrikam.com"), connector("hq", "address 192.0.2.32/28"));
    }

    @ParameterizedTest(name = "{0}: {3}", quoteTextArguments = false)
    @MethodSource({"exempt", "syntax", "inbound", "relayNotIdentified", "relayIdentified"})
    void decides(String what, PolicyFixture service, Mail mail, String verdict) {
        assertThat(service.decides(mail)).isEqualTo(verdict);
    }

    static Stream<Arguments> exempt() {
        PolicyFixture exempting = contoso().exempt("198.51.100.0/24", "2001:db8::1", "192.0.2.1");
        Mail external = OUTSIDE.login("EXTERNAL");
        // spotless:off
        return Stream.of(
                arguments("1: a login relays", contoso(), OUTSIDE.login("PLAIN"), "accept authenticated"),
                arguments("1: a login sends as anybody", contoso(), OUTSIDE.login("LOGIN").from("<a@contoso.com>").to("<b@contoso.com>"),
                        "accept authenticated"),
                arguments("1: without a mechanism there is no login", contoso(), OUTSIDE.login(""), "reject not-identified"),
                arguments("1: EXTERNAL is no login", contoso(), external, "reject not-identified"),
                arguments("1: in whatever case", contoso(), OUTSIDE.login("external"), "reject not-identified"),
                arguments("1: EXTERNAL takes nothing from a certificate", contoso(), external.certificate("mail.contoso.com"),
                        "accept sender-domain contoso/hq"),
                arguments("1: a login is nothing where it is not trusted", contoso().trustedLogins(), OUTSIDE.login("PLAIN"),
                        "reject not-identified"),
                arguments("1: an exempt client relays", exempting, OUTSIDE.client("198.51.100.7"), "accept exempt-client"),
                arguments("1: by IPv6", exempting, OUTSIDE.client("2001:db8::1"), "accept exempt-client"),
                arguments("1: by its IPv4-mapped address", exempting, OUTSIDE.client("::ffff:198.51.100.7"), "accept exempt-client"),
                arguments("1: its neighbour does not", exempting, OUTSIDE.client("198.51.101.0"), "reject not-identified"),
                arguments("1: an unknown client does not", exempting, OUTSIDE.client("unknown"), "reject not-identified"),
                arguments("1: nor without any address", exempting, OUTSIDE.client(""), "reject not-identified"),
                arguments("1: a login before an exempt client", exempting, OUTSIDE.client("198.51.100.7").login("PLAIN"),
                        "accept authenticated"),
                arguments("1: who is identified as well is named", exempting, OUTSIDE.client("192.0.2.1"),
                        "accept exempt-client contoso/office"));
        // spotless:on
    }

    static Stream<Arguments> syntax() {
        Mail badRecipient = OUTSIDE.to("<b");
        Mail badSender = INBOUND.from("<\"a@evil.example>");
        // spotless:off
        return Stream.of(
                arguments("2: a bad recipient", contoso(), badRecipient, "reject bad-recipient"),
                arguments("2: an empty recipient", contoso(), OUTSIDE.to("<>"), "reject bad-recipient"),
                arguments("2: a bad recipient from an identified client", contoso(), badRecipient.client("192.0.2.1"),
                        "reject bad-recipient contoso/office"),
                arguments("2: a bad sender, even inbound", contoso(), badSender, "reject bad-sender"),
                arguments("2: a bad sender from an identified client", contoso(), badSender.client("192.0.2.1"),
                        "reject bad-sender contoso/office"),
                arguments("2: the recipient is read first", contoso(), badSender.to("<b"), "reject bad-recipient"),
                arguments("2: after 1, a login", contoso(), badSender.to("<b").login("PLAIN"), "accept authenticated"),
                arguments("2: after 1, an exempt client", contoso().exempt("203.0.113.99"), badSender.to("<b"), "accept exempt-client"),
                arguments("2: before 3, unidentified", contoso().rejectUnidentified(), badSender, "reject bad-sender"));
        // spotless:on
    }

    static Stream<Arguments> inbound() {
        PolicyFixture strict = contoso().rejectUnidentified();
        Mail protectedSender = INBOUND.from("<a@contoso.com>");
        // spotless:off
        return Stream.of(
                arguments("3c: a stranger", contoso(), INBOUND, "accept inbound contoso"),
                arguments("3c: a stranger with the null sender", contoso(), INBOUND.from("<>"), "accept inbound contoso"),
                arguments("3c: an unknown client", contoso(), INBOUND.client("unknown"), "accept inbound contoso"),
                arguments("3c: one organization to another", contoso(), INBOUND.client("192.0.2.33").from("<a@fabrikam.com>"),
                        "accept inbound fabrikam/hq"),
                arguments("3c: identified, whatever the sender", contoso(), INBOUND.client("192.0.2.1"), "accept inbound contoso/office"),
                arguments("3b: a stranger, where unidentified mail is refused", strict, INBOUND, "reject unidentified-inbound"),
                arguments("3b: with the null sender as well", strict, INBOUND.from("<>"), "reject unidentified-inbound"),
                arguments("3b: to the postmaster as well", strict, INBOUND.to("<postmaster>"), "reject unidentified-inbound"),
                arguments("3b: only TLS is missing", strict, INBOUND.client("192.0.2.17"), "reject tls-required"),
                arguments("3b: nothing is missing", strict, INBOUND.client("192.0.2.17").overTls(), "accept inbound contoso/lines"),
                arguments("3b: identified by anybody is enough", strict, INBOUND.client("192.0.2.33"), "accept inbound fabrikam/hq"),
                arguments("3b: a login is enough", strict, INBOUND.login("PLAIN"), "accept authenticated"),
                arguments("3a: before 3b, whose sender it is", strict, protectedSender, "reject protected-sender contoso"),
                arguments("3a: before 3b, though only TLS is missing", strict, protectedSender.client("192.0.2.17"),
                        "reject protected-sender contoso"));
        // spotless:on
    }

    static Stream<Arguments> relayNotIdentified() {
        // spotless:off
        return Stream.of(
                arguments("4: a stranger", contoso(), OUTSIDE.from("<a@evil.example>"), "reject not-identified"),
                arguments("4: a stranger that bears an accepted domain", contoso(), OUTSIDE, "reject not-identified"),
                arguments("4: a stranger that bears nothing", contoso(), OUTSIDE.from("<>"), "reject not-identified"),
                arguments("4: an unknown client", contoso(), OUTSIDE.client("unknown"), "reject not-identified"),
                arguments("4: another certificate", contoso(), OUTSIDE.certificate("mail.evil.example"), "reject not-identified"),
                arguments("4: only TLS is missing", contoso(), OUTSIDE.client("192.0.2.17"), "reject tls-required"),
                arguments("4: no connectors at all", service().organization("o", List.of("contoso.com")), OUTSIDE, "reject not-identified"),
                arguments("4: no organizations at all", service(), OUTSIDE, "reject not-identified"),
                arguments("4: nothing changes where unidentified mail is refused", contoso().rejectUnidentified(), OUTSIDE,
                        "reject not-identified"),
                arguments("4: TLS is not what is missing where the connector is switched off",
                        service().organization("o", List.of("contoso.com"), connector("c", "address 192.0.2.1", "require-tls", "disabled")),
                        OUTSIDE.client("192.0.2.1"), "reject not-identified"),
                arguments("4: nor where the address is wrong as well",
                        service().organization("o", List.of("contoso.com"),
                                connector("c", "name a.example", "address 192.0.2.1", "require-tls")),
                        OUTSIDE.client("192.0.2.1"), "reject not-identified"));
        // spotless:on
    }

    static Stream<Arguments> relayIdentified() {
        Mail lines = OUTSIDE.client("192.0.2.17");
        // spotless:off
        return Stream.of(
                arguments("5: by address, from its own domain", contoso(), OUTSIDE.client("192.0.2.1"),
                        "accept sender-domain contoso/office"),
                arguments("5: over TLS, where that is required", contoso(), lines.overTls(), "accept sender-domain contoso/lines"),
                arguments("5: by certificate, from another domain", contoso(),
                        OUTSIDE.certificate("mail.contoso.com").from("<a@evil.example>"), "accept certificate-domain contoso/hq"),
                arguments("5: by address, from another domain", contoso(), OUTSIDE.client("192.0.2.1").from("<a@evil.example>"),
                        "reject domain-not-accepted contoso/office"),
                arguments("5: by address, from another organization's domain", contoso(),
                        OUTSIDE.client("192.0.2.1").from("<a@fabrikam.com>"), "reject domain-not-accepted contoso/office"),
                arguments("5: by certificate, from another organization's domain", contoso(),
                        OUTSIDE.certificate("mail.contoso.com").from("<a@fabrikam.com>"), "reject protected-sender contoso/hq"),
                arguments("5: by certificate, with the null sender", contoso(), OUTSIDE.certificate("mail.contoso.com").from("<>"),
                        "accept certificate-domain contoso/hq"),
                arguments("5: by address, with the null sender", contoso(), OUTSIDE.client("192.0.2.1").from("<>"),
                        "reject null-sender contoso/office"),
                arguments("5: TLS is not asked for where another connector identifies",
                        service().organization("o", List.of("o.example"), connector("a", "address 192.0.2.1", "require-tls"),
                                connector("b", "address 192.0.2.0/24")),
                        OUTSIDE.client("192.0.2.1"), "reject domain-not-accepted o/b"),
                arguments("5: routing characters are relayed for its own servers", contoso(),
                        OUTSIDE.client("192.0.2.1").to("<u%evil.example@contoso.com>"), "accept sender-domain contoso/office"));
        // spotless:on
    }

    @Test
    void whateverGoesWrongIsATempfail() {
        Verdict verdict = contoso().policy().tempfail();
        assertThat(PolicyFixture.describe(verdict)).isEqualTo("tempfail internal");
        assertThat(verdict.reply())
                .hasValueSatisfying(
                        reply -> assertThat(reply).hasToString("451 4.3.0 Temporary failure, try again later"));
        assertThat(PolicyFixture.describe(contoso().audit().policy().tempfail()))
                .isEqualTo("tempfail internal");
    }

    @Test
    void anAcceptSaysNothingAndARefusalSaysOnlyWhatTheStrangerSaid() {
        PolicyFixture service = contoso();
        assertThat(service.verdict(INBOUND).reply()).isEmpty();
        List<Mail> refused = List.of(
                OUTSIDE,
                OUTSIDE.client("192.0.2.17"),
                OUTSIDE.client("192.0.2.1").from("<a@evil.example>"),
                OUTSIDE.client("192.0.2.1").from("<>"),
                OUTSIDE.certificate("mail.contoso.com").from("<a@fabrikam.com>"),
                OUTSIDE.to("<b"),
                INBOUND.from("<a"));
        for (Mail mail : refused) {
            Optional<SmtpReply> reply = service.verdict(mail).reply();
            assertThat(reply).isPresent();
            assertThat(reply.get().toString())
                    .startsWith("550 5.")
                    .doesNotContain("contoso")
                    .doesNotContain("office");
        }
    }

    @Test
    void aReplyNamesTheClientAndTheSenderDomain() {
        assertThat(reply(OUTSIDE))
                .isEqualTo("550 5.7.1 Relay access denied: 203.0.113.99 is not a known customer mail server");
        assertThat(reply(OUTSIDE.client("unknown"))).contains(": unknown is not a known customer");
        assertThat(reply(OUTSIDE.client("192.0.2.1").from("<a@MÜLLER.example>")))
                .isEqualTo("550 5.7.1 Relay access denied: xn--mller-kva.example is not an accepted domain for this "
                        + "mail server");
        assertThat(reply(OUTSIDE.client("192.0.2.1").from("<a@fab\u00adrikam.com>")))
                .contains(": fab?rikam.com is not an accepted domain");
        assertThat(reply(OUTSIDE.client("192.0.2.1").from("<a@x y>"))).contains(": unknown is not an accepted domain");
        assertThat(reply(OUTSIDE.client("192.0.2.1").from("<>")))
                .isEqualTo(
                        "550 5.7.1 Relay access denied: the null sender requires a certificate for an accepted domain");
        assertThat(reply(INBOUND.from("<a@contoso.com>")))
                .isEqualTo("550 5.7.1 Access denied: contoso.com may only be used by its own organization's servers");
    }

    private static String reply(Mail mail) {
        return contoso().verdict(mail).reply().map(SmtpReply::toString).orElse("none");
    }

    @Test
    void everyCauseHasItsName() {
        assertThat(Arrays.stream(Cause.Refusing.values()).map(Cause::key))
                .containsExactly(
                        "not-identified",
                        "domain-not-accepted",
                        "null-sender",
                        "protected-sender",
                        "unidentified-inbound",
                        "tls-required",
                        "partner-restriction",
                        "bad-recipient",
                        "bad-sender",
                        "header-mismatch",
                        "protected-header-from",
                        "header-limit",
                        "disputed-domain",
                        "stale-directory",
                        "no-policy-data",
                        "internal");
        assertThat(Arrays.stream(Cause.Accepting.values()).map(Cause::key))
                .containsExactly(
                        "authenticated",
                        "exempt-client",
                        "inbound",
                        "sender-domain",
                        "certificate-domain",
                        "any-domain",
                        "null-sender-allowed");
    }

    @Test
    void onlyAnIdentifiedServerRelays() {
        assertThat(Arrays.stream(Cause.Accepting.values()).filter(Cause.Accepting::isRelay))
                .containsExactly(
                        Cause.Accepting.SENDER_DOMAIN,
                        Cause.Accepting.CERTIFICATE_DOMAIN,
                        Cause.Accepting.ANY_DOMAIN,
                        Cause.Accepting.NULL_SENDER_ALLOWED);
    }

    @Test
    void aPolicyKnowsItsOrganizationsAndItsConfiguration() {
        assertThat(contoso().policy().organizations())
                .extracting(Organization::name)
                .containsExactly("contoso", "fabrikam");
        assertThat(new Policy(List.of(), contoso().policy().options(), "4f1c2a").revision())
                .isEqualTo("4f1c2a");
    }
}
