package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.domains.ClaimProblem;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, 3.7 to 3.10 and 7.3. */
@DisplayName("A login")
final class LoginTest {

    private static final Mail MAIL = mail().from("<a@contoso.com>");
    private static final Mail JOE = MAIL.login("joe", "PLAIN");
    private static final Mail DEVICE = MAIL.login("copier@devices.contoso.com", "LOGIN");

    private static PolicyFixture contoso() {
        return service()
                .trustedLogins("root", "*@staff.contoso.com")
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        connector("login", "login joe"),
                        connector("devices", "login *@devices.contoso.com", "address 192.0.2.0/28"),
                        connector("both", "login ann", "name mail.contoso.com"),
                        connector("all", "login ben", "key 2", "address 192.0.2.0/28"),
                        connector("tls", "login tls", "require-tls"),
                        connector("any", "login any", "any-domain"),
                        connector("off", "login off", "disabled"))
                .organization("fabrikam", List.of("fabrikam.com"));
    }

    // spotless:off
    static Stream<Arguments> decisions() {
        return Stream.of(
                arguments("identifies", JOE, "accept sender-domain contoso/login"),
                arguments("in any case", MAIL.login("JOE", "plain"), "accept sender-domain contoso/login"),
                arguments("brings no domain", JOE.from("<a@evil.example>"), "reject domain-not-accepted contoso/login"),
                arguments("nor a bounce's", JOE.from("<>"), "reject null-sender contoso/login"),
                arguments("is not another organization's", JOE.from("<a@fabrikam.com>"), "reject domain-not-accepted contoso/login"),
                arguments("is whole", MAIL.login("joe ", "PLAIN"), "reject not-identified"),
                arguments("by EXTERNAL is none", MAIL.login("joe", "EXTERNAL"), "reject not-identified"),
                arguments("without a mechanism is none", MAIL.login("joe", ""), "reject not-identified"),
                arguments("is required", MAIL, "reject not-identified"),
                arguments("of a domain, with the address", DEVICE.client("192.0.2.1"), "accept sender-domain contoso/devices"),
                arguments("of a domain, without the address", DEVICE, "reject not-identified"),
                arguments("does not follow from the address", MAIL.client("192.0.2.1"), "reject not-identified"),
                arguments("of a subdomain is none", MAIL.login("x@sub.devices.contoso.com", "PLAIN").client("192.0.2.1"), "reject not-identified"),
                arguments("with the certificate", MAIL.login("ann", "PLAIN").certificate("mail.contoso.com"), "accept sender-domain contoso/both"),
                arguments("with the certificate's domain", MAIL.login("ann", "PLAIN").certificate("mail.contoso.com").from("<>"),
                        "accept certificate-domain contoso/both"),
                arguments("without the certificate", MAIL.login("ann", "PLAIN"), "reject not-identified"),
                arguments("does not follow from the certificate", MAIL.certificate("mail.contoso.com"), "reject not-identified"),
                arguments("with a pin and the address", MAIL.login("ben", "PLAIN").presents("1", "2").client("192.0.2.1"),
                        "accept sender-domain contoso/all"),
                arguments("with a pin without the address", MAIL.login("ben", "PLAIN").presents("1", "2"), "reject not-identified"),
                arguments("with another pin", MAIL.login("ben", "PLAIN").presents("1", "3").client("192.0.2.1"), "reject not-identified"),
                arguments("that only lacks encryption", MAIL.login("tls", "PLAIN"), "reject tls-required"),
                arguments("over TLS", MAIL.login("tls", "PLAIN").overTls(), "accept sender-domain contoso/tls"),
                arguments("that is enough alone", MAIL.login("any", "PLAIN").from("<a@evil.example>"), "accept any-domain contoso/any"),
                arguments("of a disabled connector", MAIL.login("off", "PLAIN"), "reject not-identified"),
                arguments("that is trusted", MAIL.login("Root", "PLAIN").from("<a@evil.example>"), "accept authenticated"),
                arguments("that is trusted by its domain", MAIL.login("x@Staff.contoso.com", "PLAIN"), "accept authenticated"),
                arguments("that is trusted, by EXTERNAL", MAIL.login("root", "external"), "reject not-identified"));
    }

    @ParameterizedTest(name = "{0}: {2}", quoteTextArguments = false)
    @MethodSource("decisions")
    void decides(String what, Mail mail, String verdict) {
        assertThat(contoso().decides(mail)).isEqualTo(verdict);
    }

    @Test
    @DisplayName("counts beside other kinds in this order")
    void precedence() {
        PolicyFixture all = service()
                .trustedLogins()
                .organization("a", List.of("a.example"),
                        connector("address", "address 192.0.2.1"),
                        connector("domain", "login *@contoso.com"),
                        connector("login", "login joe@contoso.com"),
                        connector("login-large", "login joe@contoso.com", "address 192.0.2.0/24"),
                        connector("login-small", "login joe@contoso.com", "address 192.0.2.1"),
                        connector("domain-address", "login *@contoso.com", "address 192.0.2.1"),
                        connector("name", "name mail.contoso.com"),
                        connector("name-address", "name mail.contoso.com", "address 192.0.2.1"),
                        connector("name-login", "name mail.contoso.com", "login joe@contoso.com"),
                        connector("name-domain", "name mail.contoso.com", "login *@contoso.com"),
                        connector("wildcard-login", "name *.contoso.com", "login joe@contoso.com"),
                        connector("pin-domain", "certificate 1", "login *@contoso.com"),
                        connector("everything", "name *.contoso.com", "login *@contoso.com", "address 192.0.2.0/24"));
        assertThat(all.identifiedBy(mail().client("192.0.2.1").certificate("mail.contoso.com").presents("1", "2")
                        .login("joe@contoso.com", "PLAIN")))
                .containsExactly("a/everything", "a/pin-domain", "a/name-login", "a/name-domain", "a/wildcard-login", "a/name-address",
                        "a/name", "a/login-small", "a/login-large", "a/domain-address", "a/login", "a/domain", "a/address");
    }

    @Test
    @DisplayName("of a directory at others' domain matches nothing, and is a problem of its own organization")
    void foreign() {
        PolicyFixture claims = service()
                .trustedLogins()
                .organization("file", List.of("file.example and below"))
                .customer("own", List.of("own.example"), connector("a", "login *@own.example", "login x@nobody.example"))
                .customer("thief", List.of("thief.example"),
                        connector("a", "login *@own.example", "any-domain"),
                        connector("b", "login x@own.example", "name mail.thief.example"),
                        connector("c", "login x@sub.file.example", "login plain"));
        assertThat(claims.identifiedBy(mail().login("x@OWN.example", "PLAIN").certificate("mail.thief.example"))).containsExactly("own/a");
        assertThat(claims.identifiedBy(mail().login("x@sub.file.example", "PLAIN"))).isEmpty();
        assertThat(claims.identifiedBy(mail().login("plain", "PLAIN"))).containsExactly("thief/c");
        assertThat(claims.identifiedBy(mail().login("x@nobody.example", "PLAIN"))).containsExactly("own/a");
        assertThat(claims.policy().claimProblems().all())
                .allSatisfy(problem -> assertThat(problem.organization()).isEqualTo("thief"))
                .extracting(problem -> ((ClaimProblem.ForeignLogin) problem).pattern() + " " + ((ClaimProblem.ForeignLogin) problem).owners())
                .containsExactly("*@own.example [own]", "x@own.example [own]", "x@sub.file.example [file]");
    }
    // spotless:on
}
