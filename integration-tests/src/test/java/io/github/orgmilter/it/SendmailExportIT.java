package io.github.orgmilter.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.Scenario.DomainsIn;
import io.github.orgmilter.it.Scenario.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.testcontainers.images.builder.Transferable;

/** Real Sendmail with the tight gate as {@code orgmilter export sendmail} makes it, in place of one written by hand. */
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailExportIT {

    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final Path EXAMPLE = Path.of("..", "postfix-example", "sendmail");

    private static Sink sink;
    private static int port;
    private static MilterProcess milter;
    private static Map<String, String> exported;
    private static SendmailContainer sendmail;

    @Parameter
    String suite;

    /** Those that Sendmail can run, with certificates of this test's own CA. */
    static Stream<Scenario> scenarios() {
        Set<String> names = SendmailScenariosIT.scenarios().map(Scenario::name).collect(Collectors.toSet());
        return Scenarios.all(CERTIFICATES).stream().filter(scenario -> names.contains(scenario.name()));
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
        int alone = FreePort.next();
        int ownDoor = FreePort.next();
        sendmail = new SendmailContainer(
                suite,
                CERTIFICATES,
                sink,
                "",
                "DAEMON_OPTIONS(`Name=alone, Family=inet, Addr=127.0.0.1, Port=" + alone + ", InputMailFilters=')dnl");
        exported.forEach((name, text) -> sendmail.withCopyToContainer(Transferable.of(text), "/etc/mail/" + name));
        // The example without what the exported lines replace.
        copyWithout("orgmilter.m4", ownDoor, "INPUT_MAIL_FILTER(", "define(`confMILTER_MACROS_HELO'");
        copyWithout("tight.mc", ownDoor, "FEATURE(`access_db'", "FEATURE(`relay_hosts_only'");
        // The host's own name need not have a domain, for which Sendmail would wait a minute.
        sendmail.withCreateContainerCmdModifier(command -> command.withHostName(MtaContainer.HOST_NAME));
        sendmail.withEnv("GATE", "tight");
        sendmail.withEnv("ACCESS", "/etc/mail/orgmilter-access");
        sendmail.addService("without-milter", new InetSocketAddress(InetAddress.getByName("127.0.0.1"), alone));
        sendmail.start();
    }

    private static void copyWithout(String file, int ownDoor, String... replaced) throws IOException {
        List<String> lines = Files.readAllLines(EXAMPLE.resolve(file));
        for (String beginning : replaced) {
            assertThat(lines).filteredOn(line -> line.startsWith(beginning)).as(beginning).hasSize(1);
        }
        String include = "include(`/etc/mail/orgmilter-gate.m4')dnl\n";
        String text = lines.stream()
                .filter(line -> Stream.of(replaced).noneMatch(line::startsWith))
                .map(line -> (line.startsWith("MAILER(`local')") ? include : "") + line + "\n")
                .collect(Collectors.joining())
                // The door for the machine's own mail, on the host's network: let each container have its own.
                .replace("Port=10587", "Port=" + ownDoor);
        sendmail.withCopyToContainer(Transferable.of(text), "/etc/mail/" + file);
    }

    @AfterParameterizedClassInvocation
    static void stopSendmail() {
        sendmail.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void exportedGate(Scenario scenario) throws IOException {
        new ScenarioRun(sendmail, "wide", milter, sink, DomainsIn.RELAY_DOMAINS, true).play(scenario);
    }

    @Test
    void withoutTheMilterSendmailRefusesStrangersByItself() throws IOException {
        new ExportedGate(CERTIFICATES).checkAlone(sendmail, "without-milter");
    }
}
