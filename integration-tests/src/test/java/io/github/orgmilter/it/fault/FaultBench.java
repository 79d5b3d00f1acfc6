package io.github.orgmilter.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterBreaker;
import io.github.orgmilter.it.daemon.SupervisedDaemon;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.Sink;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the faults have in common: a Postfix that outlives its end, the sink behind it, and the table of what came of each. */
final class FaultBench implements Closeable {

    /** Messages of each kind for each fault: few in every run, thousands for the page. */
    static final int GOAL = Integer.getInteger("faults.messages", 100);

    static final boolean SHORT = GOAL < 1_000;
    static final int CONNECTIONS = SHORT ? 24 : 64;

    /** In every run, those that come while {@link #ENOUGH}, but one for each connection at the least. */
    static final int LEAST = SHORT ? CONNECTIONS : GOAL;

    static final Duration ENOUGH = Duration.ofSeconds(15);

    final TestCertificates certificates = new TestCertificates();
    final PostfixContainer postfix;
    private final Sink sink = new Sink();
    private final int port = FreePort.next();
    private final int brokenPort = FreePort.next();
    private final List<String> rows = new ArrayList<>();

    FaultBench() throws IOException {
        MtaContainer.removeLeftovers();
        postfix = new PostfixContainer("bookworm", DomainsIn.RELAY_DOMAINS, certificates, sink)
                .forLoad()
                .restartable()
                .impatientService("milter", Gate.WIDE, "inet:127.0.0.1:" + port)
                .service("patient", Gate.WIDE, "inet:127.0.0.1:" + port)
                .impatientService("broken", Gate.WIDE, "inet:127.0.0.1:" + brokenPort);
        postfix.start();
    }

    FaultRun run(Path folder) throws IOException {
        return new FaultRun(port, folder, GOAL, sink, postfix);
    }

    /** A service whose clients a busy machine does not defer. */
    InetSocketAddress patient() {
        return postfix.service("patient");
    }

    InetSocketAddress service() {
        return postfix.service("milter");
    }

    /** Stands between the service {@code broken} and the milter. */
    MilterBreaker breaker() throws IOException {
        return new MilterBreaker(brokenPort, port);
    }

    FaultReport record(String fault, FaultReport report, SupervisedDaemon daemon) {
        assertThat(report.redelivered()).isZero();
        return recordWithCopies(fault, report, daemon);
    }

    FaultReport recordWithCopies(String fault, FaultReport report, SupervisedDaemon daemon) {
        String row = "| " + fault + " | "
                + report.figures().stream().map(String::valueOf).collect(Collectors.joining(" | ")) + " | "
                + daemon.peakMebibytes() + " |";
        rows.add(row);
        System.out.println(row);
        return report;
    }

    /** Writes the page's section, if it is wanted and each of {@code faults} was survived. */
    void write(long faults, int mostConnections) throws IOException, InterruptedException {
        if (FaultsPage.isWanted() && rows.size() == faults) {
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
                            postfix.version(),
                            Runtime.version().feature(),
                            CONNECTIONS,
                            mostConnections,
                            GOAL,
                            GOAL,
                            FaultReport.COLUMNS,
                            "--:|".repeat(11),
                            String.join("\n", rows)));
        }
    }

    @Override
    public void close() throws IOException {
        postfix.close();
        sink.close();
    }
}
