package io.github.orgmilter.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.Scenarios;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Postfix when the milter is not there, goes away or comes back, and mail that the milter is not to see. */
@ParameterizedClass(name = "Postfix of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class PostfixFaultsIT {

    private static final String SERVER = "127.0.1.10";
    private static final String STRANGER = "127.0.0.2";
    private static final String OUTSIDE = "someone@outside.example";

    private static final TestCertificates CERTIFICATES = new TestCertificates();

    private static Sink sink;
    private static int port;
    private static PostfixContainer postfix;

    private final int mark = postfix.logMark();

    PostfixFaultsIT(String suite) {
        assertThat(postfix.isRunning()).as("Postfix of %s", suite).isTrue();
    }

    @BeforeParameterizedClassInvocation
    static void startPostfix(String suite) throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        port = FreePort.next();
        postfix = new PostfixContainer(suite, DomainsIn.RELAY_DOMAINS, CERTIFICATES, sink)
                .service("wide", Gate.WIDE, "inet:127.0.0.1:" + port)
                .service("tight", Gate.TIGHT, "inet:127.0.0.1:" + port);
        postfix.start();
    }

    @AfterParameterizedClassInvocation
    static void stopPostfix() throws IOException {
        postfix.close();
        sink.close();
    }

    @BeforeEach
    void emptyTheSink() {
        sink.clear();
    }

    private MilterProcess startMilter() throws IOException {
        return MilterProcess.start(Scenarios.configuration(Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\""));
    }

    private SmtpClient connect(String service, String source) throws IOException {
        SmtpClient smtp = SmtpClient.connect(postfix.service(service), InetAddress.getByName(source));
        assertThat(smtp.read().code()).isEqualTo(220);
        assertThat(smtp.ehlo().code()).isEqualTo(250);
        return smtp;
    }

    @Test
    void withoutTheMilterEverybodyIsDeferred() throws IOException {
        for (String service : List.of("wide", "tight")) {
            for (String source : List.of(SERVER, STRANGER)) {
                try (SmtpClient smtp = connect(service, source)) {
                    assertThat(smtp.mail("a@contoso.com").code())
                            .as("MAIL to %s", service)
                            .isBetween(400, 499);
                    assertThat(smtp.rcpt(OUTSIDE).positive()).isFalse();
                    assertThat(smtp.rcpt("info@contoso.com").positive()).isFalse();
                    assertThat(smtp.data("no milter").positive()).isFalse();
                }
            }
        }
        assertNothingWasDelivered();
    }

    @Test
    void aMilterKilledBetweenTwoRecipientsLeavesOnlyTemporaryFailures() throws IOException {
        MilterProcess milter = startMilter();
        try (SmtpClient smtp = connect("wide", SERVER)) {
            assertThat(smtp.mail("a@contoso.com").code()).isEqualTo(250);
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            milter.kill();
            assertThat(smtp.rcpt("other@outside.example").code()).isBetween(400, 499);
            assertThat(smtp.data("killed").code()).isBetween(400, 499);
        }
        assertNothingWasDelivered();
    }

    @Test
    void aMilterKilledBetweenMessagesAndStartedAgainServesTheNextSession() throws IOException {
        MilterProcess first = startMilter();
        try (SmtpClient smtp = connect("wide", SERVER)) {
            smtp.mail("a@contoso.com");
            smtp.rcpt(OUTSIDE);
            deliver(smtp);
            first.kill();
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isGreaterThanOrEqualTo(400);
        }
        assertThat(sink.deliveries()).hasSize(1);
        try (MilterProcess second = startMilter();
                SmtpClient smtp = connect("wide", SERVER)) {
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            deliver(smtp);
            // The milter waits for open sessions before it ends.
            smtp.quit();
            assertThat(second.stop()).as("exit status after SIGTERM").isZero();
        }
        assertThat(sink.deliveries()).hasSize(2);
    }

    /** As cron does it. There is no SMTP client to identify: non_smtpd_milters is empty. */
    @Test
    void mailOfTheMachinesOwnUsersLeavesWithAndWithoutTheMilter() throws IOException, InterruptedException {
        sendLocally();
        try (MilterProcess milter = startMilter()) {
            int milterMark = milter.mark();
            sendLocally();
            assertThat(milter.verdicts(milterMark)).isEmpty();
        }
    }

    private void sendLocally() throws IOException, InterruptedException {
        sink.clear();
        var result = postfix.execInContainer(
                "sh", "-c", "printf 'Subject: cron\\n\\nHello.\\n' | sendmail -f root root admin@outside.example");
        assertThat(result.getExitCode()).as(result.getStderr()).isZero();
        await().atMost(Duration.ofMinutes(1)).until(() -> sink.deliveries().size() >= 2);
        postfix.awaitDone(mark, List.of());
        String root = "root@" + MtaContainer.HOST_NAME;
        assertThat(sink.deliveries())
                .containsExactlyInAnyOrder(new Delivery(root, root), new Delivery(root, "admin@outside.example"));
    }

    /**
     * Its signature is wrong, and depending on its version OpenSSL does not go on after that. Either
     * way nothing is relayed.
     */
    @Test
    void aCertificateOfACaThatOnlyBearsTheTrustedNameDoesNotRelay() throws IOException {
        try (MilterProcess milter = startMilter();
                SmtpClient smtp = connect("wide", STRANGER)) {
            int milterMark = milter.mark();
            boolean handshaken = handshake(smtp, CERTIFICATES.fromNamesakeCa("mail.contoso.com"));
            if (handshaken) {
                smtp.mail("a@contoso.com");
                assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(550);
                assertThat(milter.awaitVerdicts(milterMark, 1).get(0).get("cause"))
                        .isEqualTo("not-identified");
            } else {
                assertThatThrownBy(() -> smtp.mail("a@contoso.com")).isInstanceOf(IOException.class);
            }
        }
        assertNothingWasDelivered();
    }

    private static boolean handshake(SmtpClient smtp, ClientCertificate certificate) {
        try {
            smtp.startTls(certificate.tls());
            return smtp.ehlo().code() == 250;
        } catch (IOException e) {
            return false;
        }
    }

    private void deliver(SmtpClient smtp) throws IOException {
        Reply end = smtp.data("faults");
        assertThat(end.code()).as(end.toString()).isEqualTo(250);
        postfix.awaitDone(mark, postfix.queueId(end).stream().toList());
    }

    private void assertNothingWasDelivered() {
        postfix.awaitDone(mark, List.of());
        assertThat(sink.deliveries()).as(postfix.logText(mark)).isEmpty();
    }
}
