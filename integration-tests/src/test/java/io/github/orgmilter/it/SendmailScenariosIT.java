package io.github.orgmilter.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.Scenario.DomainsIn;
import io.github.orgmilter.it.Scenario.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
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
        return SCENARIOS.stream().filter(
                scenario -> scenario.policy() == Policy.DEFAULT && !needsXclient(scenario) && !needsSmtpUtf8(scenario));
    }

    /** Sendmail has no XCLIENT. */
    private static boolean needsXclient(Scenario scenario) {
        return scenario.steps().stream().anyMatch(Scenario.Xclient.class::isInstance);
    }

    /** Debian's Sendmail offers no SMTPUTF8. */
    private static boolean needsSmtpUtf8(Scenario scenario) {
        return scenario.steps().stream().anyMatch(
                step -> step instanceof Scenario.Message message && message.needsSmtpUtf8());
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

    /** With the wide gate, Sendmail itself refuses only what it cannot read as a route. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void wideGate(Scenario scenario) throws IOException {
        new ScenarioRun(sendmail, "wide", milter, sink, DomainsIn.RELAY_DOMAINS, true).play(scenario);
    }

    /**
     * Sendmail takes a refused recipient off its list by parsing the address once more, with another
     * delimiter. Where that fails, the client hears 550 and the recipient stays.
     */
    @ParameterizedTest(name = "<{0}> is refused and gets nothing")
    @ValueSource(strings = {"@a,@b:victim@outside.example", "u\\,victim@outside.example", "u,>,<victim@outside.example"})
    void aRefusedRecipientWithACommaGetsNothing(String recipient) throws IOException {
        sink.clear();
        List<String> queueIds = new ArrayList<>();
        try (SmtpClient smtp = SmtpClient.connect(sendmail.service("wide"), InetAddress.getByName("127.0.0.2"))) {
            smtp.read();
            smtp.ehlo();
            assertThat(smtp.mail("someone@stranger.example").code()).isEqualTo(250);
            assertThat(smtp.rcpt("info@contoso.com").code()).isEqualTo(250);
            assertThat(smtp.rcpt(recipient).code()).isGreaterThanOrEqualTo(500);
            sendmail.queueId(smtp.data("comma")).ifPresent(queueIds::add);
        }
        sendmail.awaitDone(0, queueIds);
        assertThat(sink.deliveries()).allMatch(delivery -> delivery.recipient().equals("info@contoso.com"));
    }
}
