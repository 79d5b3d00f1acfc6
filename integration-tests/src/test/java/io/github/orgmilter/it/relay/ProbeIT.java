package io.github.orgmilter.it.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.client.WireTap;
import io.github.orgmilter.it.daemon.Command;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Sample;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code orgmilter probe} finds a real open relay, nothing at the example, and sends no message to either. */
@DisplayName("orgmilter probe")
final class ProbeIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final String NOTHING = "nothing was relayed that should not be, in ";

    @TempDir
    private static Path folder;

    private static String suite;
    private static Sink sink;
    private static MilterProcess milter;
    private static Path configuration;
    private static int port;
    private static int mapPort;
    private static PostfixContainer postfix;

    @BeforeAll
    static void start() throws IOException {
        MtaContainer.removeLeftovers();
        suite = Sample.of("probe", List.of("bookworm", "trixie"), any -> false, 2)
                .get(0);
        sink = new Sink();
        port = FreePort.next();
        mapPort = FreePort.next();
        String hocon = "map-listen = [ \"inet:" + mapPort + "@127.0.0.1\" ]\n"
                + Scenarios.configuration(Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\"");
        milter = MilterProcess.start(hocon);
        configuration = Files.writeString(folder.resolve("orgmilter.conf"), hocon);
        postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .unfilteredService("open", "static:OK")
                .service("wide", Gate.WIDE, "inet:127.0.0.1:" + port)
                .mapService("maps", "inet:127.0.0.1:" + mapPort, "inet:127.0.0.1:" + port)
                .submission("submission", "inet:127.0.0.1:" + port);
        postfix.start();
    }

    @AfterAll
    static void stop() throws IOException {
        postfix.close();
        milter.close();
        sink.close();
    }

    /** What a probe prints; it must end with this status. */
    private static String probe(int status, int server, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Command.ORGMILTER,
                "probe",
                "127.0.0.1:" + server,
                "--config",
                configuration.toString(),
                "--outside",
                "outside.example",
                "--rate",
                "50"));
        command.addAll(List.of(options));
        return Command.run(status, new ProcessBuilder(command));
    }

    @Test
    @DisplayName("finds that a service without a milter is an open relay")
    void open() throws IOException, InterruptedException {
        assertThat(probe(1, postfix.service("open").getPort()))
                .contains("RELAYED, and should not be: an address outside")
                .contains("a stranger in a customer's name: ")
                .contains("a stranger under TLS: ")
                .contains("result     OPEN: ");
        assertThat(sink.deliveries()).isEmpty();
    }

    @Test
    @DisplayName("finds nothing at the example, names itself, and sends no message")
    void example() throws IOException, InterruptedException {
        int mark = postfix.logMark();
        try (WireTap tap = new WireTap(postfix.service("maps"))) {
            assertThat(probe(0, tap.port()))
                    .contains("TLS        TLSv1.")
                    .contains("asks for a client certificate, and names ")
                    .contains("names the CA CN=OrgMilter Test CA")
                    .contains(NOTHING)
                    .doesNotContain("RELAYED")
                    .doesNotContain("note ");
            assertThat(tap.lines())
                    .contains(
                            "EHLO orgmilter-probe.invalid",
                            "MAIL FROM:<orgmilter-probe@outside.example>",
                            "RSET",
                            "QUIT")
                    .noneMatch(line -> line.matches("(?i)(DATA|BDAT).*"));
        }
        // Under TLS, by what Postfix counts.
        await().atMost(Duration.ofMinutes(1))
                .until(() -> postfix.log(mark).stream()
                        .anyMatch(line -> line.contains("disconnect from") && line.contains("starttls=")));
        assertThat(postfix.log(mark).stream().filter(line -> line.contains("disconnect from")))
                .isNotEmpty()
                .noneMatch(line -> line.matches(".* (data|bdat)=.*"));
    }

    @Test
    @DisplayName("finds nothing where the milter is the only gate, and sees that the refusals are its own")
    void wide() throws IOException, InterruptedException {
        assertThat(probe(0, postfix.service("wide").getPort()))
                .contains(NOTHING)
                .containsPattern("a stranger: [0-9]+ attempts, 1 accepted; refused by OrgMilter [1-9][0-9]");
    }

    @Test
    @DisplayName("shows what the customer with a certificate may send")
    void certificate() throws IOException, InterruptedException {
        assertThat(probe(0, postfix.service("maps").getPort(), key(CERTIFICATES.verified("mail.contoso.com"))))
                .contains("with the certificate: 4 attempts, 3 accepted; refused by OrgMilter 1")
                .contains(NOTHING);
        assertThat(probe(0, postfix.service("maps").getPort(), key(CERTIFICATES.fromForeignCa("mail.contoso.com"))))
                .contains("with the certificate: 4 attempts, 0 accepted")
                .contains(NOTHING);
    }

    private static String[] key(ClientCertificate certificate) throws IOException {
        Path chain = certificate.pemFile(folder, "mail.pem");
        Path key = Files.writeString(folder.resolve("mail.key"), certificate.keyPem());
        return new String[] {"--certificate", chain.toString(), "--key", key.toString()};
    }

    @Test
    @DisplayName("shows what a login may send")
    void login() throws IOException, InterruptedException {
        Path password = Files.writeString(folder.resolve("password"), MtaContainer.PASSWORD + "\n");
        assertThat(probe(
                        0,
                        postfix.service("submission").getPort(),
                        "--login",
                        MtaContainer.LOGIN,
                        "--password-file",
                        password.toString()))
                .contains("logged in as " + MtaContainer.LOGIN + ": 4 attempts, 4 accepted")
                .contains(NOTHING)
                .doesNotContain(MtaContainer.PASSWORD);
    }

    @Test
    @DisplayName("finds nothing at the example's Sendmail")
    void sendmail() throws IOException, InterruptedException {
        try (SendmailContainer sendmail =
                new SendmailContainer(suite, CERTIFICATES, sink, "inet:" + port + "@127.0.0.1")) {
            sendmail.start();
            assertThat(probe(0, sendmail.service("filtered").getPort(), "--mta", "sendmail"))
                    .contains(NOTHING)
                    .doesNotContain("RELAYED");
        }
    }
}
