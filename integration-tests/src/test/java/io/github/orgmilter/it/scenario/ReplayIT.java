package io.github.orgmilter.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.LogLine;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.daemon.Replayed;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.JsonNode;

/** The sessions of the scenarios, played to two services of a real Postfix whose milters have different configurations. */
@DisplayName("A log that is replayed by another configuration")
final class ReplayIT {

    private static final int SHARE = 4;

    private final TestCertificates certificates = new TestCertificates();

    @BeforeAll
    static void tidyUp() {
        MtaContainer.removeLeftovers();
    }

    @Test
    @DisplayName("shows exactly the differences that the milters themselves show")
    void differences() throws IOException {
        int oldPort = FreePort.next();
        int newPort = FreePort.next();
        String old = configuration(oldPort);
        try (Sink sink = new Sink();
                MilterProcess before = MilterProcess.start(old);
                MilterProcess after = MilterProcess.start(changed(configuration(newPort)));
                PostfixContainer postfix = new PostfixContainer("bookworm", DomainsIn.MYDESTINATION, certificates, sink)
                        .service("before", Gate.WIDE, "inet:127.0.0.1:" + oldPort)
                        .service("after", Gate.WIDE, "inet:127.0.0.1:" + newPort)) {
            postfix.start();
            Map<String, Long> expected = new TreeMap<>();
            List<Scenario> scenarios = Scenarios.all(certificates).stream()
                    .filter(scenario -> scenario.policy() == Scenario.Policy.DEFAULT)
                    .toList();
            for (Scenario scenario : Sample.of("replay", scenarios, ReplayIT::isOfKnownAddress, SHARE)) {
                compare(
                        play(scenario, postfix.service("before"), before),
                        play(scenario, postfix.service("after"), after),
                        expected);
            }
            assertThat(expected).isNotEmpty();
            Map<String, Long> replayed = new TreeMap<>();
            for (JsonNode group :
                    Replayed.by(after.configuration(), before.text(0), 1).get("groups")) {
                replayed.merge(
                        outcome(group.get("before")) + " -> " + outcome(group.get("after")),
                        group.get("count").asLong(),
                        Long::sum);
            }
            assertThat(replayed).isEqualTo(expected);
            Replayed.requireSame(before, 0);
            Replayed.requireSame(after, 0);
            System.out.println("replay: " + expected);
        }
    }

    /** Where most of what changes shows. */
    private static boolean isOfKnownAddress(Scenario scenario) {
        return !scenario.source().equals("127.0.0.2");
    }

    private static String configuration(int port) {
        return Scenarios.configuration(Scenario.Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\"");
    }

    /** Other names, other addresses, another owner of a domain, other protection, another reply. */
    private static String changed(String configuration) {
        String changed = configuration
                .replace("\"127.0.1.10\", \"127.0.1.16/29\"", "\"127.0.1.16/30\"")
                .replace(
                        "office { addresses = [ \"127.0.2.10\", \"::1\" ] }",
                        "agency { addresses = [ \"127.0.2.10\" ] }")
                .replace("sender-protection = all", "sender-protection = relay")
                .replace("sender-protection = off", "sender-protection = all")
                .replace("allow-null-sender = true", "allow-null-sender = false")
                .replace("issuers = [ \"Adatum Issuing CA\" ]", "issuers = [ \"Other Issuing CA\" ]")
                .replace("exempt-clients = [ \"127.0.9.9\" ]", "exempt-clients = []");
        assertThat(changed).isNotEqualTo(configuration);
        return changed;
    }

    /** The verdict lines of what a client does up to RCPT. */
    private static List<LogLine> play(Scenario scenario, InetSocketAddress service, MilterProcess milter)
            throws IOException {
        int mark = milter.mark();
        List<Integer> messages = new ArrayList<>(); // how many recipients each has
        InetAddress source = InetAddress.getByName(scenario.source());
        InetSocketAddress server = new InetSocketAddress(
                source.getAddress().length == 16 ? InetAddress.getByName("::1") : service.getAddress(),
                service.getPort());
        try (SmtpClient smtp = SmtpClient.connect(server, source)) {
            smtp.read();
            smtp.ehlo();
            for (Scenario.Step step : scenario.steps()) {
                if (step instanceof Scenario.StartTls tls) {
                    smtp.startTls(
                            tls.certificate() == null
                                    ? ClientCertificate.anonymousTls()
                                    : tls.certificate().tls());
                    smtp.ehlo();
                } else if (step instanceof Scenario.Login login) {
                    smtp.authPlain(login.user(), login.password());
                } else if (step instanceof Scenario.Xclient xclient) {
                    smtp.xclient(xclient.attributes());
                    smtp.ehlo();
                } else if (step instanceof Scenario.Command command) {
                    smtp.command(command.line());
                } else if (step instanceof Scenario.Message message) {
                    String smtpUtf8 = message.needsSmtpUtf8() ? " SMTPUTF8" : "";
                    assertThat(smtp.command("MAIL FROM:<" + message.sender() + ">" + smtpUtf8)
                                    .code())
                            .isEqualTo(250);
                    for (Scenario.Recipient recipient : message.recipients()) {
                        smtp.command("RCPT TO:<" + recipient.address() + ">");
                    }
                    messages.add(message.recipients().size());
                    smtp.command("RSET");
                }
            }
            smtp.quit();
        }
        // Of a message, refusals are logged before what is accepted.
        int recipients = messages.stream().mapToInt(Integer::intValue).sum();
        List<LogLine> lines = new ArrayList<>(milter.awaitVerdicts(mark, recipients));
        int start = 0;
        for (int count : messages) {
            lines.subList(start, start + count).sort(Comparator.comparing(line -> line.get("to")));
            start += count;
        }
        return lines;
    }

    private static void compare(List<LogLine> before, List<LogLine> after, Map<String, Long> differences) {
        assertThat(after).hasSameSizeAs(before);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i).get("to")).isEqualTo(before.get(i).get("to"));
            if (!outcome(before.get(i)).equals(outcome(after.get(i)))
                    || !before.get(i).get("reply").equals(after.get(i).get("reply"))) {
                differences.merge(outcome(before.get(i)) + " -> " + outcome(after.get(i)), 1L, Long::sum);
            }
        }
    }

    private static String outcome(LogLine line) {
        String connector = line.get("connector");
        return line.get("verdict") + " " + line.get("cause") + " "
                + (connector.equals("-") ? line.get("organization").replace("-", "") : connector);
    }

    private static String outcome(JsonNode json) {
        String organization = json.path("organization").asText();
        return json.get("verdict").asText() + " " + json.get("cause").asText() + " " + organization
                + (json.has("connector") ? "/" + json.get("connector").asText() : "");
    }
}
