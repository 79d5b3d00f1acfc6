package io.github.orgmilter.it.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.images.builder.Transferable;

/** Real Postfix with the policy gate as {@code orgmilter export postfix} makes it where policy queries grant relaying. */
@DisplayName("The exported policy gate")
@ParameterizedClass(name = "Postfix of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class ExportedPolicyGateIT {

    private static final String OUTSIDE = "someone@outside.example";
    private static final String INBOUND = "info@contoso.com";

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClientCertificate PINNED = CERTIFICATES.selfSigned("mail.contoso.com");

    /** Beside the exported service, one that reports certificates by another digest. */
    private static final String OTHER_DIGEST = """
            cd /etc/postfix
            { sed 's/^smtp /%d /' orgmilter-master.cf; echo '  -o smtpd_tls_fingerprint_digest=sha1'; } >>master.cf
            """;

    @Parameter
    String suite;

    private Sink sink;
    private MilterProcess milter;
    private PostfixContainer postfix;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        String configuration = """
                listen = [ "inet:%d@127.0.0.1" ]
                policy-listen = [ "inet:%d@127.0.0.1" ]
                policy-grants-relay = true
                exempt-clients = [ "127.0.0.9" ]
                organizations { contoso { accepted-domains = [ "contoso.com" ], connectors {
                  pinned { certificate-fingerprints = [ "%s" ] }
                  named { certificate-names = [ "named.contoso.com" ] }
                  office { addresses = [ "127.0.0.5" ] }
                } } }
                """.formatted(FreePort.next(), FreePort.next(), PINNED.fingerprint());
        milter = MilterProcess.start(configuration);
        postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink);
        ExportedGate.files("postfix", configuration)
                .forEach((name, text) -> postfix.withCopyToContainer(Transferable.of(text), "/etc/postfix/" + name));
        postfix.start();
        String install = OTHER_DIGEST.formatted(addService("other-digest"))
                + ExportedGate.INSTALL.formatted(addService("exported"), addService("without-milter"));
        var installed = postfix.execInContainer("bash", "-c", install);
        assertThat(installed.getExitCode()).as(installed.toString()).isZero();
        for (String service : new String[] {"exported", "without-milter", "other-digest"}) {
            ExportedGate.awaitListening(postfix, service);
        }
    }

    private int addService(String name) throws IOException {
        int port = FreePort.next();
        postfix.addService(name, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return port;
    }

    @AfterEach
    void stop() throws IOException {
        postfix.close();
        milter.close();
        sink.close();
    }

    @Test
    @DisplayName(
            "relays for clients that the rules accept, refuses all others, and defers every client while OrgMilter does not answer")
    void gate() throws IOException {
        ClientCertificate named = CERTIFICATES.verified("named.contoso.com");
        ClientCertificate impostor = CERTIFICATES.selfSigned("mail.contoso.com");
        Map<String, Integer> expected = new LinkedHashMap<>();
        Map<String, Integer> answered = new LinkedHashMap<>();
        for (String service : new String[] {"exported", "without-milter"}) {
            ask(answered, expected, service, "a pinned certificate", "127.0.0.2", PINNED, OUTSIDE, 250);
            ask(answered, expected, service, "a verified name", "127.0.0.2", named, OUTSIDE, 250);
            ask(answered, expected, service, "an address", "127.0.0.5", null, OUTSIDE, 250);
            ask(answered, expected, service, "an exempt client", "127.0.0.9", null, OUTSIDE, 250);
            ask(answered, expected, service, "the name with another key", "127.0.0.2", impostor, OUTSIDE, 550);
            ask(answered, expected, service, "a stranger", "127.0.0.2", null, OUTSIDE, 550);
            ask(answered, expected, service, "a stranger inwards", "127.0.0.2", null, INBOUND, 250);
        }
        ask(answered, expected, "other-digest", "a pinned certificate", "127.0.0.2", PINNED, OUTSIDE, 451);
        ask(answered, expected, "other-digest", "a verified name", "127.0.0.2", named, OUTSIDE, 250);
        ask(answered, expected, "other-digest", "a stranger", "127.0.0.2", null, OUTSIDE, 550);
        assertThat(milter.stop()).isZero();
        ask(answered, expected, "without-milter", "a pinned certificate, now", "127.0.0.2", PINNED, OUTSIDE, 451);
        ask(answered, expected, "without-milter", "an exempt client, now", "127.0.0.9", null, OUTSIDE, 451);
        ask(answered, expected, "without-milter", "a stranger, now", "127.0.0.2", null, OUTSIDE, 451);
        ask(answered, expected, "without-milter", "a stranger inwards, now", "127.0.0.2", null, INBOUND, 451);
        ask(answered, expected, "exported", "a stranger inwards, now", "127.0.0.2", null, INBOUND, 451);
        assertThat(answered).as(postfix.logText(0)).isEqualTo(expected);
    }

    private void ask(
            Map<String, Integer> answered,
            Map<String, Integer> expected,
            String service,
            String who,
            String source,
            ClientCertificate certificate,
            String recipient,
            int code)
            throws IOException {
        try (SmtpClient smtp = SmtpClient.connect(postfix.service(service), InetAddress.getByName(source))) {
            smtp.read();
            smtp.ehlo();
            if (certificate != null) {
                smtp.startTls(certificate.tls());
                smtp.ehlo();
            }
            Reply mail = smtp.mail("a@contoso.com");
            Reply reply = mail.positive() ? smtp.rcpt(recipient) : mail;
            expected.put(service + ": " + who, code);
            answered.put(service + ": " + who, reply.code());
            smtp.quit();
        }
    }
}
