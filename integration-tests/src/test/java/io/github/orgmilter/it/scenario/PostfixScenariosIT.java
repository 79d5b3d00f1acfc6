package io.github.orgmilter.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.daemon.Replayed;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenarios on real Postfix: every one by both gates on 3.7 (bookworm) with the domains in relay_domains; elsewhere those which that
 * Postfix may read otherwise, and a sample.
 */
@ParameterizedClass(name = "Postfix of {0}, accepted domains in {1}")
@MethodSource("postfixes")
final class PostfixScenariosIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final List<Scenario> SCENARIOS = Scenarios.all(CERTIFICATES);
    private static final int SHARE = 6;

    private static Sink sink;
    private static Path socketFolder;
    private static int port;
    private static MilterProcess milter;
    private static int strictPort;
    private static MilterProcess strictMilter;
    private static PostfixContainer postfix;
    private static String where;

    /** Whether this is the one against which the table runs whole. */
    private static boolean usual;

    private final DomainsIn domainsIn;

    PostfixScenariosIT(String suite, DomainsIn domainsIn) {
        this.domainsIn = domainsIn;
    }

    static Stream<Arguments> postfixes() {
        return Stream.of("bookworm", "trixie")
                .flatMap(suite -> Stream.of(DomainsIn.values()).map(domainsIn -> Arguments.of(suite, domainsIn)));
    }

    static List<Scenario> throughWideGate() {
        return sample(
                "the wide gate",
                Policy.DEFAULT,
                scenario -> usual
                        || where.contains("bookworm") && scenario.isReadByDomain()
                        || where.contains("RELAY_DOMAINS") && scenario.isReadByVersion());
    }

    static List<Scenario> throughTightGate() {
        return sample("the tight gate", Policy.DEFAULT, scenario -> usual);
    }

    /** A socket of another kind, and nothing that a scenario could see. */
    static List<Scenario> throughUnixSocket() {
        return sample("a Unix socket", Policy.DEFAULT, scenario -> false);
    }

    static List<Scenario> strictScenarios() {
        return sample("unidentified-mail = reject", Policy.UNIDENTIFIED_REJECTED, scenario -> usual);
    }

    private static List<Scenario> sample(String gate, Policy policy, Predicate<Scenario> differs) {
        return Sample.of(
                where + ", " + gate,
                SCENARIOS.stream()
                        .filter(scenario -> scenario.policy() == policy)
                        .toList(),
                differs,
                SHARE);
    }

    @BeforeAll
    static void startMilters() throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        socketFolder = Files.createTempDirectory("orgmilter-it-socket");
        // Temporary folders are their maker's alone, and Postfix is another user.
        Files.setPosixFilePermissions(socketFolder, PosixFilePermissions.fromString("rwxr-xr-x"));
        port = FreePort.next();
        milter = MilterProcess.start(Scenarios.configuration(
                Policy.DEFAULT,
                "\"inet:" + port + "@127.0.0.1\"",
                "{ socket = \"unix:" + socketFolder.resolve("orgmilter.sock") + "\", mode = \"0666\" }"));
        strictPort = FreePort.next();
        strictMilter = MilterProcess.start(
                Scenarios.configuration(Policy.UNIDENTIFIED_REJECTED, "\"inet:" + strictPort + "@127.0.0.1\""));
    }

    @AfterAll
    static void stopMilters() throws IOException {
        try {
            Replayed.requireSame(milter, 0);
            Replayed.requireSame(strictMilter, 0);
        } finally {
            close();
        }
    }

    private static void close() throws IOException {
        milter.close();
        strictMilter.close();
        sink.close();
        Files.deleteIfExists(socketFolder);
    }

    @BeforeParameterizedClassInvocation
    static void startPostfix(String suite, DomainsIn domainsIn) throws IOException {
        where = "Postfix of " + suite + ", " + domainsIn;
        usual = suite.equals("bookworm") && domainsIn == DomainsIn.RELAY_DOMAINS;
        postfix = new PostfixContainer(suite, domainsIn, CERTIFICATES, sink)
                .withSocketFolder(socketFolder)
                .filteringItsOwnMail("inet:127.0.0.1:" + port)
                .service("wide", Gate.WIDE, "inet:127.0.0.1:" + port)
                .service("tight", Gate.TIGHT, "inet:127.0.0.1:" + port)
                .service("strict", Gate.WIDE, "inet:127.0.0.1:" + strictPort)
                .chrootedService("chrooted", Gate.WIDE, "unix:orgmilter/orgmilter.sock");
        postfix.start();
    }

    @AfterParameterizedClassInvocation
    static void stopPostfix() {
        postfix.close();
    }

    /** Of whose null sender it sends nothing at all to the milter, where a client's is {@code <>}. */
    @Test
    void itsOwnNullSender() throws IOException, InterruptedException {
        sink.clear();
        int mark = milter.mark();
        postfix.sendmail("<>", "info@contoso.com");
        await().untilAsserted(
                        () -> assertThat(sink.deliveries()).containsExactly(new Delivery("", "info@contoso.com")));
        assertThat(milter.awaitVerdicts(mark, 1))
                .singleElement()
                .satisfies(line -> assertThat(List.of(line.get("verdict"), line.get("cause"), line.get("from")))
                        .containsExactly("accept", "inbound", "<>"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("throughWideGate")
    void wideGate(Scenario scenario) throws IOException {
        new ScenarioRun(postfix, "wide", milter, sink, domainsIn, false).play(scenario);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("throughTightGate")
    void tightGate(Scenario scenario) throws IOException {
        new ScenarioRun(postfix, "tight", milter, sink, domainsIn, true).play(scenario);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("throughUnixSocket")
    void chrootedWithUnixSocket(Scenario scenario) throws IOException {
        new ScenarioRun(postfix, "chrooted", milter, sink, domainsIn, false).play(scenario);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strictScenarios")
    void unidentifiedMailRejected(Scenario scenario) throws IOException {
        new ScenarioRun(postfix, "strict", strictMilter, sink, domainsIn, false).play(scenario);
    }
}
