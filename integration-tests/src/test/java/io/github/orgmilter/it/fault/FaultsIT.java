package io.github.orgmilter.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.daemon.MilterBreaker;
import io.github.orgmilter.it.daemon.SupervisedDaemon;
import io.github.orgmilter.it.load.LoadRules;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults of a milter and its Postfix in the middle of the mail. Whatever the fault, no forged message is delivered, and each
 * legitimate one is delivered once, or its client knows that it has to retry.
 */
@DisplayName("Under load")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FaultsIT {

    /** More than fit into {@link #FEW_DESCRIPTORS} beside what the process itself has open. */
    private static final int MANY_CONNECTIONS = 150;

    private static final int FEW_DESCRIPTORS = 200;

    private static final int KILLS = FaultBench.SHORT ? 2 : 5;
    private static final int RESTARTS = FaultBench.SHORT ? 1 : 3;
    /** How often each broken configuration. */
    private static final int RELOADS = FaultBench.SHORT ? 1 : 4;
    /** The command_timeout of the service is 5 s. */
    private static final Duration LONGER_THAN_THE_TIMEOUT = Duration.ofSeconds(FaultBench.SHORT ? 8 : 12);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LOG_DISK = 64 * 1024;

    @TempDir
    private Path folder;

    @TempDir
    private static Path libraries;

    private static FaultBench bench;
    private static CompletableFuture<Path> fakeTime;

    @BeforeAll
    static void startPostfix() throws IOException {
        bench = new FaultBench();
        fakeTime = FaultMachine.fakeTime(libraries);
    }

    @AfterAll
    static void writePage() throws IOException, InterruptedException {
        try {
            bench.write(
                    Stream.of(FaultsIT.class.getDeclaredMethods())
                            .filter(one -> one.isAnnotationPresent(Test.class))
                            .count(),
                    MANY_CONNECTIONS);
        } finally {
            bench.close();
        }
    }

    private static FaultLoad load(FaultRun run, InetSocketAddress service) {
        return run.load(FaultBench.CONNECTIONS, service, bench.certificates, false);
    }

    private static void outlastTheTimeout() {
        long start = System.nanoTime();
        await().atMost(PATIENCE).until(() -> System.nanoTime() - start > LONGER_THAN_THE_TIMEOUT.toNanos());
    }

    private static void assertUnnoticed(FaultReport report, FaultLoad load, SupervisedDaemon daemon) {
        assertThat(report.delayed()).as("no temporary failure").isZero();
        assertThat(load.done()).isGreaterThanOrEqualTo(FaultBench.LEAST);
        assertThat(daemon.ends()).isEmpty();
    }

    @Test
    @Order(1)
    @DisplayName("the milter is killed, and started again")
    void killed() throws IOException {
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = load(run, bench.service())) {
            for (int i = 1; i <= KILLS; i++) {
                run.awaitPart(i, KILLS + 1);
                daemon.signal("KILL");
                daemon.awaitEnds(i);
                daemon.awaitListening();
            }
            FaultReport report =
                    bench.record("kill -9 of the milter and a new one, " + KILLS + " times", run.end(), daemon);
            assertThat(report.delayed()).isPositive();
            assertThat(daemon.ends()).hasSize(KILLS).allMatch(status -> status == 128 + 9);
            assertThat(load.resets()).isEmpty();
        }
    }

    @Test
    @Order(2)
    @DisplayName("the milter hangs for longer than Postfix waits")
    void stopped() throws IOException {
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = load(run, bench.service())) {
            run.awaitPart(1, 2);
            daemon.signal("STOP");
            int taken = load.taken();
            outlastTheTimeout();
            taken = load.taken() - taken;
            daemon.signal("CONT");
            FaultReport report = bench.record(
                    "SIGSTOP for " + LONGER_THAN_THE_TIMEOUT.toSeconds() + " s, then SIGCONT", run.end(), daemon);
            assertThat(taken).as("what had been answered already").isLessThanOrEqualTo(FaultBench.CONNECTIONS);
            assertThat(report.delayed()).isPositive();
            assertThat(load.done()).isGreaterThanOrEqualTo(FaultBench.LEAST);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(3)
    @DisplayName("the log is not read for a while")
    void logStands() throws IOException {
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = load(run, bench.patient())) {
            run.awaitPart(1, 3);
            daemon.deaf(true);
            outlastTheTimeout();
            daemon.deaf(false);
            FaultReport report = bench.record(
                    "the log is not read for " + LONGER_THAN_THE_TIMEOUT.toSeconds() + " s", run.end(), daemon);
            assertUnnoticed(report, load, daemon);
        }
    }

    @Test
    @Order(4)
    @DisplayName("the disk with the log is full, and then has room again")
    void diskFull() throws IOException {
        Path log = Files.createDirectory(folder.resolve("log")).resolve("orgmilter.log");
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(Map.of(), FaultMachine.smallDisk(log, LOG_DISK));
                FaultLoad load = load(run, bench.patient())) {
            Path seen = Path.of("/proc/" + daemon.pid() + "/root" + log);
            await().atMost(PATIENCE).until(() -> Files.size(seen) == LOG_DISK);
            run.awaitPart(2, 3);
            assertThat(Files.size(seen)).isEqualTo(LOG_DISK);
            makeRoom(seen);
            // More than the buffer had from before the fault.
            AtomicLong written = new AtomicLong();
            await().atMost(PATIENCE).until(() -> written.addAndGet(makeRoom(seen)) > LOG_DISK);
            FaultReport report = bench.record("the disk with the log is full, and has room again", run.end(), daemon);
            assertUnnoticed(report, load, daemon);
        }
    }

    /** Empties a log, and returns how many octets it had. */
    private static long makeRoom(Path log) throws IOException {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            long octets = file.size();
            file.truncate(0);
            return octets;
        }
    }

    @Test
    @Order(5)
    @DisplayName("there are fewer descriptors than sessions")
    void descriptors() throws IOException {
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(Map.of(), FaultMachine.after("ulimit -n " + FEW_DESCRIPTORS));
                FaultLoad load = run.load(MANY_CONNECTIONS, bench.patient(), bench.certificates, false)) {
            daemon.awaitLine(0, "connections wait on");
            run.awaitPart(1, 2);
            daemon.signal("HUP");
            FaultReport report = bench.record(
                    "no more than " + FEW_DESCRIPTORS + " descriptors for " + MANY_CONNECTIONS + " sessions",
                    run.end(),
                    daemon);
            assertUnnoticed(report, load, daemon);
        }
    }

    @Test
    @Order(6)
    @DisplayName("the heap is too small for the configuration that is reloaded")
    void heapTooSmall() throws IOException {
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(Map.of("JAVA_OPTS", "-Xmx32m"));
                FaultLoad load = load(run, bench.service())) {
            run.awaitPart(1, 2);
            run.configure(run.usual()
                    .replace(
                            "\"litware.example\"",
                            IntStream.range(0, 130_000) // 3 MB, of the 4 that may be read with such a heap
                                    .mapToObj(i -> "\"d" + i + ".litware.example\"")
                                    .collect(Collectors.joining(", "))));
            daemon.signal("HUP");
            // By the reload, and at the start that follows.
            daemon.awaitEnds(2);
            run.configure(run.usual());
            daemon.awaitListening();
            FaultReport report = bench.record(
                    "a reload too large for the heap: the JVM ends and is started again", run.end(), daemon);
            assertThat(report.delayed()).isPositive();
            assertThat(daemon.ends())
                    .as("what ExitOnOutOfMemoryError exits with")
                    .contains(3)
                    .containsOnly(3);
            assertThat(load.done()).isGreaterThanOrEqualTo(FaultBench.LEAST);
        }
    }

    @Test
    @Order(7)
    @DisplayName("the clock jumps ten years ahead, and forty back")
    void clockJumps() throws IOException {
        Path clock = Files.writeString(folder.resolve("clock"), "+0\n");
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(FaultMachine.clock(fakeTime.join(), clock));
                FaultLoad load = load(run, bench.patient())) {
            int year = java.time.Year.now(java.time.ZoneOffset.UTC).getValue();
            int part = 1;
            for (int years : new int[] {10, -30, 0}) {
                run.awaitPart(part++, 4);
                int mark = daemon.mark();
                Files.writeString(clock, (years < 0 ? "" : "+") + years * 365L + "d\n");
                // The calendar's leap days may make it the year before.
                await().atMost(PATIENCE)
                        .until(() -> daemon.lines(mark).stream()
                                .anyMatch(line -> line.startsWith(year + years + "-")
                                        || line.startsWith(year + years - 1 + "-")
                                        || line.startsWith(year + years + 1 + "-")));
                if (years == 10) {
                    daemon.signal("HUP");
                    daemon.awaitLine(mark, "reloaded config=");
                }
            }
            FaultReport report =
                    bench.record("the clock jumps 10 years ahead, 40 back, and 30 ahead", run.end(), daemon);
            assertUnnoticed(report, load, daemon);
        }
    }

    @Test
    @Order(8)
    @DisplayName("connections to the milter are reset in every state of the protocol")
    void milterConnectionsReset() throws IOException {
        FaultRun run = bench.run(folder);
        try (MilterBreaker breaker = bench.breaker();
                SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = load(run, bench.postfix.service("broken"))) {
            await().atMost(PATIENCE)
                    .until(() -> breaker.resets().keySet().containsAll(List.of("O", "D", "C", "H", "M", "R", "E")));
            FaultReport report = run.end();
            bench.record(
                    "connections between Postfix and the milter reset, before, in and after each frame: "
                            + breaker.resets(),
                    report,
                    daemon);
            assertThat(load.done()).isGreaterThanOrEqualTo(FaultBench.LEAST);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(9)
    @DisplayName("clients reset their connections in every state of SMTP")
    void clientConnectionsReset() throws IOException {
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = run.load(FaultBench.CONNECTIONS, bench.service(), bench.certificates, true)) {
            await().atMost(PATIENCE).until(() -> load.resets().size() == Resets.Moment.values().length);
            FaultReport report = run.end();
            bench.record("clients reset their connections, after each command: " + load.resets(), report, daemon);
            assertThat(daemon.ends()).isEmpty();
        }
    }

    @Test
    @Order(10)
    @DisplayName("reloads find broken configurations only")
    void brokenReloads() throws IOException {
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = load(run, bench.patient())) {
            int reloads = RELOADS * LoadRules.BROKEN.size();
            for (int i = 0; i < reloads; i++) {
                run.awaitPart(i, reloads + 1);
                run.configure(LoadRules.BROKEN.get(i % LoadRules.BROKEN.size()));
                int mark = daemon.mark();
                daemon.signal("HUP");
                daemon.awaitLine(mark, "reload failed, kept config=");
            }
            FaultReport report = bench.record("broken reloads, " + reloads + " times", run.end(), daemon);
            assertUnnoticed(report, load, daemon);
        }
    }

    @Test
    @Order(11)
    @DisplayName("Postfix is ended, and started again")
    void postfixRestarted() throws IOException, InterruptedException {
        FaultRun run = bench.run(folder);
        try (SupervisedDaemon daemon = run.serve(Map.of());
                FaultLoad load = load(run, bench.service())) {
            for (int i = 1; i <= RESTARTS; i++) {
                run.awaitPart(i, RESTARTS + 1);
                bench.postfix.restart();
            }
            FaultReport report = run.end();
            bench.recordWithCopies(
                    "Postfix ended and started again, " + RESTARTS + " times; of what it had queued, "
                            + report.redelivered() + " delivered twice by itself",
                    report,
                    daemon);
            assertThat(report.delayed()).isPositive();
            assertThat(load.done()).isGreaterThanOrEqualTo(FaultBench.LEAST);
            assertThat(daemon.ends()).isEmpty();
        }
    }
}
