package io.github.orgmilter.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.PostfixContainer.Gate;
import io.github.orgmilter.it.Scenario.DomainsIn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * What can happen to a milter and its Postfix in the middle of the mail. Whatever it is: no forged message is delivered, and
 * each legitimate one is delivered once, or its client knows that it has to come again.
 */
@DisplayName("Under load")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FaultsIT {

    /** Messages of each kind for each fault: few in every run, thousands for the page. */
    private static final int GOAL = Integer.getInteger("faults.messages", 100);

    private static final int CONNECTIONS = 64;
    /** More than fit into {@link #FEW_DESCRIPTORS} beside what the process itself has open. */
    private static final int MANY_CONNECTIONS = 150;
    private static final int FEW_DESCRIPTORS = 100;

    private static final int KILLS = GOAL < 1_000 ? 2 : 5;
    private static final int RESTARTS = GOAL < 1_000 ? 1 : 3;
    /** The command_timeout of the service is 5 s. */
    private static final Duration LONGER_THAN_THE_TIMEOUT = Duration.ofSeconds(12);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOG_DISK = 64 * 1024;

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final List<String> ROWS = new ArrayList<>();

    @TempDir
    private Path folder;

    private static Sink sink;
    private static int port;
    private static int brokenPort;
    private static PostfixContainer postfix;

    @BeforeAll
    static void startPostfix() throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        port = FreePort.next();
        brokenPort = FreePort.next();
        postfix = new PostfixContainer("bookworm", DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .forLoad()
                .restartable()
                .service("milter", Gate.WIDE, "inet:127.0.0.1:" + port)
                .patientService("patient", Gate.WIDE, "inet:127.0.0.1:" + port)
                .service("broken", Gate.WIDE, "inet:127.0.0.1:" + brokenPort);
        postfix.start();
    }

    @AfterAll
    static void writePage() throws IOException, InterruptedException {
        try {
            if (FaultsPage.isWanted()) {
                FaultsPage.write("Faults under load", """
                        A real Postfix %s relays what OrgMilter lets it (wide gate: the milter is the only one); Java %s. For each
                        fault there is mail on %d connections (%d for the descriptors) until %d legitimate messages are taken and %d
                        forged ones refused, and the fault strikes meanwhile. *Deferred* clients were answered 4xx, *dropped* ones
                        lost their connection before the end of the message, and those *in doubt* after it, before the reply; they
                        all send again. Nothing in these columns was delivered, but for messages in doubt, once at most. *Peak* is
                        the most memory that the daemon has held, in MiB.

                        | fault | %s | peak |
                        |---|%s
                        %s
                        """.formatted(
                        postfix.version(), Runtime.version().feature(), CONNECTIONS, MANY_CONNECTIONS, GOAL, GOAL,
                        FaultReport.COLUMNS, "--:|".repeat(11), String.join("\n", ROWS)));
            }
        } finally {
            postfix.close();
            sink.close();
        }
    }

    private FaultRun run() throws IOException {
        return new FaultRun(port, folder, GOAL, sink, postfix);
    }

    private static InetSocketAddress service() {
        return postfix.service("milter");
    }

    /** Where a busy machine is no reason to be put off. */
    private static InetSocketAddress patient() {
        return postfix.service("patient");
    }

    private static FaultReport told(String fault, FaultReport report, SupervisedDaemon daemon) {
        assertThat(report.redelivered()).isZero();
        return toldWithCopies(fault, report, daemon);
    }

    private static FaultReport toldWithCopies(String fault, FaultReport report, SupervisedDaemon daemon) {
        String row = "| " + fault + " | " + report.figures().stream().map(String::valueOf).collect(Collectors.joining(" | "))
                + " | " + daemon.peakMebibytes() + " |";
        ROWS.add(row);
        System.out.println(row);
        return report;
    }

    @Test
    @Order(1)
    @DisplayName("the milter is killed, and started again")
    void killed() throws IOException {
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = run.load(CONNECTIONS, service(), CERTIFICATES, false)) {
            for (int i = 1; i <= KILLS; i++) {
                run.awaitPart(i, KILLS + 1);
                daemon.signal("KILL");
                daemon.awaitEnds(i);
                daemon.awaitListening();
            }
            FaultReport report = told("kill -9 of the milter and a new one, " + KILLS + " times", run.end(), daemon);
            assertThat(report.putOff()).isPositive();
            assertThat(daemon.ends()).hasSize(KILLS).allMatch(status -> status == 128 + 9);
            assertThat(load.resets()).isEmpty();
        }
    }

    @Test
    @Order(2)
    @DisplayName("the milter stands still for longer than Postfix waits")
    void stopped() throws IOException {
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = run.load(CONNECTIONS, service(), CERTIFICATES, false)) {
            run.awaitPart(1, 2);
            daemon.signal("STOP");
            long start = System.nanoTime();
            await().atMost(PATIENCE).until(() -> System.nanoTime() - start > LONGER_THAN_THE_TIMEOUT.toNanos());
            daemon.signal("CONT");
            FaultReport report = told("SIGSTOP for " + LONGER_THAN_THE_TIMEOUT.toSeconds() + " s, then SIGCONT", run.end(), daemon);
            assertThat(report.putOff()).isGreaterThanOrEqualTo(CONNECTIONS);
            assertThat(load.done()).isGreaterThanOrEqualTo(GOAL);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(3)
    @DisplayName("nobody reads the log for a while")
    void logStands() throws IOException {
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = run.load(CONNECTIONS, patient(), CERTIFICATES, false)) {
            run.awaitPart(1, 3);
            daemon.deaf(true);
            long start = System.nanoTime();
            await().atMost(PATIENCE).until(() -> System.nanoTime() - start > LONGER_THAN_THE_TIMEOUT.toNanos());
            daemon.deaf(false);
            FaultReport report = told("the log's reader stands still for " + LONGER_THAN_THE_TIMEOUT.toSeconds() + " s", run.end(), daemon);
            assertThat(report.putOff()).as("nobody is put off for that").isZero();
            assertThat(load.done()).isGreaterThanOrEqualTo(GOAL);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(4)
    @DisplayName("the disk with the log is full, and then has room again")
    void diskFull() throws IOException {
        Path log = Files.createDirectory(folder.resolve("log")).resolve("orgmilter.log");
        String script = "mount -t tmpfs -o size=" + LOG_DISK + " tmpfs \"$1\" && shift && exec \"$@\" >>'" + log + "'";
        List<String> unshare = ProcessHandle.current().info().user().filter("root"::equals).isPresent()
                ? List.of("unshare", "-m") : List.of("unshare", "-U", "-r", "-m");
        List<String> wrapper = new ArrayList<>(unshare);
        wrapper.addAll(List.of("sh", "-c", script, "sh", log.getParent().toString()));
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(Map.of(), wrapper.toArray(String[]::new));
                FaultLoad load = run.load(CONNECTIONS, patient(), CERTIFICATES, false)) {
            Path seen = Path.of("/proc/" + daemon.pid() + "/root" + log);
            await().atMost(PATIENCE).until(() -> Files.size(seen) == LOG_DISK);
            run.awaitPart(2, 3);
            assertThat(Files.size(seen)).isEqualTo(LOG_DISK);
            try (FileChannel file = FileChannel.open(seen, StandardOpenOption.WRITE)) {
                file.truncate(0);
            }
            FaultReport report = told("the disk with the log is full, and has room again", run.end(), daemon);
            assertThat(Files.readString(seen)).contains(" verdict=");
            assertThat(report.putOff()).as("nobody is put off for that").isZero();
            assertThat(load.done()).isGreaterThanOrEqualTo(GOAL);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(5)
    @DisplayName("there are fewer descriptors than sessions")
    void descriptors() throws IOException {
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(
                        Map.of(), "bash", "-c", "ulimit -n " + FEW_DESCRIPTORS + "; exec \"$@\"", "bash");
                FaultLoad load = run.load(MANY_CONNECTIONS, patient(), CERTIFICATES, false)) {
            daemon.awaitLine(0, "Too many open files");
            run.awaitPart(1, 2);
            daemon.signal("HUP");
            FaultReport report = told("no more than " + FEW_DESCRIPTORS + " descriptors for " + MANY_CONNECTIONS + " sessions", run.end(), daemon);
            assertThat(report.putOff()).as("nobody is put off for that").isZero();
            assertThat(load.done()).isGreaterThanOrEqualTo(GOAL);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(6)
    @DisplayName("the heap is too small for the configuration that is reloaded")
    void heapTooSmall() throws IOException {
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(Map.of("JAVA_OPTS", "-Xmx32m"));
                FaultLoad load = run.load(CONNECTIONS, service(), CERTIFICATES, false)) {
            run.awaitPart(1, 2);
            run.configure(run.usual().replace("\"litware.example\"",
                    IntStream.range(0, 200_000).mapToObj(i -> "\"d" + i + ".litware.example\"").collect(Collectors.joining(", "))));
            daemon.signal("HUP");
            // By the reload, and at the start that follows.
            daemon.awaitEnds(2);
            run.configure(run.usual());
            daemon.awaitListening();
            FaultReport report = told("a reload too large for the heap: the JVM ends and is started again", run.end(), daemon);
            assertThat(report.putOff()).isPositive();
            assertThat(daemon.ends()).as("what ExitOnOutOfMemoryError exits with").contains(3).containsOnly(3);
            assertThat(load.done()).isGreaterThanOrEqualTo(GOAL);
        }
    }

    @Test
    @Order(7)
    @DisplayName("the clock jumps ten years ahead, and forty back")
    void clockJumps() throws IOException {
        Path clock = Files.writeString(folder.resolve("clock"), "+0\n");
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(Map.of(
                        "LD_PRELOAD", fakeTime().toString(),
                        "FAKETIME_TIMESTAMP_FILE", clock.toString(),
                        "FAKETIME_CACHE_DURATION", "1",
                        // As with a real clock that is set: what counts durations goes on.
                        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                        "DONT_FAKE_MONOTONIC", "1"));
                FaultLoad load = run.load(CONNECTIONS, patient(), CERTIFICATES, false)) {
            int year = java.time.Year.now(java.time.ZoneOffset.UTC).getValue();
            int part = 1;
            for (int years : new int[] {10, -30, 0}) {
                run.awaitPart(part++, 4);
                int mark = daemon.mark();
                Files.writeString(clock, (years < 0 ? "" : "+") + years * 365L + "d\n");
                // The calendar's leap days may make it the year before.
                await().atMost(PATIENCE).until(() -> daemon.lines(mark).stream().anyMatch(
                        line -> line.startsWith(year + years + "-") || line.startsWith(year + years - 1 + "-")
                                || line.startsWith(year + years + 1 + "-")));
                if (years == 10) {
                    daemon.signal("HUP");
                    daemon.awaitLine(mark, "reloaded config=");
                }
            }
            FaultReport report = told("the clock jumps 10 years ahead, 40 back, and 30 ahead", run.end(), daemon);
            assertThat(report.putOff()).as("nobody is put off for that").isZero();
            assertThat(load.done()).isGreaterThanOrEqualTo(GOAL);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    /** Debian's libfaketime, wherever this runs. */
    private Path fakeTime() {
        ImageFromDockerfile image = new ImageFromDockerfile("orgmilter-it/faketime:bookworm", false)
                .withDockerfileFromBuilder(builder -> builder.from("debian:bookworm-slim")
                        .run("apt-get update && apt-get install -y --no-install-recommends libfaketime"
                                + " && cp /usr/lib/*/faketime/libfaketimeMT.so.1 /faketime.so")
                        .cmd("sleep", "infinity"));
        Path library = folder.resolve("faketime.so");
        try (GenericContainer<?> container = new GenericContainer<>(image).withNetworkMode("none")) {
            container.start();
            container.copyFileFromContainer("/faketime.so", library.toString());
        }
        return library;
    }

    @Test
    @Order(8)
    @DisplayName("connections to the milter are reset in every state of the protocol")
    void milterConnectionsReset() throws IOException {
        FaultRun run = run();
        try (MilterBreaker breaker = new MilterBreaker(brokenPort, port);
                SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = run.load(CONNECTIONS, postfix.service("broken"), CERTIFICATES, false)) {
            await().atMost(PATIENCE).until(
                    () -> breaker.resets().keySet().containsAll(List.of("O", "D", "C", "H", "M", "R", "E")));
            FaultReport report = run.end();
            told("connections between Postfix and the milter reset, before, in and after each frame: "
                    + breaker.resets(), report, daemon);
            assertThat(load.done()).isGreaterThanOrEqualTo(GOAL);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(9)
    @DisplayName("clients reset their connections in every state of SMTP")
    void clientConnectionsReset() throws IOException {
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = run.load(CONNECTIONS, service(), CERTIFICATES, true)) {
            await().atMost(PATIENCE).until(() -> load.resets().size() == FaultLoad.moments());
            FaultReport report = run.end();
            told("clients reset their connections, after each command: " + load.resets(), report, daemon);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(10)
    @DisplayName("reloads find broken configurations only")
    void brokenReloads() throws IOException {
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = run.load(CONNECTIONS, patient(), CERTIFICATES, false)) {
            int reloads = 4 * OperateIT.BROKEN.size();
            for (int i = 0; i < reloads; i++) {
                run.awaitPart(i, reloads + 1);
                run.configure(OperateIT.BROKEN.get(i % OperateIT.BROKEN.size()));
                int mark = daemon.mark();
                daemon.signal("HUP");
                daemon.awaitLine(mark, "reload failed, kept config=");
            }
            FaultReport report = told("broken reloads, " + reloads + " times", run.end(), daemon);
            assertThat(report.putOff()).as("nobody is put off for that").isZero();
            assertThat(load.done()).isGreaterThanOrEqualTo(GOAL);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(11)
    @DisplayName("Postfix is ended, and started again")
    void postfixRestarted() throws IOException, InterruptedException {
        FaultRun run = run();
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = run.load(CONNECTIONS, service(), CERTIFICATES, false)) {
            for (int i = 1; i <= RESTARTS; i++) {
                run.awaitPart(i, RESTARTS + 1);
                postfix.restart();
            }
            FaultReport report = run.end();
            toldWithCopies("Postfix ended and started again, " + RESTARTS + " times; of what it had queued, "
                    + report.redelivered() + " delivered twice by itself", report, daemon);
            assertThat(report.putOff()).isPositive();
            assertThat(load.done()).isGreaterThanOrEqualTo(GOAL);
            assertThat(daemon.ends()).isEmpty();
        }
    }
}
