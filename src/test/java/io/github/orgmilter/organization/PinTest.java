package io.github.orgmilter.organization;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identification.ConnectorOutcome;
import io.github.orgmilter.policy.PolicyFixture;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import io.github.orgmilter.policy.explanation.Explanation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A pinned certificate or key (rules, sections 3.4 and 9.3)")
class PinTest {

    private static PolicyFixture contoso(String... conditions) {
        return service().organization("contoso", List.of("contoso.com"), connector("hq", conditions));
    }

    private static Mail outside() {
        return mail().from("<a@contoso.com>").to("<b@example.net>");
    }

    static Stream<Arguments> identification() {
        return Stream.of(
                Arguments.of(
                        "the certificate", contoso("certificate 1"), outside().presents("1", "9"), true),
                Arguments.of(
                        "the key, in another certificate",
                        contoso("key 2"),
                        outside().presents("9", "2"),
                        true),
                Arguments.of(
                        "another certificate with the same key",
                        contoso("certificate 1"),
                        outside().presents("9", "2"),
                        false),
                Arguments.of("another key", contoso("key 2"), outside().presents("1", "9"), false),
                Arguments.of(
                        "the certificate's digest as a key's",
                        contoso("certificate 1"),
                        outside().presents("9", "1"),
                        false),
                Arguments.of(
                        "the key's digest as a certificate's",
                        contoso("key 2"),
                        outside().presents("2", "9"),
                        false),
                Arguments.of(
                        "no certificate",
                        contoso("certificate 1"),
                        outside().overTls().presentsNone(),
                        false),
                Arguments.of("nothing told", contoso("certificate 1"), outside().overTls(), false),
                Arguments.of(
                        "a certificate told of a plain connection",
                        contoso("certificate 1"),
                        outside()
                                .presents(
                                        false,
                                        outside().presents("1", "1").presented().get()),
                        false),
                Arguments.of(
                        "one of several pins",
                        contoso("certificate 1", "certificate 2"),
                        outside().presents("2", "9"),
                        true),
                Arguments.of(
                        "a pin beside a name that does not match",
                        contoso("name mail.contoso.com", "certificate 1"),
                        outside().certificate("mail.fabrikam.com").presents("1", "9"),
                        true),
                Arguments.of(
                        "a name beside a pin that does not match",
                        contoso("name mail.contoso.com", "certificate 1"),
                        outside().certificate("mail.contoso.com").presents("9", "9"),
                        true),
                Arguments.of(
                        "a pin whatever the issuer, which narrows names",
                        contoso("name mail.contoso.com", "issuer Good CA", "certificate 1"),
                        outside().presents("1", "9"),
                        true),
                Arguments.of(
                        "the address as well",
                        contoso("certificate 1", "address 192.0.2.0/24"),
                        outside().client("192.0.2.7").presents("1", "9"),
                        true),
                Arguments.of(
                        "another address",
                        contoso("certificate 1", "address 192.0.2.0/24"),
                        outside().presents("1", "9"),
                        false),
                Arguments.of(
                        "a connector that is switched off",
                        contoso("certificate 1", "disabled"),
                        outside().presents("1", "9"),
                        false));
    }

    @ParameterizedTest(name = "identifies by {0}: {3}", quoteTextArguments = false)
    @MethodSource("identification")
    void identifies(String what, PolicyFixture service, Mail mail, boolean identified) {
        assertThat(service.identifiedBy(mail)).isEqualTo(identified ? List.of("contoso/hq") : List.of());
    }

    @Test
    @DisplayName("comes before names: the certificate first, then its key")
    void precedence() {
        PolicyFixture service = service()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        connector("address", "address 203.0.113.0/24"),
                        connector("name", "name mail.contoso.com"),
                        connector("key", "key 2"),
                        connector("certificate", "certificate 1"),
                        connector("name and address", "name mail.contoso.com", "address 203.0.113.0/24"));
        assertThat(service.identifiedBy(
                        outside().certificate("mail.contoso.com").presents("1", "2")))
                .containsExactly(
                        "contoso/name and address",
                        "contoso/certificate",
                        "contoso/key",
                        "contoso/name",
                        "contoso/address");
    }

    static Stream<Arguments> certificateDomains() {
        return Stream.of(
                Arguments.of("certificate 1 mail.contoso.com", "accept certificate-domain contoso/hq"),
                Arguments.of("certificate 1 contoso.com", "accept certificate-domain contoso/hq"),
                Arguments.of(
                        "certificate 1 mail.fabrikam.com mail.contoso.com", "accept certificate-domain contoso/hq"),
                Arguments.of("certificate 1 *.contoso.com", "accept certificate-domain contoso/hq"),
                Arguments.of("certificate 1 *.mail.contoso.com", "reject domain-not-accepted contoso/hq"),
                Arguments.of("certificate 1 a.mail.contoso.com", "reject domain-not-accepted contoso/hq"),
                Arguments.of("certificate 1 mail.fabrikam.com", "reject domain-not-accepted contoso/hq"),
                Arguments.of("certificate 1", "reject domain-not-accepted contoso/hq"));
    }

    @ParameterizedTest(name = "counts by the names of its file: {0} gives {1}", quoteTextArguments = false)
    @MethodSource("certificateDomains")
    void certificateDomain(String pin, String verdict) {
        assertThat(contoso(pin).decides(outside().from("<x@elsewhere.example>").presents("1", "9")))
                .isEqualTo(verdict);
    }

    @Test
    @DisplayName("counts by the name that the MTA verified as well")
    void verifiedName() {
        Mail mail = outside().from("<x@elsewhere.example>").presents("1", "9");
        assertThat(contoso("certificate 1").decides(mail.certificate("mail.contoso.com")))
                .isEqualTo("accept certificate-domain contoso/hq");
        assertThat(contoso("certificate 1").decides(mail.certificate("mail.fabrikam.com")))
                .isEqualTo("reject domain-not-accepted contoso/hq");
    }

    @Test
    @DisplayName("has the names of every place where it stands")
    void merged() {
        assertThat(contoso("certificate 1", "certificate 1 mail.contoso.com")
                        .decides(outside().from("<>").presents("1", "9")))
                .isEqualTo("accept certificate-domain contoso/hq");
    }

    static Stream<Arguments> untold() {
        PolicyFixture pinned = contoso("certificate 1").policyDelegation();
        Mail inbound = mail().from("<x@elsewhere.example>").to("<a@contoso.com>");
        return Stream.of(
                Arguments.of("a stranger of whom nothing was told", pinned, outside(), "tempfail no-policy-data"),
                Arguments.of(
                        "a stranger without a certificate", pinned, outside().presentsNone(), "reject not-identified"),
                Arguments.of(
                        "a stranger with another certificate",
                        pinned,
                        outside().presents("9", "9"),
                        "reject not-identified"),
                Arguments.of("inbound mail", pinned, inbound, "accept inbound contoso"),
                Arguments.of("a login", pinned, outside().login("PLAIN"), "accept authenticated"),
                Arguments.of(
                        "no pins",
                        contoso("name mail.contoso.com").policyDelegation(),
                        outside(),
                        "reject not-identified"),
                Arguments.of(
                        "pins that are switched off",
                        contoso("certificate 1", "disabled").policyDelegation(),
                        outside(),
                        "reject not-identified"),
                Arguments.of("no policy delegation", contoso("certificate 1"), outside(), "reject not-identified"),
                Arguments.of(
                        "unidentified inbound mail",
                        contoso("certificate 1").policyDelegation().rejectUnidentified(),
                        inbound,
                        "tempfail no-policy-data"),
                Arguments.of(
                        "a sender that its organization protects",
                        service()
                                .organization(
                                        "contoso",
                                        SenderProtection.ALL,
                                        List.of("contoso.com"),
                                        connector("hq", "certificate 1"))
                                .policyDelegation(),
                        mail().from("<a@contoso.com>").to("<b@contoso.com>"),
                        "tempfail no-policy-data"),
                Arguments.of(
                        "a client that another connector identifies",
                        contoso("certificate 1")
                                .organization(
                                        "fabrikam", List.of("fabrikam.com"), connector("hq", "address 203.0.113.0/24"))
                                .policyDelegation(),
                        outside(),
                        "reject domain-not-accepted fabrikam/hq"),
                Arguments.of("a malformed address", pinned, outside().to("<\"b@example.net>"), "reject bad-recipient"),
                Arguments.of(
                        "audit of the whole service",
                        contoso("certificate 1").policyDelegation().audit(),
                        outside(),
                        "audit not-identified"));
    }

    @ParameterizedTest(name = "may be missing unseen: {0} gives {3}", quoteTextArguments = false)
    @MethodSource("untold")
    void untold(String what, PolicyFixture service, Mail mail, String verdict) {
        assertThat(service.decides(mail)).isEqualTo(verdict);
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                Arguments.of(contoso("certificate 1"), outside().presents("1", "9"), "Matched"),
                Arguments.of(contoso("key 2"), outside().presents("1", "2"), "Matched"),
                Arguments.of(contoso("certificate 1"), outside(), "CertificateUnknown"),
                Arguments.of(contoso("certificate 1"), outside().presentsNone(), "NoCertificate"),
                Arguments.of(contoso("certificate 1"), outside().presents("8", "9"), "NotPinned"),
                Arguments.of(
                        contoso("certificate 1", "name mail.contoso.com"),
                        outside().presentsNone(),
                        "NoVerifiedName NoCertificate"),
                Arguments.of(
                        contoso("certificate 1", "name mail.contoso.com", "address 192.0.2.1"),
                        outside().presents("1", "9"),
                        "OtherAddress"),
                Arguments.of(
                        contoso("certificate 1", "address 192.0.2.1"),
                        outside().client("unknown").presents("1", "9"),
                        "AddressUnknown"),
                Arguments.of(contoso("certificate 1", "disabled"), outside().presents("1", "9"), "Disabled"));
    }

    @ParameterizedTest(name = "is explained: {2}", quoteTextArguments = false)
    @MethodSource("outcomes")
    void explained(PolicyFixture service, Mail mail, String outcome) {
        Explanation explanation = service.policy().explain(mail.client(), mail.envelope(), mail.recipient());
        assertThat(explanation.connectors())
                .singleElement()
                .extracting(it -> it instanceof ConnectorOutcome.NotMatched notMatched
                        ? notMatched.mismatches().stream()
                                .map(mismatch -> mismatch.getClass().getSimpleName())
                                .collect(Collectors.joining(" "))
                        : "Matched")
                .isEqualTo(outcome);
    }
}
