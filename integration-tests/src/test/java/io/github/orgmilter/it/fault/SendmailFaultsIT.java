package io.github.orgmilter.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.Scenarios;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Sendmail with the wide gate and F=T when the milter is not there, goes away or comes back. */
@ParameterizedClass(name = "Sendmail of {0}")
@ValueSource(strings = {"bookworm", "trixie"})
final class SendmailFaultsIT {

    private static final String SERVER = "127.0.1.10";
    private static final String STRANGER = "127.0.0.2";
    private static final String OUTSIDE = "someone@outside.example";

    private static final TestCertificates CERTIFICATES = new TestCertificates();

    private static Sink sink;
    private static final List<String> queueIds = new ArrayList<>();
    private static int port;
    private static SendmailContainer sendmail;

    @Parameter
    String suite;

    @BeforeParameterizedClassInvocation
    static void startSendmail(String suite) throws IOException {
        MtaContainer.removeLeftovers();
        sink = new Sink();
        port = FreePort.next();
        sendmail = new SendmailContainer(suite, CERTIFICATES, sink, "inet:" + port + "@127.0.0.1");
        sendmail.start();
    }

    @AfterParameterizedClassInvocation
    static void stopSendmail() throws IOException {
        sendmail.close();
        sink.close();
    }

    @BeforeEach
    void emptyTheSink() {
        sink.clear();
    }

    private static MilterProcess startMilter() throws IOException {
        return MilterProcess.start(Scenarios.configuration(Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\""));
    }

    private static SmtpClient connect(String source) throws IOException {
        SmtpClient smtp = SmtpClient.connect(sendmail.service("filtered"), InetAddress.getByName(source));
        assertThat(smtp.read().code()).isEqualTo(220);
        assertThat(smtp.ehlo().code()).isEqualTo(250);
        return smtp;
    }

    @Test
    void withoutTheMilterEverybodyIsDeferred() throws IOException {
        for (String source : List.of(SERVER, STRANGER)) {
            try (SmtpClient smtp = connect(source)) {
                assertDeferred(smtp.mail("a@contoso.com"));
                assertThat(smtp.rcpt(OUTSIDE).positive()).isFalse();
                assertThat(smtp.rcpt("info@contoso.com").positive()).isFalse();
                assertThat(smtp.data("no milter").positive()).isFalse();
                smtp.quit();
            }
            try (SmtpClient smtp = connect(source)) {
                assertDeferred(smtp.command("STARTTLS"));
                smtp.quit();
            }
        }
        assertDelivered(0);
    }

    @Test
    void aMilterKilledBetweenTwoRecipientsLeavesOnlyTemporaryFailures() throws IOException {
        MilterProcess milter = startMilter();
        try (milter;
                SmtpClient smtp = connect(SERVER)) {
            assertThat(smtp.mail("a@contoso.com").code()).isEqualTo(250);
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            milter.kill();
            assertDeferred(smtp.rcpt("other@outside.example"));
            assertDeferred(smtp.data("killed"));
            smtp.command("RSET");
            assertDeferred(smtp.mail("a@contoso.com"));
        }
        assertDelivered(0);
    }

    @Test
    void aMilterKilledBeforeTheMessageLeavesItWithTheClient() throws IOException {
        MilterProcess milter = startMilter();
        try (milter;
                SmtpClient smtp = connect(SERVER)) {
            assertThat(smtp.mail("a@contoso.com").code()).isEqualTo(250);
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            milter.kill();
            assertDeferred(smtp.data("killed"));
        }
        assertDelivered(0);
    }

    @Test
    void aMilterKilledBetweenMessagesAndStartedAgainServesTheNextSession() throws IOException {
        try (MilterProcess first = startMilter();
                SmtpClient smtp = connect(SERVER)) {
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            deliver(smtp, "before");
            first.kill();
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).positive()).isFalse();
            assertThat(smtp.data("between").positive()).isFalse();
        }
        assertDelivered(1);
        try (MilterProcess second = startMilter();
                SmtpClient smtp = connect(SERVER)) {
            smtp.mail("a@contoso.com");
            assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
            deliver(smtp, "after");
            // The milter waits for open sessions before it ends.
            smtp.quit();
            assertThat(second.stop()).as("exit status after SIGTERM").isZero();
        }
        assertDelivered(2);
    }

    /** SIGTERM in the middle of a message: the session ends as it began. */
    @Test
    void aMilterThatStopsFinishesItsSessions() throws Exception {
        try (MilterProcess milter = startMilter()) {
            Thread stopping = new Thread(() -> {
                try {
                    milter.stop();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            try (SmtpClient smtp = connect(SERVER)) {
                smtp.mail("a@contoso.com");
                assertThat(smtp.rcpt(OUTSIDE).code()).isEqualTo(250);
                stopping.start();
                assertThat(smtp.rcpt("other@outside.example").code()).isEqualTo(250);
                deliver(smtp, "stopping");
                smtp.quit();
            }
            stopping.join();
        }
        assertDelivered(2);
    }

    private static void assertDeferred(Reply reply) {
        assertThat(reply.code()).as(reply.toString()).isBetween(400, 499);
    }

    /** Sends a message that must be taken. The log may be read later than the reply, so its queue id is kept from that. */
    private static void deliver(SmtpClient smtp, String text) throws IOException {
        Reply end = smtp.data(text);
        assertThat(end.code()).as(end.toString()).isEqualTo(250);
        queueIds.add(sendmail.queueId(end).orElseThrow());
    }

    /** And nothing waits to be delivered later. */
    private static void assertDelivered(int count) {
        sendmail.awaitDone(0, queueIds);
        assertThat(sink.deliveries()).as(sendmail.logText(0)).hasSize(count);
    }
}
