package io.github.orgmilter.it.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Sample;
import io.github.orgmilter.it.scenario.Scenario;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.ScenarioRun;
import io.github.orgmilter.it.scenario.Scenarios;
import io.github.orgmilter.it.scenario.SendmailScenarios;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real Sendmail with the tight gate as {@code orgmilter export sendmail} makes it, in place of one written by hand. */
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailExportIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();

    private static Sink sink;
    private static int port;
    private static MilterProcess milter;
    private static Map<String, String> exported;
    private static SendmailContainer sendmail;
    private static boolean usual;

    @Parameter
    String suite;

    static List<Scenario> scenarios() {
        return Sample.of(
                "the exported gate, Sendmail" + (usual ? " 8.17" : " 8.18"),
                SendmailScenarios.all(CERTIFICATES),
                scenario -> usual,
                4);
    }

    @BeforeAll
    static void startMilter() throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        port = FreePort.next();
        String configuration = Scenarios.configuration(Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\"");
        milter = MilterProcess.start(configuration);
        exported = ExportedGate.files("sendmail", configuration);
    }

    @AfterAll
    static void stopMilter() throws IOException {
        milter.close();
        sink.close();
    }

    @BeforeParameterizedClassInvocation
    static void startSendmail(String suite) throws IOException {
        usual = suite.equals("bookworm");
        sendmail = new SendmailContainer(suite, CERTIFICATES, sink, "");
        sendmail.service("without-milter", ", InputMailFilters=");
        exported.forEach(sendmail::file);
        // The example without what the exported lines replace.
        sendmail.edit("orgmilter.m4", text -> without(text, "INPUT_MAIL_FILTER(", "define(`confMILTER_MACROS_HELO'"));
        sendmail.edit(
                "tight.mc",
                text -> without(text, "FEATURE(`access_db'", "FEATURE(`relay_hosts_only'")
                        .replace("MAILER(`local')", "include(`/etc/mail/orgmilter-gate.m4')dnl\nMAILER(`local')"));
        sendmail.tightGate(exported.get("orgmilter-access"));
        sendmail.start();
    }

    private static String without(String text, String... replaced) {
        for (String beginning : replaced) {
            assertThat(text.lines())
                    .filteredOn(line -> line.startsWith(beginning))
                    .as(beginning)
                    .hasSize(1);
        }
        return text.lines()
                .filter(line -> Stream.of(replaced).noneMatch(line::startsWith))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @AfterParameterizedClassInvocation
    static void stopSendmail() {
        sendmail.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void exportedGate(Scenario scenario) throws IOException {
        new ScenarioRun(sendmail, "filtered", milter, sink, DomainsIn.RELAY_DOMAINS, true).play(scenario);
    }

    @Test
    void withoutTheMilterSendmailRefusesStrangersByItself() throws IOException {
        new ExportedGate(CERTIFICATES).checkAlone(sendmail, "without-milter");
    }
}
