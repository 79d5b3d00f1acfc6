package io.github.orgmilter.it.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.export.ExportedGate;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.Scenarios;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.testcontainers.images.builder.Transferable;

/**
 * A user of an identified server puts a second message into the text of the first one, behind an end that this server passes on
 * and the MTA might take for the end of DATA. The milter cannot know: to it, the second envelope is the server's own. With the
 * wiring as exported no such envelope comes to be.
 */
@ParameterizedClass(name = "{0}")
@EnumSource
final class SmugglingIT {

    enum Mta {
        POSTFIX_3_7("bookworm", Set.of("LF . LF", "LF . CR LF", "CR LF . LF", "LF LF . CR CR LF")),
        POSTFIX_3_10("trixie", Set.of("LF . LF", "LF . CR LF", "CR LF . LF", "LF LF . CR CR LF")),
        SENDMAIL_8_17("bookworm", Set.of("LF . LF", "LF . CR LF", "CR LF . LF")),
        SENDMAIL_8_18("trixie", Set.of("LF . LF", "LF . CR LF", "CR LF . LF"));

        private final String suite;

        /** The ends of DATA that it accepts where it is set to accept any. */
        private final Set<String> open;

        Mta(String suite, Set<String> open) {
            this.suite = suite;
            this.open = open;
        }
    }

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** For the answer to what the server may take for a command, or for text. */
    private static final Duration PIECE = Duration.ofSeconds(3);

    private static final String OFFICE = "127.0.1.10";
    private static final TestCertificates CERTIFICATES = new TestCertificates();

    /** The service as exported on the MTA's own defaults instead of the example's, and the same without the line against smuggling. */
    private static final String INSTALL = """
            set -euo pipefail
            cd /etc/postfix
            postconf -X smtpd_forbid_bare_newline smtpd_forbid_bare_newline_exclusions
            grep -v '^#' orgmilter-main.cf | grep . | while IFS= read -r setting; do postconf -e "$setting"; done
            sed 's/^smtp /%d /' orgmilter-master.cf >>master.cf
            { sed 's/^smtp /%d /' orgmilter-master.cf; echo '  -o smtpd_forbid_bare_newline=no'; } >>master.cf
            postfix reload
            """;

    /** Sendmail as it once was, for one service: bare CR and LF are taken, and other ends of a message. */
    private static final String[] LENIENT = {
        "LOCAL_RULESETS", "Ssrv_features", "R$*\t\t\t$: $&{daemon_name}", "Ropen4\t\t\t$# O G U", "divert(0)dnl"
    };

    private static Sink sink;
    private static int port;
    private static String configuration;
    private static MilterProcess milter;
    private static MtaContainer mta;

    @Parameter
    Mta which;

    @BeforeAll
    static void startMilter() throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        port = FreePort.next();
        configuration = Scenarios.configuration(Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\"");
        milter = MilterProcess.start(configuration);
    }

    @AfterAll
    static void stopMilter() throws IOException {
        milter.close();
        sink.close();
    }

    @BeforeParameterizedClassInvocation
    static void startMta(Mta which) throws IOException, InterruptedException {
        sink.clear();
        mta = which.name().startsWith("POSTFIX") ? postfix(which.suite) : sendmail(which.suite);
    }

    private static MtaContainer postfix(String suite) throws IOException, InterruptedException {
        PostfixContainer postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink);
        ExportedGate.files("postfix", configuration)
                .forEach((name, text) -> postfix.withCopyToContainer(Transferable.of(text), "/etc/postfix/" + name));
        postfix.start();
        var installed = postfix.execInContainer(
                "bash", "-c", INSTALL.formatted(addService(postfix, "wired"), addService(postfix, "open")));
        assertThat(installed.getExitCode()).as(installed.toString()).isZero();
        ExportedGate.awaitListening(postfix, "wired");
        ExportedGate.awaitListening(postfix, "open");
        return postfix;
    }

    private static int addService(MtaContainer mta, String name) throws IOException {
        int port = FreePort.next();
        mta.addService(name, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return port;
    }

    private static MtaContainer sendmail(String suite) throws IOException {
        SendmailContainer sendmail = new SendmailContainer(suite, CERTIFICATES, sink, "inet:" + port + "@127.0.0.1");
        sendmail.service("wired", "").service("open", "").m4(LENIENT);
        sendmail.start();
        return sendmail;
    }

    @AfterParameterizedClassInvocation
    static void stopMta() {
        mta.close();
    }

    /** To the milter the second message is the server's: it may send in its own organization's name, and in no other's. */
    @Test
    void withoutTheWiringAUserWritesEnvelopesOfHisOwn() throws Exception {
        int mark = milter.mark();
        Set<String> reached = recipients("open");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(smuggled(mark, reached))
                        .as(milter.text(mark))
                        .isEqualTo(which.open));
    }

    private static Set<String> smuggled(int mark, Set<String> reached) {
        Map<String, String> decided = milter.verdicts(mark).stream()
                .collect(Collectors.toMap(line -> line.get("to").replaceAll("[<>]", ""), line -> line.get("verdict")));
        Set<String> smuggled = new HashSet<>();
        for (int i = 0; i < Envelopes.ENDS.size(); i++) {
            // What is not decided is still text to this server. The next one may split it up, as the sink does at CR .
            // CR.
            if (decided.containsKey(recipient("second", i))) {
                smuggled.add(Envelopes.name(Envelopes.ENDS.get(i)));
                assertThat(decided)
                        .containsEntry(recipient("second", i), "accept")
                        .containsEntry(recipient("third", i), "reject");
                assertThat(reached).contains(recipient("second", i)).doesNotContain(recipient("third", i));
            }
        }
        return smuggled;
    }

    @Test
    void withTheWiringNothingIsSmuggled() throws Exception {
        int mark = milter.mark();
        assertThat(recipients("wired")).as(milter.text(mark)).allMatch(recipient -> recipient.startsWith("first-"));
        assertThat(milter.verdicts(mark))
                .as("nor is the milter asked")
                .allMatch(line -> line.get("to").startsWith("<first-"));
    }

    private static String recipient(String which, int number) {
        return which + "-" + number + "@outside.example";
    }

    /** Tries all ends, at once, and returns who got mail. */
    private static Set<String> recipients(String service) throws Exception {
        sink.clear();
        int mark = mta.logMark();
        ExecutorService clients = Executors.newFixedThreadPool(Envelopes.ENDS.size());
        List<String> queueIds = new ArrayList<>();
        try {
            List<Future<List<Reply>>> sessions = new ArrayList<>();
            for (int i = 0; i < Envelopes.ENDS.size(); i++) {
                int number = i;
                sessions.add(clients.submit(() -> session(service, number, Envelopes.ENDS.get(number))));
            }
            for (Future<List<Reply>> session : sessions) {
                session.get().forEach(reply -> mta.queueId(reply).ifPresent(queueIds::add));
            }
        } finally {
            clients.shutdownNow();
        }
        mta.awaitDone(mark, queueIds);
        return sink.deliveries().stream().map(Delivery::recipient).collect(Collectors.toSet());
    }

    /** Sends a message with two more in it; whatever is answered. */
    private static List<Reply> session(String service, int number, String end) throws IOException {
        List<Reply> replies = new ArrayList<>();
        try (SmtpClient smtp = SmtpClient.connect(mta.service(service), InetAddress.getByName(OFFICE))) {
            assertThat(smtp.read().code()).isEqualTo(220);
            assertThat(smtp.ehlo().code()).isEqualTo(250);
            assertThat(smtp.mail("user-" + number + "@contoso.com").code()).isEqualTo(250);
            assertThat(smtp.rcpt(recipient("first", number)).code()).isEqualTo(250);
            assertThat(smtp.command("DATA").code()).isEqualTo(354);
            smtp.patience(PIECE);
            boolean inText = false;
            // A network may cut a text anywhere, so that the commands in it are not even pipelined.
            for (String piece : List.of(
                    "Subject: first\r\n\r\nHello." + end,
                    "MAIL FROM:<ceo-" + number + "@contoso.com>\r\n",
                    "RCPT TO:<" + recipient("second", number) + ">\r\n",
                    "DATA\r\n",
                    "Subject: second\r\n\r\nHello." + end,
                    "MAIL FROM:<a-" + number + "@northwind.example>\r\n",
                    "RCPT TO:<" + recipient("third", number) + ">\r\n",
                    "DATA\r\nSubject: third\r\n\r\nHello.\r\n.\r\nQUIT\r\n")) {
                smtp.send(piece.getBytes(StandardCharsets.US_ASCII));
                inText = inText || !isAnswered(smtp, replies);
            }
            smtp.patience(PATIENCE);
            while (true) {
                replies.add(smtp.read());
            }
        } catch (EOFException | SocketException e) {
            return replies; // The server has hung up.
        }
    }

    private static boolean isAnswered(SmtpClient smtp, List<Reply> replies) throws IOException {
        try {
            replies.add(smtp.read());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
