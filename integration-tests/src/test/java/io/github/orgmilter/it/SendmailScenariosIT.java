package io.github.orgmilter.it;

import io.github.orgmilter.it.Scenario.DomainsIn;
import io.github.orgmilter.it.Scenario.Policy;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scenarios on real Sendmail: 8.17 (bookworm) and 8.18 (trixie). */
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailScenariosIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final List<Scenario> SCENARIOS = Scenarios.all(CERTIFICATES);

    private static Sink sink;
    private static int port;
    private static MilterProcess milter;
    private static SendmailContainer sendmail;

    @Parameter
    String suite;

    static Stream<Scenario> scenarios() {
        return SCENARIOS.stream().filter(scenario -> scenario.policy() == Policy.DEFAULT && !needsXclient(scenario));
    }

    /** Sendmail has no XCLIENT. */
    private static boolean needsXclient(Scenario scenario) {
        return scenario.steps().stream().anyMatch(Scenario.Xclient.class::isInstance);
    }

    @BeforeAll
    static void startMilter() throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        port = FreePort.next();
        milter = MilterProcess.start(Scenarios.configuration(Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\""));
    }

    @AfterAll
    static void stopMilter() throws IOException {
        milter.close();
        sink.close();
    }

    @BeforeParameterizedClassInvocation
    static void startSendmail(String suite) throws IOException {
        sendmail = new SendmailContainer(suite, CERTIFICATES, sink, "inet:" + port + "@127.0.0.1");
        sendmail.start();
    }

    @AfterParameterizedClassInvocation
    static void stopSendmail() {
        sendmail.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void wideGate(Scenario scenario) throws IOException {
        new ScenarioRun(sendmail, "wide", milter, sink, DomainsIn.RELAY_DOMAINS, false).play(scenario);
    }
}
