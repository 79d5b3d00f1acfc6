package io.github.orgmilter.it.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.LogLine;
import io.github.orgmilter.it.load.LoadMessage.Sender;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
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
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Reloading and restarting the daemon in the middle of steady mail through a real Postfix. */
@DisplayName("In the middle of the mail")
final class OperateIT {

    private static final int CONNECTIONS = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LONG_DRAIN = Duration.ofSeconds(6);
    /** Those of a while, where so many take longer: each broken configuration once at the least. */
    private static final int RELOADS = 100;

    private static final Duration ENOUGH = Duration.ofSeconds(30);
    /** Every fifth reload finds a broken configuration. */
    private static final int BROKEN_EVERY = 5;

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final LoadRules RULES = new LoadRules(CERTIFICATES);

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

    /** Postfix's complaints, when a test fails. */
    @RegisterExtension
    private static final AfterTestExecutionCallback EVIDENCE = context -> context.getExecutionException()
            .ifPresent(failure -> postfix.log(0).stream()
                    .filter(line -> line.matches(".*(warning|error|fatal|panic): .*"))
                    .distinct()
                    .limit(50)
                    .forEach(System.out::println));

    private Path configuration;
    private int postfixMark;

    @BeforeAll
    static void startPostfix() throws IOException {
        MtaContainer.removeLeftovers();
        // For smtpd's user; a temporary folder is its owner's alone.
        Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxr-xr-x"));
        sink = new Sink();
        port = FreePort.next();
        activatedPort = FreePort.next();
        postfix = new PostfixContainer("bookworm", DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .withSocketFolder(sockets)
                .service("tcp", Gate.WIDE, "inet:127.0.0.1:" + port)
                .service("activated-tcp", Gate.WIDE, "inet:127.0.0.1:" + activatedPort)
                .chrootedService("activated-unix", Gate.WIDE, "unix:orgmilter/activated.sock")
                .chrootedService("unix", Gate.WIDE, "unix:orgmilter/orgmilter.sock");
        postfix.start();
        overTcp = postfix.service("tcp");
        overActivatedTcp = postfix.service("activated-tcp");
        overActivatedUnix = postfix.service("activated-unix");
        overUnix = postfix.service("unix");
    }

    @AfterAll
    static void stopPostfix() throws IOException {
        postfix.close();
        sink.close();
    }

    @BeforeEach
    void prepare() {
        sink.clear();
        postfixMark = postfix.logMark();
        configuration = folder.resolve("orgmilter.conf");
    }

    @Test
    @DisplayName("many reloads, every fifth broken: no decision mixes two configurations, and no client is deferred")
    void reloads() throws IOException, InterruptedException {
        int adminPort = FreePort.next();
        String listen = tcp(port) + " ]\nadmin-listen = \"inet:" + adminPort + "@127.0.0.1\"\nlocal-domains = [";
        HttpRequest reload = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/-/reload"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpClient http = HttpClient.newHttpClient();
        configure(LoadRules.configuration(LoadRules.A, listen));
        Map<String, String> names = new HashMap<>();
        String name = LoadRules.A;
        LoadReport report;
        List<LogLine> verdicts;
        int reloads = 0;
        List<Sender> senders = new ArrayList<>(RULES.steady());
        senders.addAll(LoadRules.CHANGING);
        try (LoadDaemon daemon = LoadDaemon.serve(configuration);
                Load load = new Load(CONNECTIONS, List.of(overTcp), senders)) {
            names.put(
                    LogLine.parse(daemon.awaitLine(0, "orgmilter listening on "))
                            .get("config"),
                    LoadRules.A);
            long start = System.nanoTime();
            for (int i = 1;
                    i <= RELOADS
                            && (i <= BROKEN_EVERY * LoadRules.BROKEN.size()
                                    || System.nanoTime() - start < ENOUGH.toNanos());
                    i++) {
                reloads = i;
                load.awaitMore(CONNECTIONS);
                boolean broken = i % BROKEN_EVERY == 0;
                if (!broken) {
                    name = name.equals(LoadRules.A) ? LoadRules.B : LoadRules.A;
                }
                configure(
                        broken
                                ? LoadRules.BROKEN.get(i / BROKEN_EVERY % LoadRules.BROKEN.size())
                                : LoadRules.configuration(name, listen));
                int mark = daemon.mark();
                if (i % 2 == 0) {
                    daemon.signal("HUP");
                } else {
                    assertThat(http.send(reload, BodyHandlers.ofString()).statusCode())
                            .isEqualTo(broken ? 422 : 200);
                }
                LogLine line = LogLine.parse(
                        daemon.awaitLine(mark, broken ? "reload failed, kept config=" : "reloaded config="));
                assertThat(names.computeIfAbsent(line.get("config"), id -> LoadRules.B))
                        .isEqualTo(name);
            }
            load.awaitMore(CONNECTIONS);
            report = new LoadReport(load.stop());
            daemon.terminate();
            assertThat(daemon.awaitExit()).isZero();
            verdicts = daemon.verdicts();
        }
        report.hasNoTrouble().agreesWith(sink, postfix, postfixMark);
        assertThat(names).hasSize(2).containsValues(LoadRules.A, LoadRules.B);
        LoadRules.assertDecidedByOneConfigurationEach(report, verdicts, names);
        System.out.println(
                reloads + " reloads: " + report.figures() + ", configurations " + configurationsUsed(verdicts, names));
    }

    private static Map<String, Long> configurationsUsed(List<LogLine> verdicts, Map<String, String> names) {
        return verdicts.stream()
                .collect(Collectors.groupingBy(line -> names.get(line.get("config")), Collectors.counting()));
    }

    @Test
    @DisplayName(
            "a parent holds the sockets and restarts the daemon: clients that connect meanwhile wait, and none is deferred")
    void restartedByParent() throws IOException {
        configure(LoadRules.configuration(LoadRules.A, activatedListeners()));
        try (LoadDaemon parent = LoadDaemon.activated(activatedPort, sockets.resolve("activated.sock"), configuration);
                LoadSession session =
                        new LoadSession(overActivatedTcp, RULES.steady().get(1));
                Load load = new Load(CONNECTIONS, List.of(overActivatedTcp, overActivatedUnix), RULES.steady())) {
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
            assertThat(parent.awaitLine(mark, "activate: ended " + old.pid() + " with "))
                    .endsWith(" with 0");
            System.out.println("restarted by the parent: " + report.figures() + ", from SIGTERM to the next listener "
                    + away.toMillis() + " ms, longest wait for a banner "
                    + load.longestWait().toMillis() + " ms");
            LoadRules.assertAsConfigured(report);
            session.addTo(report).agreesWith(sink, postfix, postfixMark);
        }
    }

    @Test
    @DisplayName(
            "a parent holds the sockets and starts the successor first: no client is deferred, or waits for an open session")
    void successorOfParent() throws IOException {
        configure(LoadRules.configuration(LoadRules.A, activatedListeners()));
        try (LoadDaemon parent = LoadDaemon.activated(activatedPort, sockets.resolve("activated.sock"), configuration);
                LoadSession session =
                        new LoadSession(overActivatedTcp, RULES.steady().get(1));
                Load load = new Load(CONNECTIONS, List.of(overActivatedTcp, overActivatedUnix), RULES.steady())) {
            load.awaitMore(200);
            session.send();
            ProcessHandle old = parent.activatedDaemon();
            parent.startSuccessor();
            load.awaitMore(50);
            int mark = parent.mark();
            assertThat(old.destroy()).isTrue();
            parent.awaitLine(mark, "draining sessions=");
            load.awaitMore(200);
            assertThat(old.isAlive())
                    .as("the old one waits for the long session")
                    .isTrue();
            session.send();
            session.quit();
            parent.awaitLine(mark, "activate: ended " + old.pid() + " with 0");
            load.awaitMore(200);
            LoadReport report = new LoadReport(load.stop());
            report.hasNoTrouble();
            assertThat(parent.text(0)).doesNotContain("that have not ended in time");
            System.out.println("successor of the parent's: " + report.figures() + ", longest wait for a banner "
                    + load.longestWait().toMillis() + " ms");
            LoadRules.assertAsConfigured(report);
            session.addTo(report).agreesWith(sink, postfix, postfixMark);
        }
    }

    @Test
    @DisplayName("a successor takes over the Unix socket: no client is deferred")
    void takeOver() throws IOException {
        String listen = "{ socket = \"unix:" + sockets.resolve("orgmilter.sock") + "\", mode = \"0666\" }";
        configure(LoadRules.configuration(LoadRules.A, listen));
        try (LoadDaemon old = LoadDaemon.serve(configuration);
                LoadSession session = new LoadSession(overUnix, RULES.steady().get(1));
                Load load = new Load(CONNECTIONS, List.of(overUnix), RULES.steady())) {
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
                LoadRules.assertAsConfigured(report);
                session.addTo(report).agreesWith(sink, postfix, postfixMark);
            }
        }
        assertThat(sockets.resolve("orgmilter.sock")).doesNotExist();
    }

    @Test
    @DisplayName("no process holds the socket: only clients that connect while nothing listens are deferred")
    void stoppedAndStarted() throws IOException {
        configure(LoadRules.configuration(LoadRules.A, tcp(port)));
        try (LoadDaemon old = LoadDaemon.serve(configuration);
                Load load = new Load(CONNECTIONS, List.of(overTcp), RULES.steady())) {
            load.awaitMore(200);
            long stop = System.nanoTime();
            old.terminate();
            assertThat(old.awaitExit()).isZero();
            load.awaitMore(50);
            try (LoadDaemon next = LoadDaemon.serve(configuration)) {
                long back = System.nanoTime();
                load.awaitMore(200);
                LoadReport report = new LoadReport(load.stop());
                report.hasNoTroubleInSessionsBefore(stop)
                        .hasNoTroubleInSessionsAfter(back)
                        .agreesWith(sink, postfix, postfixMark);
                assertThat(report.troubled()).isPositive();
                LoadRules.assertAsConfigured(report);
                assertThat(next.verdicts()).isNotEmpty();
                System.out.println("stopped and started: " + report.figures());
            }
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
}
