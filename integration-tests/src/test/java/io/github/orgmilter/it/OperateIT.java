package io.github.orgmilter.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.LoadMessage.Sender;
import io.github.orgmilter.it.PostfixContainer.Gate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Container;

/** Reloading and restarting the daemon in the middle of steady mail through a real Postfix. */
@DisplayName("In the middle of the mail")
final class OperateIT {

    private static final int CONNECTIONS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONG_DRAIN = Duration.ofSeconds(6);
    private static final int RELOADS = 100;
    /** Every fifth reload finds a broken configuration. */
    private static final int BROKEN_EVERY = 5;

    private static final String ADATUM_OFFICE = "127.0.4.10";
    private static final String NEWS_OFFICE = "127.0.4.11";

    private static final TestCertificates CERTIFICATES = new TestCertificates();

    /** The same under either configuration: accepted by certificate, accepted by address, forged, forged. */
    private static final List<Sender> STEADY = List.of(
            new Sender("certificate", "127.0.5.1", CERTIFICATES.verified("mail.litware.example"), "litware.example", "litware.example"),
            new Sender("address", "127.0.3.10", null, "litware.example", "litware.example"),
            new Sender("stranger", "127.0.5.2", null, "litware.example", "litware.example"),
            new Sender("impostor", "127.0.3.10", null, "northwind.example", "litware.example"));

    /**
     * Adatum's two offices and two domains, of which each configuration takes one. The crossed senders are refused by both: only
     * who identifies by one and looks for the domain in the other would let them pass.
     */
    private static final List<Sender> CHANGING = List.of(
            new Sender("only-a", ADATUM_OFFICE, null, "adatum.example", "litware.example"),
            new Sender("only-b", NEWS_OFFICE, null, "adatum-news.example", "litware.example"),
            new Sender("crossed-ab", ADATUM_OFFICE, null, "adatum-news.example", "litware.example"),
            new Sender("crossed-ba", NEWS_OFFICE, null, "adatum.example", "litware.example"));

    private static final String A = "a";
    private static final String B = "b";

    /** The cause of the verdict on recipients outside, by configuration and sender. */
    private static final Map<String, Map<String, String>> CAUSES = Map.of(
            A, Map.of("certificate", "sender-domain", "address", "sender-domain", "stranger", "not-identified",
                    "impostor", "domain-not-accepted", "only-a", "sender-domain", "only-b", "not-identified",
                    "crossed-ab", "domain-not-accepted", "crossed-ba", "not-identified"),
            B, Map.of("certificate", "sender-domain", "address", "sender-domain", "stranger", "not-identified",
                    "impostor", "domain-not-accepted", "only-a", "not-identified", "only-b", "sender-domain",
                    "crossed-ab", "not-identified", "crossed-ba", "domain-not-accepted"));

    private static final List<String> BROKEN = List.of(
            "organizations { adatum {",
            "organisations {}",
            "organizations { adatum { connectors { office { addresses = [ \"10.0.0.5/8\" ] } } } }",
            "include required(\"none.conf\")");

    @TempDir
    private static Path sockets;

    @TempDir
    private Path folder;

    private static Sink sink;
    private static PostfixContainer postfix;
    private static int port;
    private static int activatedPort;
    private static InetSocketAddress overTcp;
    private static InetSocketAddress overActivatedTcp;
    private static InetSocketAddress overActivatedUnix;
    private static InetSocketAddress overUnix;

    private Path configuration;

    @BeforeAll
    static void startPostfix() throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        // For smtpd's user; a temporary folder is its owner's alone.
        Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxr-xr-x"));
        sink = new Sink();
        port = FreePort.next();
        activatedPort = FreePort.next();
        postfix = new PostfixContainer("bookworm", Scenario.DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .withSocketFolder(sockets)
                .service("tcp", Gate.WIDE, "inet:127.0.0.1:" + port)
                .service("activated-tcp", Gate.WIDE, "inet:127.0.0.1:" + activatedPort)
                .chrootedService("activated-unix", Gate.WIDE, "unix:orgmilter/activated.sock")
                .chrootedService("unix", Gate.WIDE, "unix:orgmilter/orgmilter.sock");
        postfix.start();
        // While a parent holds the sockets and the daemon drains or starts, connections wait: let them. It is the
        // command_timeout that ends the wait for the answer to OPTNEG.
        waitForTheMilter("activated-tcp", "inet:127.0.0.1:" + activatedPort);
        waitForTheMilter("activated-unix", "unix:orgmilter/activated.sock");
        assertThat(postfix.execInContainer("postfix", "reload").getExitCode()).isZero();
        overTcp = postfix.service("tcp");
        overActivatedTcp = postfix.service("activated-tcp");
        overActivatedUnix = postfix.service("activated-unix");
        overUnix = postfix.service("unix");
    }

    private static void waitForTheMilter(String service, String socket) throws IOException, InterruptedException {
        Container.ExecResult result = postfix.execInContainer(
                "postconf", "-P",
                postfix.service(service).getPort() + "/inet/smtpd_milters={" + socket
                        + ",connect_timeout=5s,command_timeout=60s,content_timeout=5s,default_action=tempfail}");
        assertThat(result.getExitCode()).as(result.getStderr()).isZero();
    }

    @AfterAll
    static void stopPostfix() throws IOException {
        postfix.close();
        sink.close();
    }

    @BeforeEach
    void prepare() {
        sink.clear();
        configuration = folder.resolve("orgmilter.conf");
    }

    @Test
    @DisplayName("a hundred reloads, twenty of them broken: no decision is mixed, and nobody is put off")
    void reloads() throws IOException, InterruptedException {
        int adminPort = FreePort.next();
        String listen = tcp(port) + " ]\nadmin-listen = \"inet:" + adminPort + "@127.0.0.1\"\nlocal-domains = [";
        HttpRequest reload = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/-/reload"))
                .POST(HttpRequest.BodyPublishers.noBody()).build();
        HttpClient http = HttpClient.newHttpClient();
        configure(configuration(A, listen));
        Map<String, String> names = new HashMap<>();
        String name = A;
        LoadReport report;
        List<LogLine> verdicts;
        List<Sender> senders = new ArrayList<>(STEADY);
        senders.addAll(CHANGING);
        try (LoadDaemon daemon = LoadDaemon.serve(configuration);
                Load load = new Load(CONNECTIONS, List.of(overTcp), senders)) {
            names.put(LogLine.parse(daemon.awaitLine(0, "orgmilter listening on ")).get("config"), A);
            for (int i = 1; i <= RELOADS; i++) {
                load.awaitMore(CONNECTIONS);
                boolean broken = i % BROKEN_EVERY == 0;
                if (!broken) {
                    name = name.equals(A) ? B : A;
                }
                configure(broken ? BROKEN.get(i / BROKEN_EVERY % BROKEN.size()) : configuration(name, listen));
                int mark = daemon.mark();
                if (i % 2 == 0) {
                    daemon.signal("HUP");
                } else {
                    assertThat(http.send(reload, BodyHandlers.ofString()).statusCode()).isEqualTo(broken ? 422 : 200);
                }
                LogLine said = LogLine.parse(daemon.awaitLine(mark, broken ? "reload failed, kept config=" : "reloaded config="));
                assertThat(names.computeIfAbsent(said.get("config"), id -> B)).isEqualTo(name);
            }
            load.awaitMore(CONNECTIONS);
            report = new LoadReport(load.stop());
            daemon.terminate();
            assertThat(daemon.awaitExit()).isZero();
            verdicts = daemon.verdicts();
        }
        report.hasNoTrouble().agreesWith(sink);
        assertThat(names).hasSize(2).containsValues(A, B);
        decidedByOneConfigurationEach(report, verdicts, names);
        System.out.println("reloads: " + report.figures() + ", configurations " + configurationsUsed(verdicts, names));
    }

    private static void decidedByOneConfigurationEach(
            LoadReport report, List<LogLine> verdicts, Map<String, String> configurations) {
        Map<String, List<LogLine>> bySender = verdicts.stream().collect(Collectors.groupingBy(line -> line.get("from")));
        assertThat(bySender).hasSize(report.messages().size());
        for (LoadMessage message : report.messages()) {
            List<LogLine> lines = bySender.get("<" + message.from() + ">");
            assertThat(lines.stream().map(line -> line.get("config")).distinct()).as("%s", lines).hasSize(1);
            String cause = CAUSES.get(configurations.get(lines.get(0).get("config"))).get(message.sender().name());
            assertThat(lines.stream().map(line -> line.get("cause"))).as("%s", lines)
                    .containsExactly(cause, "inbound", cause);
            boolean relays = cause.equals("sender-domain");
            for (LogLine line : lines) {
                String recipient = line.get("to").substring(1, line.get("to").length() - 1);
                boolean accepted = relays || line.get("cause").equals("inbound");
                assertThat(line.get("verdict")).as("%s", line).isEqualTo(accepted ? "accept" : "reject");
                assertThat(message.reply(recipient).code()).as("%s %s", message, line).isEqualTo(accepted ? 250 : 550);
            }
        }
    }

    private static Map<String, Long> configurationsUsed(List<LogLine> verdicts, Map<String, String> names) {
        return verdicts.stream().collect(Collectors.groupingBy(line -> names.get(line.get("config")), Collectors.counting()));
    }

    @Test
    @DisplayName("a parent holds the sockets and starts the daemon again: who comes meanwhile waits, and nobody is put off")
    void restartedByParent() throws IOException {
        configure(configuration(A, activatedListeners()));
        try (LoadDaemon parent = LoadDaemon.activated(activatedPort, sockets.resolve("activated.sock"), configuration);
                LongSession session = new LongSession(overActivatedTcp);
                Load load = new Load(CONNECTIONS, List.of(overActivatedTcp, overActivatedUnix), STEADY)) {
            load.awaitMore(200);
            session.send();
            ProcessHandle old = parent.activatedDaemon();
            int mark = parent.mark();
            long start = System.nanoTime();
            assertThat(old.destroy()).isTrue();
            // Longer than the example's command_timeout; nothing else can be waited for, since nothing is to happen.
            await().atMost(PATIENCE).until(() -> System.nanoTime() - start > LONG_DRAIN.toNanos());
            assertThat(parent.text(mark)).doesNotContain("orgmilter listening on ");
            session.send();
            session.quit();
            parent.awaitListening(mark);
            Duration away = Duration.ofNanos(System.nanoTime() - start);
            load.awaitMore(200);
            LoadReport report = new LoadReport(load.stop());
            report.hasNoTrouble();
            assertThat(parent.text(mark)).contains("activate: ended " + old.pid() + " with 0\n");
            System.out.println("restarted by the parent: " + report.figures() + ", from SIGTERM to the next listener "
                    + away.toMillis() + " ms, longest wait for a banner " + load.longestWait().toMillis() + " ms");
            isAsTheRulesSay(report);
            session.addTo(report).agreesWith(sink);
        }
    }

    @Test
    @DisplayName("a parent holds the sockets and starts the successor first: nobody is put off, nor waits for a long session")
    void successorOfParent() throws IOException {
        configure(configuration(A, activatedListeners()));
        try (LoadDaemon parent = LoadDaemon.activated(activatedPort, sockets.resolve("activated.sock"), configuration);
                LongSession session = new LongSession(overActivatedTcp);
                Load load = new Load(CONNECTIONS, List.of(overActivatedTcp, overActivatedUnix), STEADY)) {
            load.awaitMore(200);
            session.send();
            ProcessHandle old = parent.activatedDaemon();
            parent.startSuccessor();
            load.awaitMore(50);
            int mark = parent.mark();
            assertThat(old.destroy()).isTrue();
            parent.awaitLine(mark, "draining sessions=");
            load.awaitMore(200);
            assertThat(old.isAlive()).as("the old one waits for the long session").isTrue();
            session.send();
            session.quit();
            parent.awaitLine(mark, "activate: ended " + old.pid() + " with 0");
            load.awaitMore(200);
            LoadReport report = new LoadReport(load.stop());
            report.hasNoTrouble();
            assertThat(parent.text(0)).doesNotContain("that have not ended in time");
            System.out.println("successor of the parent's: " + report.figures() + ", longest wait for a banner "
                    + load.longestWait().toMillis() + " ms");
            isAsTheRulesSay(report);
            session.addTo(report).agreesWith(sink);
        }
    }

    @Test
    @DisplayName("a successor takes the Unix socket over: nobody is put off")
    void takeOver() throws IOException {
        configure(configuration(A, "{ socket = \"unix:" + sockets.resolve("orgmilter.sock") + "\", mode = \"0666\" }"));
        try (LoadDaemon old = LoadDaemon.serve(configuration);
                LongSession session = new LongSession(overUnix);
                Load load = new Load(CONNECTIONS, List.of(overUnix), STEADY)) {
            load.awaitMore(200);
            session.send();
            try (LoadDaemon successor = LoadDaemon.serve(configuration, "--take-over")) {
                load.awaitMore(50);
                int mark = old.mark();
                old.terminate();
                old.awaitLine(mark, "draining sessions=");
                load.awaitMore(200);
                session.send();
                session.quit();
                assertThat(old.awaitExit()).isZero();
                load.awaitMore(200);
                LoadReport report = new LoadReport(load.stop());
                report.hasNoTrouble();
                assertThat(old.text(0)).doesNotContain("that have not ended in time");
                assertThat(successor.verdicts()).isNotEmpty();
                System.out.println("take-over: " + report.figures() + ", longest wait for a banner "
                        + load.longestWait().toMillis() + " ms");
                isAsTheRulesSay(report);
                session.addTo(report).agreesWith(sink);
            }
        }
        assertThat(sockets.resolve("orgmilter.sock")).doesNotExist();
    }

    @Test
    @DisplayName("nobody holds the socket: who comes while nobody listens is put off, and nobody else")
    void stoppedAndStarted() throws IOException {
        configure(configuration(A, tcp(port)));
        try (LoadDaemon old = LoadDaemon.serve(configuration);
                Load load = new Load(CONNECTIONS, List.of(overTcp), STEADY)) {
            load.awaitMore(200);
            long stop = System.nanoTime();
            old.terminate();
            assertThat(old.awaitExit()).isZero();
            load.awaitMore(50);
            try (LoadDaemon next = LoadDaemon.serve(configuration)) {
                long back = System.nanoTime();
                load.awaitMore(200);
                LoadReport report = new LoadReport(load.stop());
                report.hasNoTroubleInSessionsBefore(stop).hasNoTroubleInSessionsAfter(back).agreesWith(sink);
                assertThat(report.troubled()).isPositive();
                isAsTheRulesSay(report);
                assertThat(next.verdicts()).isNotEmpty();
                System.out.println("stopped and started: " + report.figures());
            }
        }
    }

    /** Under configuration A, whatever was answered, but for what was put off. */
    private static void isAsTheRulesSay(LoadReport report) {
        for (LoadMessage message : report.messages()) {
            boolean relays = CAUSES.get(A).get(message.sender().name()).equals("sender-domain");
            for (String recipient : message.recipients()) {
                Reply reply = message.reply(recipient);
                boolean inside = recipient.endsWith("@" + message.sender().inside());
                if (reply != null && (reply.code() < 400 || reply.code() >= 500)) {
                    assertThat(reply.code()).as("%s", message).isEqualTo(relays || inside ? 250 : 550);
                }
            }
        }
    }

    /** A session that does not end by itself. */
    private static final class LongSession implements AutoCloseable {
        private static final int FIRST_NUMBER = 1_000_000;
        private final SmtpClient smtp;
        private final List<LoadMessage> messages = new ArrayList<>();

        LongSession(InetSocketAddress service) throws IOException {
            smtp = SmtpClient.connect(service, InetAddress.getByName(STEADY.get(1).source()));
            assertThat(smtp.read().code()).isEqualTo(220);
            assertThat(smtp.ehlo().code()).isEqualTo(250);
        }

        void send() throws IOException {
            LoadMessage message = new LoadMessage(FIRST_NUMBER + messages.size(), STEADY.get(1), System.nanoTime());
            message.heard(smtp.mail(message.from()));
            for (String recipient : message.recipients()) {
                message.heard(recipient, smtp.rcpt(recipient));
            }
            message.heardEnd(smtp.data("long session"));
            assertThat(message.taken() && !message.troubled()).as("%s", message).isTrue();
            messages.add(message);
        }

        void quit() throws IOException {
            smtp.quit();
        }

        LoadReport addTo(LoadReport report) {
            List<LoadMessage> all = new ArrayList<>(report.messages());
            all.addAll(messages);
            return new LoadReport(all);
        }

        @Override
        public void close() throws IOException {
            smtp.close();
        }
    }

    private static String tcp(int port) {
        return "\"inet:" + port + "@127.0.0.1\"";
    }

    private static String activatedListeners() {
        return tcp(activatedPort) + ", \"unix:" + sockets.resolve("activated.sock") + "\"";
    }

    private void configure(String hocon) throws IOException {
        Path next = Files.writeString(folder.resolve("next.conf"), hocon);
        Files.move(next, configuration, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A takes adatum's office and domain, B its news office and domain; all else is the same. */
    private static String configuration(String name, String listen) {
        boolean a = name.equals(A);
        return """
                # configuration %s
                listen = [ %s ]
                organizations {
                  litware {
                    accepted-domains = [ "litware.example" ]
                    connectors {
                      headquarters { certificate-names = [ "mail.litware.example" ] }
                      office { addresses = [ "127.0.3.10" ] }
                    }
                  }
                  adatum {
                    accepted-domains = [ "%s" ]
                    connectors { office { addresses = [ "%s" ] } }
                  }
                }
                """.formatted(name, listen, a ? "adatum.example" : "adatum-news.example", a ? ADATUM_OFFICE : NEWS_OFFICE);
    }
}
