package io.github.orgmilter.it.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterTap.Question;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.Scenarios;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** SASL where EXTERNAL is offered and trusted, as Debian's own sasl.m4 has it. */
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailLoginIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final String STRANGER = "127.0.0.2";
    private static final String OUTSIDE = "someone@outside.example";

    private static FilteredSendmail service;

    @Parameter
    String suite;

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        String configuration = Scenarios.configuration(Policy.DEFAULT).replaceFirst("listen = .*\n", "");
        service = new FilteredSendmail(
                suite,
                CERTIFICATES,
                configuration,
                true,
                sendmail -> sendmail.file("sasl/Sendmail.conf.2", """
                        pwcheck_method: auxprop
                        auxprop_plugin: sasldb
                        mech_list: EXTERNAL PLAIN LOGIN
                        """)
                        .m4(
                                "define(`confAUTH_MECHANISMS', `EXTERNAL PLAIN LOGIN')dnl",
                                "TRUST_AUTH_MECH(`EXTERNAL PLAIN LOGIN')dnl"));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
    }

    /** A certificate with an unlisted name is not a login, whatever Sendmail makes of it. */
    @Test
    void externalGrantsNothing() throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.startTls(CERTIFICATES.verified("mail.nobody.example").tls());
            assertThat(smtp.ehlo().text()).contains("EXTERNAL");
            assertThat(smtp.command("AUTH EXTERNAL =").code()).isEqualTo(235);
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).toString()).startsWith("550 5.7.1").contains("Relay access denied");
            assertThat(smtp.rcpt("info@contoso.com").code()).isEqualTo(250);
            assertThat(service.data(smtp).code()).isEqualTo(250);
            smtp.quit();
        }
        Question question = service.questions().get(0);
        assertThat(question.mail("{auth_type}")).contains("EXTERNAL");
        assertThat(question.mail("{auth_authen}").orElse("")).contains("mail.nobody.example");
        assertThat(service.verdicts(2))
                .extracting(line -> line.get("cause"))
                .containsExactly("not-identified", "inbound");
        assertThat(service.delivered()).containsExactly("info@contoso.com");
    }

    /** Nor does it take anything away: the certificate counts as it does without. */
    @Test
    void externalWithACustomersCertificateIsThatCustomerAndNoMore() throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.startTls(CERTIFICATES.verified("mail.contoso.com").tls());
            smtp.ehlo();
            assertThat(smtp.command("AUTH EXTERNAL =").code()).isEqualTo(235);
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            assertThat(service.data(smtp).code()).isEqualTo(250);
            smtp.mail("a@northwind.example");
            assertThat(smtp.rcpt(OUTSIDE).toString())
                    .startsWith("550 5.7.1")
                    .contains("northwind.example may only be used by");
            smtp.quit();
        }
        assertThat(service.verdicts(2))
                .extracting(line -> line.get("cause"))
                .containsExactly("sender-domain", "protected-sender");
        assertThat(service.delivered()).containsExactly(OUTSIDE);
    }

    @Test
    void externalIsNotOfferedToACertificateThatIsNotVerified() throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.startTls(CERTIFICATES.selfSigned("mail.contoso.com").tls());
            assertThat(smtp.ehlo().text()).doesNotContain("EXTERNAL");
            assertThat(smtp.command("AUTH EXTERNAL =").code()).isBetween(500, 599);
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(550);
            smtp.quit();
        }
        assertThat(service.verdicts(1).get(0).get("cause")).isEqualTo("not-identified");
        assertThat(service.delivered()).isEmpty();
    }

    @Test
    void aPasswordRelaysWithEveryMessageOfItsSessionAndNotInTheNext() throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(550);
            smtp.command("RSET");
            assertThat(smtp.authPlain(MtaContainer.LOGIN, "wrong").code()).isEqualTo(535);
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(550);
            smtp.command("RSET");
            assertThat(smtp.authPlain(MtaContainer.LOGIN, MtaContainer.PASSWORD).code())
                    .isEqualTo(235);
            for (int message = 0; message < 2; message++) {
                smtp.mail("a@contoso.com");
                assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
                assertThat(service.data(smtp).code()).isEqualTo(250);
            }
            smtp.quit();
        }
        assertThat(service.questions().get(3).mail("{auth_type}")).contains("PLAIN");
        // AUTH= names a user, and is not a login.
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.mail("a@contoso.com", "AUTH=" + MtaContainer.LOGIN);
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(550);
            smtp.quit();
        }
        assertThat(service.verdicts(5))
                .extracting(line -> line.get("cause"))
                .containsExactly(
                        "not-identified", "not-identified", "authenticated", "authenticated", "not-identified");
        assertThat(service.delivered()).containsExactly(OUTSIDE, OUTSIDE);
    }

    /** What a login let pass is refused to the same certificate without one. */
    @Test
    void aLoginBesideACertificateDoesNotOutliveItsSession() throws IOException {
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.startTls(CERTIFICATES.verified("mail.contoso.com").tls());
            smtp.ehlo();
            assertThat(smtp.authPlain(MtaContainer.LOGIN, MtaContainer.PASSWORD).code())
                    .isEqualTo(235);
            smtp.mail("a@northwind.example");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            assertThat(service.data(smtp).code()).isEqualTo(250);
            smtp.quit();
        }
        try (SmtpClient smtp = service.connect(STRANGER)) {
            smtp.startTls(CERTIFICATES.verified("mail.contoso.com").tls());
            smtp.ehlo();
            smtp.mail("a@northwind.example");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(550);
            smtp.quit();
        }
        assertThat(service.verdicts(2))
                .extracting(line -> line.get("cause"))
                .containsExactly("authenticated", "protected-sender");
        assertThat(service.delivered()).containsExactly(OUTSIDE);
    }
}
