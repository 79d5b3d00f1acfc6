package io.github.orgmilter.it.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Sample;
import io.github.orgmilter.it.scenario.Scenario;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.ScenarioRun;
import io.github.orgmilter.it.scenario.Scenarios;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
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
import org.testcontainers.images.builder.Transferable;

/** Real Postfix with the tight gate as {@code orgmilter export postfix} makes it, in place of one written by hand. */
@ParameterizedClass(name = "Postfix of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class ExportIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final List<Scenario> SCENARIOS = Scenarios.all(CERTIFICATES);

    private static Sink sink;
    private static MilterProcess milter;
    private static Map<String, String> exported;
    private static PostfixContainer postfix;
    private static boolean usual;

    @Parameter
    String suite;

    static List<Scenario> scenarios() {
        return Sample.of(
                "the exported gate, Postfix" + (usual ? " 3.7" : " 3.10"),
                SCENARIOS.stream()
                        .filter(scenario -> scenario.policy() == Policy.DEFAULT)
                        .toList(),
                scenario -> usual,
                4);
    }

    @BeforeAll
    static void startMilter() throws IOException, InterruptedException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        String configuration = Scenarios.configuration(Policy.DEFAULT, "\"inet:" + FreePort.next() + "@127.0.0.1\"");
        milter = MilterProcess.start(configuration);
        exported = ExportedGate.files("postfix", configuration);
    }

    @AfterAll
    static void stopMilter() throws IOException {
        milter.close();
        sink.close();
    }

    @BeforeParameterizedClassInvocation
    static void startPostfix(String suite) throws IOException, InterruptedException {
        usual = suite.equals("bookworm");
        postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink);
        exported.forEach((name, text) -> postfix.withCopyToContainer(Transferable.of(text), "/etc/postfix/" + name));
        postfix.start();
        var installed = postfix.execInContainer(
                "bash", "-c", ExportedGate.INSTALL.formatted(addService("exported"), addService("without-milter")));
        assertThat(installed.getExitCode()).as(installed.toString()).isZero();
        ExportedGate.awaitListening(postfix, "exported");
        ExportedGate.awaitListening(postfix, "without-milter");
    }

    private static int addService(String name) throws IOException {
        int port = FreePort.next();
        postfix.addService(name, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return port;
    }

    @AfterParameterizedClassInvocation
    static void stopPostfix() {
        postfix.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void exportedGate(Scenario scenario) throws IOException {
        new ScenarioRun(postfix, "exported", milter, sink, DomainsIn.RELAY_DOMAINS, true).play(scenario);
    }

    @Test
    void withoutTheMilterPostfixRefusesStrangersByItself() throws IOException {
        new ExportedGate(CERTIFICATES).checkAlone(postfix, "without-milter");
        assertThat(postfix.log(0)).noneMatch(line -> line.contains("warning: ") && line.contains("orgmilter"));
    }
}
