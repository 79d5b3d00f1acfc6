package io.github.orgmilter.it.delegation;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that no milter is told about, by way of Postfix's policy delegation. All clients have the same address. */
@DisplayName("Policy delegation")
@ParameterizedClass(name = "Postfix of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class PolicyDelegationIT {

    private static final AtomicInteger RECIPIENTS = new AtomicInteger();
    private static final String SENDER = "a@contoso.com";
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    /** For each Postfix: those of a while, but a dozen by each client at the least. */
    private static final int SESSIONS = Integer.getInteger("orgmilter.it.sessions", 5_000);

    private static final Duration ENOUGH = Duration.ofSeconds(10);
    private static final int AT_ONCE = 32;
    private static final int LEAST = 12 * AT_ONCE;

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final ClientCertificate SAN_ONLY = CERTIFICATES.sanOnly("mail.contoso.com");
    private static final ClientCertificate SERVER_AUTH_ONLY = CERTIFICATES.serverAuthOnly("mail.contoso.com");
    private static final ClientCertificate SELF_SIGNED = CERTIFICATES.selfSigned("mail.contoso.com");
    private static final ClientCertificate BY_FINGERPRINT = CERTIFICATES.selfSigned("pinned.contoso.com");
    private static final ClientCertificate BY_KEY = CERTIFICATES.selfSigned("key.contoso.com");
    private static final ClientCertificate RENEWED_BY_FILE = CERTIFICATES.renewed(SELF_SIGNED);

    @TempDir
    private static Path folder;

    private static Sink sink;
    private static PostfixContainer postfix;
    private static MilterProcess milter;

    private final int mark = postfix.logMark();
    private final List<String> queueIds = new ArrayList<>();
    private final int milterMark = milter.mark();
    /** Nobody else's: sessions that were dropped log their verdicts when the next test runs. */
    private final String outside = "u" + RECIPIENTS.incrementAndGet() + "@outside.example";

    PolicyDelegationIT(String suite) {
        assertThat(postfix.isRunning()).as("Postfix of %s", suite).isTrue();
    }

    @BeforeParameterizedClassInvocation
    static void start(String suite) throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        int milterPort = FreePort.next();
        int policyPort = FreePort.next();
        int unused = FreePort.next();
        String milterSocket = "inet:127.0.0.1:" + milterPort;
        String policySocket = "inet:127.0.0.1:" + policyPort;
        String nothing = "inet:127.0.0.1:" + unused;
        milter = MilterProcess.start(configuration(milterPort, policyPort));
        postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .delegatingService("both", policySocket, milterSocket)
                .unfilteredDelegatingService("policy-only", policySocket)
                .service("milter-only", Gate.WIDE, milterSocket)
                .delegatingService("policy-down", nothing, milterSocket)
                .delegatingService("milter-down", policySocket, nothing)
                .delegatingService(
                        "elsewhere", "inet:127.0.0.1:" + PolicyStub.start("DEFER_IF_PERMIT try again"), milterSocket);
        postfix.start();
    }

    private static String configuration(int milterPort, int policyPort) throws IOException {
        return """
                listen = [ "inet:%d@127.0.0.1" ]
                policy-listen = [ "inet:%d@127.0.0.1" ]
                policy-grants-relay = true
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors {
                      files { certificate-files = [ "%s", "%s", "%s", "%s" ] }
                      fingerprint { certificate-fingerprints = [ "%s" ] }
                      key { public-key-fingerprints = [ "%s" ] }
                      named { certificate-names = [ "named.contoso.com" ] }
                    }
                  }
                  fabrikam { accepted-domains = [ "fabrikam.com" ] }
                }
                """.formatted(
                        milterPort,
                        policyPort,
                        SAN_ONLY.pemFile(folder, "san.pem"),
                        SERVER_AUTH_ONLY.pemFile(folder, "server-auth.pem"),
                        SELF_SIGNED.pemFile(folder, "self-signed.pem"),
                        RENEWED_BY_FILE.pemFile(folder, "renewed.pem"),
                        BY_FINGERPRINT.fingerprint(),
                        BY_KEY.publicKeyFingerprint());
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        postfix.close();
        milter.close();
        sink.close();
    }

    @BeforeEach
    void emptyTheSink() {
        sink.clear();
    }

    /** Sends a message that must be taken. The log may be read later than the reply, so its queue id is kept from that. */
    private void deliver(SmtpClient smtp, String text) throws IOException {
        Reply end = smtp.data(text);
        assertThat(end.code()).as(end.toString()).isEqualTo(250);
        queueIds.add(postfix.queueId(end).orElseThrow());
    }

    private static SmtpClient connect(String service) throws IOException {
        return greeted(SmtpClient.connect(postfix.service(service), CLIENT));
    }

    private static SmtpClient greeted(SmtpClient smtp) throws IOException {
        assertThat(smtp.read().code()).isEqualTo(220);
        assertThat(smtp.ehlo().code()).isEqualTo(250);
        return smtp;
    }

    private static SmtpClient connect(String service, SSLContext tls) throws IOException {
        SmtpClient smtp = connect(service);
        smtp.startTls(tls);
        assertThat(smtp.ehlo().code()).isEqualTo(250);
        return smtp;
    }

    /** The reply to one recipient; the message is sent if it may be. */
    private Reply send(String service, SSLContext tls, String sender, String recipient) throws IOException {
        try (SmtpClient smtp = tls == null ? connect(service) : connect(service, tls)) {
            Reply mail = smtp.mail(sender);
            Reply reply = mail.positive() ? smtp.rcpt(recipient) : mail;
            if (reply.positive()) {
                deliver(smtp, "policy delegation");
            } else {
                assertThat(smtp.data("policy delegation").positive()).isFalse();
            }
            return reply;
        }
    }

    private void assertDelivered(Delivery... deliveries) {
        postfix.awaitDone(mark, queueIds);
        assertThat(sink.deliveries()).as(postfix.logText(mark)).containsExactlyInAnyOrder(deliveries);
    }

    static Stream<Arguments> granted() {
        return Stream.of(
                Arguments.of("a certificate with a subject alternative name only, by its file", SAN_ONLY, "files"),
                Arguments.of("a certificate without the clientAuth usage, by its file", SERVER_AUTH_ONLY, "files"),
                Arguments.of("a self-signed certificate, by its file", SELF_SIGNED, "files"),
                Arguments.of("its successor, by a second file", RENEWED_BY_FILE, "files"),
                Arguments.of("a self-signed certificate, by its fingerprint", BY_FINGERPRINT, "fingerprint"),
                Arguments.of("a self-signed certificate, by its key", BY_KEY, "key"),
                Arguments.of("its successor with the same key", CERTIFICATES.renewed(BY_KEY), "key"),
                Arguments.of("a verified name", CERTIFICATES.verified("named.contoso.com"), "named"));
    }

    @ParameterizedTest(name = "relays for {0}", quoteTextArguments = false)
    @MethodSource("granted")
    void relays(String what, ClientCertificate certificate, String connector) throws IOException {
        Reply reply = send("both", certificate.tls(), SENDER, outside);
        assertThat(reply.code()).as("%s%n%s", reply, milter.text(milterMark)).isEqualTo(250);
        assertDelivered(new Delivery(SENDER, outside));
        milter.awaitLine(milterMark, " policy=ok ", outside);
        LogLine verdict = milter.awaitVerdict(milterMark, outside, " outcome=");
        assertThat(verdict.get("connector")).isEqualTo("contoso/" + connector);
        assertThat(verdict.get("cause")).isEqualTo("sender-domain");
        assertThat(verdict.get("fingerprint")).isEqualTo(certificate.fingerprint());
    }

    static Stream<Arguments> certificateDomains() {
        return Stream.of(
                Arguments.of("the subject alternative name in a file", SAN_ONLY, 250),
                Arguments.of("the common name in a file", SELF_SIGNED, 250),
                Arguments.of("a bare fingerprint, which has no name", BY_FINGERPRINT, 550),
                Arguments.of("a bare key", BY_KEY, 550));
    }

    @ParameterizedTest(name = "lets another sender pass by {0}: {2}", quoteTextArguments = false)
    @MethodSource("certificateDomains")
    void certificateDomain(String what, ClientCertificate certificate, int code) throws IOException {
        String sender = "x@elsewhere.example";
        Reply reply = send("both", certificate.tls(), sender, outside);
        assertThat(reply.code()).as("%s%n%s", reply, milter.text(milterMark)).isEqualTo(code);
        if (code == 250) {
            assertDelivered(new Delivery(sender, outside));
        } else {
            assertThat(reply.toString()).contains("elsewhere.example is not an accepted domain");
            assertDelivered();
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        "a subject alternative name in another certificate",
                        CERTIFICATES.sanOnly("mail.contoso.com").tls()),
                Arguments.of(
                        "no clientAuth usage, in another certificate",
                        CERTIFICATES.serverAuthOnly("mail.contoso.com").tls()),
                Arguments.of(
                        "the name in a certificate that signed itself",
                        CERTIFICATES.selfSigned("mail.contoso.com").tls()),
                Arguments.of(
                        "the name of a pinned key",
                        CERTIFICATES.selfSigned("key.contoso.com").tls()),
                Arguments.of(
                        "a renewed certificate whose fingerprint alone was pinned",
                        CERTIFICATES.renewed(BY_FINGERPRINT).tls()),
                Arguments.of(
                        "a verified name that is not listed",
                        CERTIFICATES.verified("mail.contoso.com").tls()),
                Arguments.of("no certificate", ClientCertificate.anonymousTls()),
                Arguments.of("no encryption", null));
    }

    @ParameterizedTest(name = "refuses {0}", quoteTextArguments = false)
    @MethodSource("refused")
    void refuses(String what, SSLContext tls) throws IOException {
        Reply reply = send("both", tls, SENDER, outside);
        assertThat(reply.toString()).startsWith("550 5.7.1 ").contains("is not a known customer mail server");
        assertDelivered();
        milter.awaitLine(milterMark, " policy=reject ", outside);
    }

    @Test
    @DisplayName("leaves mail to accepted domains to Postfix and the milter")
    void inbound() throws IOException {
        assertThat(send("both", null, "x@elsewhere.example", "info@contoso.com").code())
                .isEqualTo(250);
        assertThat(send("both", SELF_SIGNED.tls(), SENDER, "info@fabrikam.com").code())
                .isEqualTo(250);
        assertDelivered(
                new Delivery("x@elsewhere.example", "info@contoso.com"), new Delivery(SENDER, "info@fabrikam.com"));
        for (String recipient : List.of("to=<info@contoso.com>", "to=<info@fabrikam.com>")) {
            milter.awaitLine(milterMark, recipient, " outcome=accepted "); // a line of a query would be in front of it
            assertThat(milter.text(milterMark).lines().filter(line -> line.contains(recipient)))
                    .noneMatch(line -> line.contains(" policy="));
        }
    }

    @ParameterizedTest(name = "grants nothing to {0}")
    @ValueSource(
            strings = {"u%outside.example@other.example", "outside.example!u@other.example", "\"u@x\"@other.example"})
    void routing(String recipient) throws IOException {
        Reply reply = send("both", SELF_SIGNED.tls(), SENDER, recipient);
        assertThat(reply.positive()).as(reply.toString()).isFalse();
        assertThat(milter.text(milterMark).lines().filter(line -> line.contains(" policy=ok ")))
                .noneMatch(line -> line.contains("@other.example"));
        assertDelivered();
    }

    /** Postfix removes it before it asks the policy service; the milter sees it, and lets identified servers only relay. */
    @Test
    @DisplayName("does not see a source route, which grants nothing all the same")
    void sourceRoute() throws IOException {
        assertThat(send("both", SELF_SIGNED.tls(), SENDER, "@hop.example:u@outside.example")
                        .code())
                .isEqualTo(250);
        assertThat(send("both", null, SENDER, "@hop.example:u@outside.example").code())
                .isEqualTo(550);
        assertThat(send("both", null, SENDER, "@hop.example:info@contoso.com").positive())
                .isFalse();
        assertDelivered(new Delivery(SENDER, "u@outside.example"));
    }

    @Test
    @DisplayName("decides each recipient of a message, and each message of a session, by itself")
    void severalRecipients() throws IOException {
        try (SmtpClient smtp = connect("both", SELF_SIGNED.tls())) {
            for (int message = 0; message < 2; message++) {
                assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
                assertThat(smtp.rcpt(outside).code()).isEqualTo(250);
                assertThat(smtp.rcpt("u%x@outside.example").positive()).isFalse();
                assertThat(smtp.rcpt("info@contoso.com").code()).isEqualTo(250);
                deliver(smtp, "several");
            }
            assertThat(smtp.mail("x@elsewhere.example").code()).isEqualTo(250);
            assertThat(smtp.rcpt(outside).code()).isEqualTo(250);
            assertThat(smtp.command("RSET").code()).isEqualTo(250);
        }
        Delivery out = new Delivery(SENDER, outside);
        Delivery in = new Delivery(SENDER, "info@contoso.com");
        assertDelivered(out, in, out, in);
    }

    @Test
    @DisplayName("counts only from STARTTLS on")
    void starttlsInBetween() throws IOException {
        try (SmtpClient smtp = connect("both")) {
            assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
            assertThat(smtp.rcpt(outside).code()).isEqualTo(550);
            smtp.startTls(SELF_SIGNED.tls());
            assertThat(smtp.ehlo().code()).isEqualTo(250);
            assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
            assertThat(smtp.rcpt(outside).code()).isEqualTo(250);
            deliver(smtp, "in between");
        }
        assertDelivered(new Delivery(SENDER, outside));
    }

    /** Half of them with the pinned certificate, half without any, all from one address and interleaved. */
    @Test
    @DisplayName("keeps many concurrent sessions from one address apart")
    void interleaved() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        SSLContext pinned = SELF_SIGNED.tls();
        SSLContext impostor = CERTIFICATES.selfSigned("mail.contoso.com").tls();
        SSLContext none = ClientCertificate.anonymousTls();
        AtomicInteger granted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < SESSIONS; i++) {
            int session = i;
            all.add(clients.submit(() -> {
                if (session >= LEAST && System.nanoTime() - start > ENOUGH.toNanos()) {
                    return null;
                }
                boolean identified = session % 2 == 0;
                SSLContext tls = identified ? pinned : session % 4 == 1 ? impostor : none;
                try (SmtpClient smtp = connect("both", tls)) {
                    assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
                    Reply reply = smtp.rcpt(outside);
                    assertThat(reply.code())
                            .as("session %d: %s", session, reply)
                            .isEqualTo(identified ? 250 : 550);
                    (identified ? granted : refused).incrementAndGet();
                    smtp.quit();
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        clients.shutdown();
        System.out.println("policy delegation: " + granted + " sessions granted, " + refused + " refused, within "
                + (System.nanoTime() - start) / 1_000_000_000 + " s");
        // Every other session, whichever was the last one.
        assertThat(granted.get()).isGreaterThanOrEqualTo(LEAST / 2);
        assertThat(refused.get()).isBetween(granted.get() - AT_ONCE, granted.get() + AT_ONCE);
    }

    @Test
    @DisplayName("leaves nothing to the next session by the same port")
    void portUsedAgain() throws IOException {
        SSLContext pinned = SELF_SIGNED.tls();
        InetSocketAddress server = postfix.service("both");
        InetSocketAddress source = new InetSocketAddress(CLIENT, FreePort.next());
        for (int round = 0; round < 100; round++) {
            SmtpClient first = greeted(SmtpClient.connect(server, source));
            first.startTls(pinned);
            first.mail(SENDER);
            // The last command of the first one may still be on its way when the second one comes.
            first.send(("RCPT TO:<" + outside + ">\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            first.reset();
            try (SmtpClient second = greeted(SmtpClient.connect(server, source))) {
                assertThat(second.localPort()).isEqualTo(source.getPort());
                second.mail(SENDER);
                Reply reply = second.rcpt(outside);
                assertThat(reply.positive()).as("round %d: %s", round, reply).isFalse();
                second.reset();
            }
        }
    }

    /** By XCLIENT two sessions can claim one connection, as with a proxy that is wrong about its clients. */
    @Test
    @DisplayName("gives nothing to two sessions that claim one connection")
    void oneConnectionTwice() throws IOException {
        String claim = "ADDR=192.0.2.77 PORT=40000";
        try (SmtpClient owner = connect("both");
                SmtpClient other = connect("both")) {
            assertThat(owner.xclient(claim).code()).isEqualTo(220);
            assertThat(other.xclient(claim).code()).isEqualTo(220);
            owner.ehlo();
            owner.startTls(SELF_SIGNED.tls());
            owner.ehlo();
            other.ehlo();
            assertThat(owner.mail(SENDER).code()).isEqualTo(250);
            assertThat(other.mail(SENDER).code()).isEqualTo(250);
            // Granted by the query itself, and deferred by the milter, which cannot know whose certificate it is.
            assertThat(owner.rcpt(outside).code()).isEqualTo(451);
            assertThat(other.rcpt(outside).code()).isEqualTo(550);
        }
        assertDelivered();
    }

    @Test
    @DisplayName("defers every client while the policy service is down")
    void policyDown() throws IOException {
        assertThat(send("policy-down", SELF_SIGNED.tls(), SENDER, outside).code())
                .isEqualTo(451);
        assertThat(send("policy-down", null, SENDER, outside).code()).isEqualTo(451);
        assertThat(send("policy-down", null, "x@elsewhere.example", "info@contoso.com")
                        .code())
                .isEqualTo(451);
        assertDelivered();
    }

    @Test
    @DisplayName("defers every client while the milter is down")
    void milterDown() throws IOException {
        try (SmtpClient smtp = connect("milter-down")) {
            assertThat(smtp.mail(SENDER).code()).isBetween(400, 499);
            assertThat(smtp.rcpt(outside).positive()).isFalse();
            assertThat(smtp.rcpt("info@contoso.com").positive()).isFalse();
            assertThat(smtp.command("STARTTLS").code()).isBetween(400, 499);
        }
        assertDelivered();
    }

    @Test
    @DisplayName("alone, without the milter, grants to identified servers and refuses strangers")
    void policyAlone() throws IOException {
        assertThat(send("policy-only", SELF_SIGNED.tls(), SENDER, outside).code())
                .isEqualTo(250);
        assertThat(send("policy-only", null, SENDER, outside).code()).isEqualTo(550);
        assertThat(send("policy-only", null, "x@elsewhere.example", "info@contoso.com")
                        .code())
                .isEqualTo(250);
        assertDelivered(new Delivery(SENDER, outside), new Delivery("x@elsewhere.example", "info@contoso.com"));
    }

    @Test
    @DisplayName("missing beside the milter, defers those whom it may concern")
    void milterAlone() throws IOException {
        assertThat(send("milter-only", SELF_SIGNED.tls(), SENDER, outside).code())
                .isEqualTo(451);
        milter.awaitVerdict(milterMark, outside, " cause=no-policy-data ");
        assertThat(send("milter-only", null, SENDER, outside).code()).isEqualTo(451);
        assertThat(send(
                                "milter-only",
                                CERTIFICATES.verified("named.contoso.com").tls(),
                                SENDER,
                                outside)
                        .code())
                .isEqualTo(250);
        assertThat(send("milter-only", null, "x@elsewhere.example", "info@contoso.com")
                        .code())
                .isEqualTo(250);
        assertDelivered(new Delivery(SENDER, outside), new Delivery("x@elsewhere.example", "info@contoso.com"));
    }

    /** Why a failure of our own is answered with a 451 and not with DEFER_IF_PERMIT, which lets the restriction behind it bounce. */
    @Test
    @DisplayName("could not answer DEFER_IF_PERMIT for mail to be relayed")
    void deferIfPermit() throws IOException {
        assertThat(send("elsewhere", SELF_SIGNED.tls(), SENDER, outside).toString())
                .startsWith("554 5.7.1 ")
                .contains("Relay access denied");
        assertDelivered();
    }
}
