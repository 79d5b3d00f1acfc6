package io.github.orgmilter.it.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.Command;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A Sendmail that cannot be asked for macros (no SETSYMLIST): it sends what its .mc lists. */
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailMacrosIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final String CONFIGURATION =
            Scenarios.configuration(Policy.DEFAULT).replaceFirst("listen = .*\n", "");
    private static final String STRANGER = "127.0.0.2";
    private static final String OUTSIDE = "someone@outside.example";
    private static final String HELO_LINE = "define(`confMILTER_MACROS_HELO'";
    private static final String CONNECT_LINE = "define(`confMILTER_MACROS_CONNECT'";

    /** With default macros. */
    private static FilteredSendmail plain;

    @TempDir
    private Path folder;

    @Parameter
    String suite;

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        plain = without(suite, HELO_LINE, CONNECT_LINE);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        plain.close();
    }

    private static FilteredSendmail without(String suite, String... lines) throws IOException {
        return new FilteredSendmail(
                suite,
                CERTIFICATES,
                CONFIGURATION,
                false,
                sendmail -> sendmail.edit(
                        "orgmilter.m4",
                        text -> text.lines()
                                .filter(line -> Stream.of(lines).noneMatch(line::startsWith))
                                .collect(Collectors.joining("\n", "", "\n"))));
    }

    @Test
    @DisplayName("with default macros no client is identified by certificate, and the log gives the reason")
    void defaultMacros() throws Exception {
        String remark = explainedRemark();
        assertThat(remark).startsWith("the MTA does not report whether it verified the certificate");
        for (ClientCertificate certificate :
                List.of(CERTIFICATES.verified("mail.contoso.com"), CERTIFICATES.selfSigned("mail.contoso.com"))) {
            plain.begin();
            try (SmtpClient smtp = plain.connect(STRANGER)) {
                smtp.startTls(certificate.tls());
                smtp.ehlo();
                for (int message = 0; message < 2; message++) {
                    smtp.mail("a@contoso.com");
                    assertThat(smtp.rcpt(OUTSIDE).toString())
                            .startsWith("550 5.7.1")
                            .contains("is not a known customer mail server");
                    assertThat(smtp.rcpt("info@contoso.com").code()).isEqualTo(250);
                    assertThat(plain.data(smtp).code()).isEqualTo(250);
                }
                smtp.quit();
            }
            assertThat(plain.questions().get(0).mail("{verify}")).isEmpty();
            assertThat(plain.verdicts(4))
                    .extracting(line -> line.get("cause"))
                    .containsExactly("not-identified", "inbound", "not-identified", "inbound");
            assertThat(plain.delivered()).containsOnly("info@contoso.com");
            assertThat(plain.milterLog().lines().filter(line -> line.contains(" remark=")))
                    .as("once in a connection")
                    .singleElement()
                    .asString()
                    .contains("remark=\"" + remark);
        }
    }

    /** An address is an address without any macros. */
    @Test
    @DisplayName("with default macros addresses identify")
    void addressesIdentify() throws IOException {
        plain.begin();
        try (SmtpClient smtp = plain.connect("127.0.1.10")) {
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            assertThat(plain.data(smtp).code()).isEqualTo(250);
            smtp.mail("a@northwind.example");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(550);
            smtp.quit();
        }
        assertThat(plain.verdicts(2)).extracting(line -> line.get("connector")).startsWith("contoso/branch-office");
        assertThat(plain.delivered()).containsExactly(OUTSIDE);
    }

    @Test
    @DisplayName("with the README's line a verified certificate is identified")
    void theReadmesLine() throws IOException {
        try (FilteredSendmail service = without(suite, CONNECT_LINE)) {
            assertOnlyVerifiedCertificatesCount(service);
        }
    }

    @Test
    @DisplayName("with both lines of the example a verified certificate is identified")
    void theExamplesLines() throws IOException {
        try (FilteredSendmail service = without(suite)) {
            assertOnlyVerifiedCertificatesCount(service);
        }
    }

    private static void assertOnlyVerifiedCertificatesCount(FilteredSendmail service) throws IOException {
        service.begin();
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.startTls(CERTIFICATES.verified("mail.contoso.com").tls());
            smtp.ehlo();
            for (int message = 0; message < 2; message++) {
                smtp.mail("a@contoso.com");
                assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
                assertThat(service.data(smtp).code()).isEqualTo(250);
            }
            smtp.quit();
        }
        assertThat(service.verdicts(2)).allSatisfy(line -> {
            assertThat(line.get("cert")).isEqualTo("mail.contoso.com");
            assertThat(line.get("connector")).isEqualTo("contoso/headquarters");
        });
        assertThat(service.milterLog()).doesNotContain(" remark=");
        assertThat(service.delivered()).containsExactly(OUTSIDE, OUTSIDE);
        for (ClientCertificate impostor : List.of(
                CERTIFICATES.selfSigned("mail.contoso.com"),
                CERTIFICATES.fromForeignCa("mail.contoso.com"),
                CERTIFICATES.expired("mail.contoso.com"))) {
            service.begin();
            try (SmtpClient smtp = service.connect(STRANGER)) {
                smtp.startTls(impostor.tls());
                smtp.ehlo();
                smtp.mail("a@contoso.com");
                assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(550);
                smtp.quit();
            }
            assertThat(service.verdicts(1).get(0).get("cause")).isEqualTo("not-identified");
            service.awaitLine("remark=\"the MTA did not verify the certificate (verify=FAIL)\"");
            assertThat(service.delivered()).isEmpty();
        }
    }

    /** What {@code explain} prints about a certificate from a Sendmail that sends no {@code {verify}}. */
    private String explainedRemark() throws IOException, InterruptedException {
        Path configuration = Files.writeString(folder.resolve("orgmilter.conf"), CONFIGURATION);
        String output = Command.run(
                Command.ORGMILTER,
                "explain",
                "--config",
                configuration.toString(),
                "--mta",
                "sendmail",
                "--client-address",
                STRANGER,
                "--cert-subject",
                "mail.contoso.com",
                "--from",
                "a@contoso.com",
                "--to",
                OUTSIDE);
        assertThat(output).contains("verdict    reject, not-identified");
        return output.lines().skip(1).findFirst().orElseThrow().strip();
    }
}
