package io.github.orgmilter.it.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.SmtpClient;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** What a probe of this machine prints; it must end with this status. */
    private static String probe(int status, int server, String... options) throws IOException, InterruptedException {
        return probeAt(status, Path.of("/etc/hosts"), "127.0.0.1:" + server, options);
    }

    private static String probeAt(int status, Path hosts, String server, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Command.ORGMILTER,
                "probe",
                server,
                "--config",
                configuration.toString(),
                "--outside",
                "outside.example",
                "--rate",
                "50"));
        command.addAll(List.of(options));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts);
        return Command.run(status, process);
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

    /** What else it shows of a server; one of them each day. */
    private record Case(String name, Trial trial) {
        private interface Trial {
            void run() throws IOException, InterruptedException;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        return Sample.turn(
                "probe",
                List.of(
                        new Case("the milter is the only gate", ProbeIT::wide),
                        new Case("the customer with a certificate", ProbeIT::certificate),
                        new Case("a certificate that the MTA does not trust", ProbeIT::foreignCertificate),
                        new Case("a login", ProbeIT::login),
                        new Case("a login at another machine", ProbeIT::elsewhere),
                        new Case("the example's Sendmail", ProbeIT::sendmail)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    @DisplayName("finds nothing, and shows")
    void shows(Case one) throws IOException, InterruptedException {
        one.trial().run();
    }

    private static void wide() throws IOException, InterruptedException {
        assertThat(probe(0, postfix.service("wide").getPort()))
                .contains(NOTHING)
                .containsPattern("a stranger: [0-9]+ attempts, 1 accepted; refused by OrgMilter [1-9][0-9]");
    }

    private static void certificate() throws IOException, InterruptedException {
        assertThat(probe(0, postfix.service("maps").getPort(), key(CERTIFICATES.verified("mail.contoso.com"))))
                .contains("with the certificate: 4 attempts, 3 accepted; refused by OrgMilter 1")
                .contains(NOTHING);
    }

    private static void foreignCertificate() throws IOException, InterruptedException {
        assertThat(probe(0, postfix.service("maps").getPort(), key(CERTIFICATES.fromForeignCa("mail.contoso.com"))))
                .contains("with the certificate: 4 attempts, 0 accepted")
                .contains(NOTHING);
    }

    private static String[] key(ClientCertificate certificate) throws IOException {
        Path chain = certificate.pemFile(folder, "mail.pem");
        Path key = Files.writeString(folder.resolve("mail.key"), certificate.keyPem());
        return new String[] {"--certificate", chain.toString(), "--key", key.toString()};
    }

    private static void login() throws IOException, InterruptedException {
        assertThat(probe(0, postfix.service("submission").getPort(), loggedIn()))
                .contains("logged in as " + MtaContainer.LOGIN + ": 4 attempts, 4 accepted")
                .contains(NOTHING)
                .doesNotContain(MtaContainer.PASSWORD);
    }

    private static String[] loggedIn() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), MtaContainer.PASSWORD + "\n");
        return new String[] {"--login", MtaContainer.LOGIN, "--password-file", password.toString()};
    }

    /** On a network of its own, so that it is not this machine; it knows AUTH LOGIN alone. */
    private static void elsewhere() throws IOException, InterruptedException {
        int submission = FreePort.next();
        PostfixContainer there = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .set("inet_interfaces", "all")
                .set("smtpd_sasl_mechanism_filter", "login")
                .masterService(submission + " inet n - n - - smtpd"
                        + " -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes"
                        + " -o smtpd_relay_restrictions=permit_sasl_authenticated,reject");
        there.withNetworkMode("bridge");
        try (there) {
            there.start();
            String address = there.getContainerInfo()
                    .getNetworkSettings()
                    .getNetworks()
                    .get("bridge")
                    .getIpAddress();
            assertThat(mechanisms(new InetSocketAddress(address, submission))).containsExactly("250-AUTH LOGIN");

            String distrusted = "the server's certificate is not trusted, so no password is sent: ";
            Path hosts = Files.writeString(folder.resolve("hosts"), address + " " + MtaContainer.HOST_NAME + "\n");
            Path authority = Files.writeString(folder.resolve("ca.pem"), CERTIFICATES.trustedCaPem());
            String trusting = "--server-ca=" + authority;
            assertThat(probeAt(1, hosts, MtaContainer.HOST_NAME + ":" + submission, loggedIn()))
                    .contains(distrusted)
                    .contains("; name its CA with --server-ca");
            // The certificate is for a name, not for the address.
            assertThat(probeAt(1, hosts, address + ":" + submission, with(loggedIn(), trusting, "--i-am-the-operator")))
                    .contains(distrusted);
            assertThat(there.logText(0)).doesNotContain("authentication failed").doesNotContain(" auth=");
            assertThat(probeAt(0, hosts, MtaContainer.HOST_NAME + ":" + submission, with(loggedIn(), trusting)))
                    .contains("logged in as " + MtaContainer.LOGIN + ": 4 attempts, 4 accepted")
                    .contains(NOTHING)
                    .doesNotContain(MtaContainer.PASSWORD);
        }
    }

    /** What it offers for logins, under TLS. */
    private static List<String> mechanisms(InetSocketAddress server) throws IOException {
        try (SmtpClient client = SmtpClient.connect(server, InetAddress.getByName("0.0.0.0"))) {
            client.read();
            client.ehlo();
            client.startTls(ClientCertificate.anonymousTls());
            return client.ehlo().lines().stream()
                    .filter(line -> line.contains("AUTH"))
                    .toList();
        }
    }

    private static String[] with(String[] options, String... more) {
        return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
    }

    private static void sendmail() throws IOException, InterruptedException {
        try (SendmailContainer sendmail =
                new SendmailContainer(suite, CERTIFICATES, sink, "inet:" + port + "@127.0.0.1")) {
            sendmail.start();
            assertThat(probe(0, sendmail.service("filtered").getPort(), "--mta", "sendmail"))
                    .contains(NOTHING)
                    .doesNotContain("RELAYED");
        }
    }
}
