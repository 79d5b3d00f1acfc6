package io.github.orgmilter.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.Command;
import io.github.orgmilter.it.daemon.MilterBreaker;
import io.github.orgmilter.it.daemon.SupervisedDaemon;
import io.github.orgmilter.it.fault.FaultMail.Fate;
import io.github.orgmilter.it.load.LoadRules;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mail on hundreds of connections for minutes on end, with connections reset on both sides and reloads throughout. In every
 * pause the daemon takes as much of the machine as in the first ones.
 */
@DisplayName("In the long run")
final class SoakIT {

    private static final int CONNECTIONS = 256;
    private static final int STRETCHES = Integer.getInteger("soak.minutes", 10);
    private static final Duration STRETCH = Duration.ofSeconds(Integer.getInteger("soak.seconds", 60));
    private static final Duration BETWEEN_RELOADS = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Whoever compiles, caches and grows its pools has done so by then. */
    private static final int WARM = 3;

    private static final long HEAP_SLACK_KIB = 2 * 1024;
    private static final int SLACK = 3;
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    /** What the daemon takes in a pause, once the garbage has been collected. */
    private record Pause(long heapKib, int descriptors, int threads) {}

    @TempDir
    private Path folder;

    private final TestCertificates certificates = new TestCertificates();
    private int reloads;

    @Test
    @DisplayName("neither heap, descriptors nor threads grow, nothing leaks, and nothing forged gets out")
    void soak() throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        int port = FreePort.next();
        int brokenPort = FreePort.next();
        List<String> rows = new ArrayList<>();
        List<Pause> pauses = new ArrayList<>();
        try (Sink sink = new Sink();
                PostfixContainer postfix = new PostfixContainer("bookworm", DomainsIn.RELAY_DOMAINS, certificates, sink)
                        .forLoad()
                        .impatientService("milter", Gate.WIDE, "inet:127.0.0.1:" + port)
                        .impatientService("broken", Gate.WIDE, "inet:127.0.0.1:" + brokenPort);
                MilterBreaker breaker = new MilterBreaker(brokenPort, port)) {
            postfix.start();
            FaultRun run = new FaultRun(port, folder, 0, sink, postfix);
            try (SupervisedDaemon daemon =
                    run.serve(Map.of("JAVA_OPTS", "-Xmx96m -Dio.netty.leakDetection.level=paranoid"))) {
                for (int i = 1; i <= STRETCHES; i++) {
                    sink.clear();
                    FaultReport report = stretch(run, daemon, sink, postfix).holds();
                    assertThat(report.redelivered()).isZero();
                    Pause pause = pause(daemon);
                    pauses.add(pause);
                    String row = "| %d | %d | %d | %d | %d | %d | %d |"
                            .formatted(
                                    i,
                                    report.count(false, Fate.TAKEN),
                                    report.count(true, Fate.REFUSED),
                                    report.delayed(),
                                    pause.heapKib(),
                                    pause.descriptors(),
                                    pause.threads());
                    rows.add(row);
                    System.out.println(row);
                }
                assertThat(daemon.ends()).isEmpty();
                assertThat(daemon.lines(0)).noneMatch(line -> line.contains("LEAK"));
                if (FaultsPage.isWanted()) {
                    FaultsPage.write("Soak", """
                            %d stretches of %d s: %d connections, every third reset by its client, half of them by way of a proxy that
                            resets every second connection to the milter; %d reloads, every fifth of a broken configuration; %d
                            connections reset by the proxy. Postfix %s, Java %s, a heap of at most 96 MiB; Netty's leak detector at
                            paranoid found nothing; at most %d MiB of memory were held. Nothing forged was delivered, and nothing
                            legitimate lost or doubled. Heap in KiB after a full collection, descriptors and threads: in the pause
                            behind the stretch.

                            | stretch | delivered | forged, refused | deferred | heap | descriptors | threads |
                            |--:|--:|--:|--:|--:|--:|--:|
                            %s
                            """.formatted(
                                    STRETCHES,
                                    STRETCH.toSeconds(),
                                    CONNECTIONS,
                                    reloads,
                                    breaker.resets().values().stream()
                                            .mapToInt(Integer::intValue)
                                            .sum(),
                                    postfix.version(),
                                    Runtime.version().feature(),
                                    daemon.peakMebibytes(),
                                    String.join("\n", rows)));
                }
            }
        }
        assertNoGrowth(pauses);
    }

    private FaultReport stretch(FaultRun run, SupervisedDaemon daemon, Sink sink, PostfixContainer postfix)
            throws IOException {
        long end = System.nanoTime() + STRETCH.toNanos();
        try (FaultLoad load = new FaultLoad(
                CONNECTIONS, List.of(postfix.service("milter"), postfix.service("broken")), certificates, true)) {
            while (System.nanoTime() - end < 0) {
                reload(run, daemon);
                long next = Math.min(System.nanoTime() + BETWEEN_RELOADS.toNanos(), end);
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> System.nanoTime() - next >= 0);
            }
            return new FaultReport(load.stop(), sink, postfix::queueIsEmpty);
        }
    }

    private void reload(FaultRun run, SupervisedDaemon daemon) throws IOException {
        boolean broken = ++reloads % 5 == 0;
        run.configure(
                broken
                        ? LoadRules.BROKEN.get(reloads / 5 % LoadRules.BROKEN.size())
                        : reloads % 2 == 0
                                ? run.usual()
                                : run.usual() + "\nlocal-domains = [ \"mx" + reloads + ".example.net\" ]\n");
        int mark = daemon.mark();
        daemon.signal("HUP");
        daemon.awaitLine(mark, broken ? "reload failed, kept config=" : "reloaded config=");
    }

    /** Waits until all sessions have ended, and collects the garbage. */
    private static Pause pause(SupervisedDaemon daemon) throws IOException, InterruptedException {
        await("the end of the sessions").atMost(PATIENCE).until(() -> daemon.descriptors() < CONNECTIONS / 2);
        jcmd(daemon, "GC.run");
        jcmd(daemon, "GC.run");
        String info = jcmd(daemon, "GC.heap_info");
        Matcher used = USED.matcher(info.substring(0, info.indexOf("Metaspace")));
        long heap = 0;
        while (used.find()) {
            heap += Long.parseLong(used.group(1));
        }
        assertThat(heap).as(info).isPositive();
        return new Pause(heap, daemon.descriptors(), daemon.threads());
    }

    private static String jcmd(SupervisedDaemon daemon, String command) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        return Command.run(program, Long.toString(daemon.pid()), command);
    }

    private static void assertNoGrowth(List<Pause> pauses) {
        int warm = Math.min(WARM, pauses.size());
        List<Pause> first = pauses.subList(0, warm);
        for (Pause later : pauses.subList(warm, pauses.size())) {
            assertThat(later.heapKib())
                    .as("%s", pauses)
                    .isLessThanOrEqualTo(
                            first.stream().mapToLong(Pause::heapKib).max().orElseThrow() + HEAP_SLACK_KIB);
            assertThat(later.descriptors())
                    .as("%s", pauses)
                    .isLessThanOrEqualTo(
                            first.stream().mapToInt(Pause::descriptors).max().orElseThrow() + SLACK);
            assertThat(later.threads())
                    .as("%s", pauses)
                    .isLessThanOrEqualTo(
                            first.stream().mapToInt(Pause::threads).max().orElseThrow() + SLACK);
        }
    }
}
