package io.github.orgmilter.it.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.LogLine;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Logins that identify an organization's servers, by port 25, submission and smtps. */
@DisplayName("Connectors with logins")
@ParameterizedClass(name = "{0} of {1}")
@CsvSource({"Postfix, bookworm", "Postfix, trixie", "Sendmail, bookworm", "Sendmail, trixie"})
final class ConnectorLoginIT {

    private static final String OUTSIDE = "someone@outside.example";
    private static final String STRANGER = "127.0.0.2";
    private static final String OFFICE = "127.0.5.7";
    private static final String RELAY = "a+b@contoso.com";
    private static final String DEVICE = "copier@devices.contoso.com";
    private static final String SERVER = "server@contoso.com";
    private static final String ANY = "any@fabrikam.com";
    private static final List<String> LOGINS =
            List.of(RELAY, DEVICE, SERVER, ANY, "other@contoso.com", "x@sub.fabrikam.com");

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClientCertificate MAIL = CERTIFICATES.verified("mail.contoso.com");
    private static final ClientCertificate OTHER = CERTIFICATES.verified("other.example");

    private static Sink sink;
    private static MilterProcess milter;
    private static MtaContainer mta;

    @Parameter(0)
    String kind;

    @Parameter(1)
    String suite;

    private final List<String> queueIds = new ArrayList<>();
    private int milterMark;
    private int mtaMark;

    @BeforeParameterizedClassInvocation
    static void start(String kind, String suite) throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        int port = FreePort.next();
        int smtps = FreePort.next();
        milter = MilterProcess.start("""
                listen = [ "inet:%d@127.0.0.1" ]
                trusted-logins = [ "%s" ]
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors {
                      relay { logins = [ "A+B@Contoso.com" ] }
                      devices { logins = [ "*@devices.contoso.com" ], addresses = [ "127.0.5.0/24" ] }
                      server { logins = [ "server@contoso.com" ], certificate-names = [ "mail.contoso.com" ] }
                    }
                  }
                  fabrikam {
                    accepted-domains = [ "fabrikam.com" ]
                    connectors.any { logins = [ "*@fabrikam.com" ], require-accepted-domain = false }
                  }
                }
                """.formatted(port, MtaContainer.LOGIN));
        mta = kind.equals("Postfix") ? postfix(suite, port, smtps) : sendmail(suite, port, smtps);
        mta.start();
        mta.addService("smtps", new InetSocketAddress(InetAddress.getByName("127.0.0.1"), smtps));
        for (String login : LOGINS) {
            mta.addLogin(login);
        }
    }

    private static MtaContainer postfix(String suite, int port, int smtps) throws IOException {
        String socket = "inet:127.0.0.1:" + port;
        return new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .service("filtered", Gate.TIGHT, socket)
                .submission("submission", socket)
                .smtps("smtps", smtps, socket);
    }

    private static MtaContainer sendmail(String suite, int port, int smtps) throws IOException {
        return new SendmailContainer(suite, CERTIFICATES, sink, "inet:" + port + "@127.0.0.1")
                .service("submission", ", M=Ea")
                .m4("DAEMON_OPTIONS(`Name=smtps, Family=inet, Addr=127.0.0.1, Port=" + smtps + ", M=sEa')dnl");
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        mta.close();
        milter.close();
        sink.close();
    }

    @BeforeEach
    void begin() {
        sink.clear();
        milterMark = milter.mark();
        mtaMark = mta.logMark();
    }

    static Stream<Arguments> mail() {
        // spotless:off
        return Stream.of(
                arguments("a login is its connector", RELAY, STRANGER, null, "a@contoso.com", "sender-domain", "contoso/relay"),
                arguments("and no more", RELAY, STRANGER, null, "a@fabrikam.com", "domain-not-accepted", "contoso/relay"),
                arguments("nor any domain", RELAY, STRANGER, null, "a@evil.example", "domain-not-accepted", "contoso/relay"),
                arguments("nor bounces", RELAY, STRANGER, null, "", "null-sender", "contoso/relay"),
                arguments("another login is none", "other@contoso.com", STRANGER, null, "a@contoso.com", "not-identified", ""),
                arguments("a domain's login, with the address", DEVICE, OFFICE, null, "a@contoso.com", "sender-domain",
                        "contoso/devices"),
                arguments("not without it", DEVICE, STRANGER, null, "a@contoso.com", "not-identified", ""),
                arguments("nor the address without the login", "other@contoso.com", OFFICE, null, "a@contoso.com",
                        "not-identified", ""),
                arguments("a login and a certificate", SERVER, STRANGER, MAIL, "a@contoso.com", "sender-domain", "contoso/server"),
                arguments("not with another certificate", SERVER, STRANGER, OTHER, "a@contoso.com", "not-identified", ""),
                arguments("nor the certificate alone", "other@contoso.com", STRANGER, MAIL, "a@contoso.com", "not-identified", ""),
                arguments("identification alone", ANY, STRANGER, null, "a@evil.example", "any-domain", "fabrikam/any"),
                arguments("not as another organization", ANY, STRANGER, null, "a@contoso.com", "protected-sender", "fabrikam/any"),
                arguments("a subdomain's login is none", "x@sub.fabrikam.com", STRANGER, null, "a@fabrikam.com", "not-identified", ""),
                arguments("a trusted login may send as anybody", MtaContainer.LOGIN, STRANGER, null, "a@contoso.com", "authenticated",
                        ""));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}: {5}")
    @MethodSource
    void mail(
            String what,
            String login,
            String source,
            ClientCertificate certificate,
            String sender,
            String cause,
            String connector)
            throws IOException {
        boolean accepted = List.of("sender-domain", "certificate-domain", "any-domain", "authenticated")
                .contains(cause);
        try (SmtpClient smtp = connect("filtered", source)) {
            if (certificate != null) {
                smtp.startTls(certificate.tls());
                smtp.ehlo();
            }
            send(smtp, login, sender, accepted);
        }
        check(login, cause, connector, accepted);
    }

    @Test
    void submission() throws IOException {
        try (SmtpClient smtp = connect("submission", STRANGER)) {
            smtp.startTls(OTHER.tls());
            smtp.ehlo();
            send(smtp, RELAY, "a@contoso.com", true);
        }
        check(RELAY, "sender-domain", "contoso/relay", true);
    }

    @Test
    void submissionRefusesAnotherOrganizationsSender() throws IOException {
        try (SmtpClient smtp = connect("submission", STRANGER)) {
            smtp.startTls(OTHER.tls());
            smtp.ehlo();
            send(smtp, RELAY, "a@fabrikam.com", false);
        }
        check(RELAY, "domain-not-accepted", "contoso/relay", false);
    }

    @Test
    void smtps() throws IOException {
        try (SmtpClient smtp = SmtpClient.connect(mta.service("smtps"), InetAddress.getByName(STRANGER))) {
            smtp.handshake(OTHER.tls());
            assertThat(smtp.read().code()).isEqualTo(220);
            assertThat(smtp.ehlo().code()).isEqualTo(250);
            send(smtp, RELAY, "a@contoso.com", true);
        }
        check(RELAY, "sender-domain", "contoso/relay", true);
    }

    /** What a login may do ends with its session. */
    @Test
    void aLoginDoesNotOutliveItsSession() throws IOException {
        try (SmtpClient smtp = connect("filtered", STRANGER)) {
            send(smtp, RELAY, "a@contoso.com", true);
        }
        try (SmtpClient smtp = connect("filtered", STRANGER)) {
            smtp.mail("a@contoso.com", "AUTH=a+2Bb@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isBetween(550, 554);
            smtp.quit();
        }
        mta.awaitDone(mtaMark, queueIds);
        assertThat(sink.deliveries()).extracting(Delivery::recipient).containsExactly(OUTSIDE);
    }

    private SmtpClient connect(String service, String source) throws IOException {
        SmtpClient smtp = SmtpClient.connect(mta.service(service), InetAddress.getByName(source));
        assertThat(smtp.read().code()).isEqualTo(220);
        assertThat(smtp.ehlo().code()).isEqualTo(250);
        return smtp;
    }

    private void send(SmtpClient smtp, String login, String sender, boolean accepted) throws IOException {
        assertThat(smtp.authPlain(login, MtaContainer.PASSWORD).code())
                .as(mta.logText(mtaMark))
                .isEqualTo(235);
        assertThat(smtp.mail(sender).code()).isEqualTo(250);
        Reply reply = smtp.rcpt(OUTSIDE);
        assertThat(reply.code()).as(reply + "\n" + milter.text(milterMark)).isEqualTo(accepted ? 250 : 550);
        if (accepted) {
            mta.queueId(smtp.data("test")).ifPresent(queueIds::add);
        }
        smtp.quit();
    }

    private void check(String login, String cause, String connector, boolean accepted) {
        assertThat(milter.awaitVerdicts(milterMark, 1)).hasSize(1);
        LogLine line = milter.verdicts(milterMark).get(0);
        assertThat(line.get("cause")).isEqualTo(cause);
        assertThat(line.get("connector")).isEqualTo(connector.isEmpty() ? "-" : connector);
        assertThat(line.get("login")).isEqualTo(login);
        mta.awaitDone(mtaMark, queueIds);
        assertThat(sink.deliveries())
                .extracting(Delivery::recipient)
                .isEqualTo(accepted ? List.of(OUTSIDE) : List.of());
    }
}
