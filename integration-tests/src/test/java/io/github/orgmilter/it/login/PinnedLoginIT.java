package io.github.orgmilter.it.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A login, and a certificate that Postfix does not trust: by its policy query and by the milter. */
@DisplayName("Connectors with a login and a pin")
@ParameterizedClass(name = "Postfix of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class PinnedLoginIT {

    private static final String OUTSIDE = "someone@outside.example";
    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClientCertificate PINNED = CERTIFICATES.selfSigned("mail.contoso.com");
    private static final ClientCertificate OTHER = CERTIFICATES.selfSigned("mail.contoso.com");

    private static Sink sink;
    private static MilterProcess milter;
    private static PostfixContainer postfix;

    @Parameter
    String suite;

    private final List<String> queueIds = new ArrayList<>();
    private int milterMark;
    private int mtaMark;

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        int port = FreePort.next();
        int policyPort = FreePort.next();
        milter = MilterProcess.start("""
                listen = [ "inet:%d@127.0.0.1" ]
                policy-listen = [ "inet:%d@127.0.0.1" ]
                policy-grants-relay = true
                trusted-logins = []
                organizations.contoso {
                  accepted-domains = [ "contoso.com" ]
                  connectors {
                    pinned { logins = [ "server@contoso.com" ], certificate-fingerprints = [ "%s" ] }
                    plain { logins = [ "plain@contoso.com" ] }
                  }
                }
                """.formatted(port, policyPort, PINNED.fingerprint()));
        postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .loginDelegatingService("asking", "inet:127.0.0.1:" + policyPort, "inet:127.0.0.1:" + port);
        postfix.start();
        for (String login : List.of("server@contoso.com", "plain@contoso.com")) {
            postfix.addLogin(login);
        }
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        postfix.close();
        milter.close();
        sink.close();
    }

    @BeforeEach
    void begin() {
        sink.clear();
        milterMark = milter.mark();
        mtaMark = postfix.logMark();
    }

    @ParameterizedTest(name = "{0} with {1} as {2}: {3}")
    @CsvSource({
        "server@contoso.com, pinned, a@contoso.com,  250",
        "server@contoso.com, other,  a@contoso.com,  550",
        "server@contoso.com, none,   a@contoso.com,  550",
        "server@contoso.com, pinned, a@evil.example, 550",
        "plain@contoso.com,  pinned, a@contoso.com,  250",
        "plain@contoso.com,  none,   a@contoso.com,  250",
        "plain@contoso.com,  none,   a@evil.example, 550",
        "'',                 pinned, a@contoso.com,  550"
    })
    void login(String login, String certificate, String sender, int code) throws IOException {
        try (SmtpClient smtp = SmtpClient.connect(postfix.service("asking"), InetAddress.getByName("127.0.0.2"))) {
            assertThat(smtp.read().code()).isEqualTo(220);
            smtp.ehlo();
            if (!certificate.equals("none")) {
                smtp.startTls((certificate.equals("pinned") ? PINNED : OTHER).tls());
                smtp.ehlo();
            }
            if (!login.isEmpty()) {
                assertThat(smtp.authPlain(login, MtaContainer.PASSWORD).code()).isEqualTo(235);
            }
            smtp.mail(sender);
            assertThat(smtp.rcpt(OUTSIDE).code()).as(milter.text(milterMark)).isEqualTo(code);
            if (code == 250) {
                postfix.queueId(smtp.data("test")).ifPresent(queueIds::add);
            }
            smtp.quit();
        }
        postfix.awaitDone(mtaMark, queueIds);
        assertThat(sink.deliveries())
                .extracting(Delivery::recipient)
                .isEqualTo(code == 250 ? List.of(OUTSIDE) : List.of());
    }
}
