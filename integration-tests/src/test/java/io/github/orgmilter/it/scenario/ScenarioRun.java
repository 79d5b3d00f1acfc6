package io.github.orgmilter.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.daemon.LogLine;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Plays one scenario to one service of an MTA and compares everything that can be seen of it: the
 * reply to each recipient, the milter's verdict line, and what reached the sink.
 */
public final class ScenarioRun {

    private static final int RESUMPTIONS = 3; // tried, until the server resumes a TLS session

    private final MtaContainer mta;
    private final InetSocketAddress service;
    private final MilterProcess milter;
    private final Sink sink;
    private final DomainsIn domainsIn;
    private final boolean mtaMayRefuse;

    /** One line of the comparison per recipient, so that a failure shows all of them side by side. */
    private final List<String> expected = new ArrayList<>();

    private final List<String> actual = new ArrayList<>();
    private final List<Delivery> expectedDeliveries = new ArrayList<>();
    private final List<String> queueIds = new ArrayList<>();
    private final List<String> dialogue = new ArrayList<>();
    private final List<Reply> fromMilter = new ArrayList<>();
    private final List<LogLine> verdicts = new ArrayList<>();
    private final List<String> refusedByMta = new ArrayList<>();
    private final List<String> refusedByMilter = new ArrayList<>();

    /** The earlier connection's TLS, for scenarios that resume it. */
    private SSLContext resumable;

    private SSLSession resumed;
    private int milterMark;
    private int mtaMark;
    private int verdictsSeen;
    private String client;
    private String certificateName = "-";

    /** @param mtaMayRefuse whether the MTA's own rules may refuse a recipient before the milter does */
    public ScenarioRun(
            MtaContainer mta,
            String service,
            MilterProcess milter,
            Sink sink,
            DomainsIn domainsIn,
            boolean mtaMayRefuse) {
        this.mta = mta;
        this.service = mta.service(service);
        this.milter = milter;
        this.sink = sink;
        this.domainsIn = domainsIn;
        this.mtaMayRefuse = mtaMayRefuse;
    }

    public void play(Scenario scenario) throws IOException {
        sink.clear();
        milterMark = milter.mark();
        mtaMark = mta.logMark();
        client = mta.addressAsReported(scenario.source());
        InetAddress source = InetAddress.getByName(scenario.source());
        InetSocketAddress server = new InetSocketAddress(
                source.getAddress().length == 16 ? InetAddress.getByName("::1") : service.getAddress(),
                service.getPort());
        for (int attempt = 1; !converse(scenario, server, source); attempt++) {
            assertThat(attempt).as("attempts to resume a TLS session").isLessThan(RESUMPTIONS);
            dialogue.clear();
        }
        compare(scenario);
    }

    /** Plays the steps; false if the server did not resume a TLS session, which it need not (RFC 8446, section 2.2). */
    private boolean converse(Scenario scenario, InetSocketAddress server, InetAddress source) throws IOException {
        openTlsSession(scenario, server, source);
        try (SmtpClient smtp = SmtpClient.connect(server, source)) {
            heard("(banner)", smtp.read(), 220);
            heard("EHLO", smtp.ehlo(), 250);
            for (Scenario.Step step : scenario.steps()) {
                if (!play(step, smtp)) {
                    return false;
                }
            }
            smtp.quit();
        }
        return true;
    }

    /** The recipients that the MTA refused by its own rules. */
    public List<String> refusedByMta() {
        return refusedByMta;
    }

    /** The recipients that the milter refused. */
    List<String> refusedByMilter() {
        return refusedByMilter;
    }

    /** A first connection for scenarios that resume its TLS session. */
    private void openTlsSession(Scenario scenario, InetSocketAddress server, InetAddress source) throws IOException {
        for (Scenario.Step step : scenario.steps()) {
            if (step instanceof Scenario.StartTls tls && tls.resumed()) {
                resumable = tls.certificate().tls();
                try (SmtpClient smtp = SmtpClient.connect(server, source)) {
                    smtp.read();
                    smtp.ehlo();
                    resumed = smtp.startTls(resumable);
                    smtp.ehlo();
                    smtp.quit();
                }
            }
        }
    }

    private boolean play(Scenario.Step step, SmtpClient smtp) throws IOException {
        if (step instanceof Scenario.StartTls tls) {
            return startTls(tls, smtp);
        }
        if (step instanceof Scenario.Login login) {
            heard("AUTH", smtp.authPlain(login.user(), login.password()), 235);
        } else if (step instanceof Scenario.Xclient xclient) {
            heard("XCLIENT " + xclient.attributes(), smtp.xclient(xclient.attributes()), 220);
            heard("EHLO", smtp.ehlo(), 250);
            client = xclient.client();
        } else if (step instanceof Scenario.Command command) {
            heard(command.line(), smtp.command(command.line()), 250);
        } else if (step instanceof Scenario.Message message) {
            send(message, smtp);
        }
        return true;
    }

    private boolean startTls(Scenario.StartTls tls, SmtpClient smtp) throws IOException {
        SSLContext context = tls.certificate() == null
                ? ClientCertificate.anonymousTls()
                : tls.certificate().tls();
        SSLSession session = smtp.startTls(tls.resumed() ? resumable : context);
        dialogue.add("(TLS " + session.getProtocol() + ")");
        boolean canResume =
                mta.resumesUnverifiedSessions() || !tls.reportedName().equals("-");
        // A resumed session is as old as the one it goes on with.
        if (tls.resumed() && canResume && session.getCreationTime() != resumed.getCreationTime()) {
            return false;
        }
        if (tls.secondEhlo()) {
            heard("EHLO", smtp.ehlo(), 250);
        }
        certificateName = tls.reportedName();
        return true;
    }

    private void send(Scenario.Message message, SmtpClient smtp) throws IOException {
        String mail = "MAIL FROM:<" + message.sender() + ">" + (message.needsSmtpUtf8() ? " SMTPUTF8" : "");
        List<String> rcpts = message.recipients().stream()
                .map(r -> "RCPT TO:<" + r.address() + ">")
                .toList();
        List<Reply> replies = new ArrayList<>();
        if (message.pipelined()) {
            String all = mail + "\r\n" + String.join("\r\n", rcpts) + "\r\n";
            smtp.send(all.getBytes(StandardCharsets.UTF_8));
            heard(mail, smtp.read(), 250);
            for (String rcpt : rcpts) {
                replies.add(heard(rcpt, smtp.read()));
            }
        } else {
            heard(mail, smtp.command(mail), 250);
            for (String rcpt : rcpts) {
                replies.add(heard(rcpt, smtp.command(rcpt)));
            }
        }
        boolean anyAccepted = replies.stream().anyMatch(Reply::positive);
        Reply end = heard("DATA", smtp.data("scenario"));
        assertThat(end.code() / 100).as(String.join("\n", dialogue)).isEqualTo(anyAccepted ? 2 : 5);
        Optional<String> queueId = mta.queueId(end);
        queueId.ifPresent(queueIds::add);
        if (!anyAccepted) {
            // The refused transaction is still open.
            heard("RSET", smtp.command("RSET"), 250);
        }
        record(message, replies, queueId);
    }

    private void record(Scenario.Message message, List<Reply> replies, Optional<String> queueId) {
        String sender = message.sender();
        String senderDomain = sender.substring(sender.lastIndexOf('@') + 1);
        List<Reply> decided =
                replies.stream().filter(reply -> !mta.refusedByMta(reply)).toList();
        fromMilter.addAll(decided);
        List<LogLine> lines = awaitVerdicts(fromMilter.size());
        verdicts.addAll(asAsked(lines.subList(verdicts.size(), fromMilter.size()), decided));
        for (int i = 0; i < replies.size(); i++) {
            Scenario.Recipient recipient = message.recipients().get(i);
            Expected wanted = recipient.expected().get(domainsIn);
            Reply reply = replies.get(i);
            String title = "RCPT TO:<" + recipient.address() + "> ";
            if (mta.refusedByMta(reply)) {
                // Nothing of the milter's to compare; only that it had to be refused.
                boolean allowed = mtaMayRefuse && !wanted.accepted();
                refusedByMta.add(recipient.address());
                expected.add(title + (allowed ? reply : wanted.reply(client, senderDomain)));
                actual.add(title + reply);
            } else {
                LogLine verdict = verdicts.get(verdictsSeen++);
                if (reply.positive() && queueId.isPresent()) {
                    assertThat(verdict.text()).contains(" " + queueId.get() + ": session=", " outcome=accepted ");
                }
                if (!wanted.accepted()) {
                    refusedByMilter.add(recipient.address());
                }
                expected.add(title
                        + wanted.reply(client, senderDomain)
                        + verdict(
                                wanted.accepted() ? "accept" : "reject",
                                wanted.cause(),
                                wanted.connector(),
                                client,
                                certificateName));
                actual.add(title
                        + (wanted.accepted() && reply.positive() ? "250" : mta.milterReply(reply))
                        + verdict(
                                verdict.get("verdict"),
                                verdict.get("cause"),
                                wanted.connector().equals("-") ? "-" : verdict.get("connector"),
                                verdict.get("client"),
                                verdict.get("cert")));
            }
            if (wanted.accepted()) {
                String local = wanted.localUser();
                expectedDeliveries.add(
                        new Delivery(sender, local == null ? recipient.address() : mta.localRecipient(local)));
            }
        }
    }

    /** The lines of a message in the order of its recipients: refusals are logged before what is accepted. */
    private static List<LogLine> asAsked(List<LogLine> lines, List<Reply> replies) {
        int refused = (int) replies.stream().filter(reply -> !reply.positive()).count();
        Iterator<LogLine> refusals = lines.subList(0, refused).iterator();
        Iterator<LogLine> accepted = lines.subList(refused, lines.size()).iterator();
        return replies.stream()
                .map(reply -> (reply.positive() ? accepted : refusals).next())
                .toList();
    }

    private List<LogLine> awaitVerdicts(int count) {
        try {
            return milter.awaitVerdicts(milterMark, count);
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n", dialogue) + "\n" + e.getMessage(), e);
        }
    }

    /** The verdict lines, in the order in which the milter was asked. */
    List<LogLine> milterVerdicts() {
        return List.copyOf(verdicts);
    }

    /** What the clients heard of each recipient that the milter decided, in that order. */
    List<Reply> milterReplies() {
        return List.copyOf(fromMilter);
    }

    private static String verdict(String verdict, String cause, String connector, String client, String name) {
        return " | verdict=" + verdict + " cause=" + cause + " connector=" + connector + " client=" + client + " cert="
                + name;
    }

    private void compare(Scenario scenario) {
        awaitDeliveries();
        mta.awaitDone(mtaMark, queueIds);
        String evidence = scenario.name() + "\n" + String.join("\n", dialogue) + "\nmilter:\n" + milter.text(milterMark)
                + "\nMTA:\n" + mta.logText(mtaMark) + "\n";
        assertThat(String.join("\n", actual)).as(evidence).isEqualTo(String.join("\n", expected));
        Comparator<Delivery> order = Comparator.comparing(Delivery::toString);
        assertThat(sink.deliveries().stream().sorted(order))
                .as(evidence + "delivered, and nothing else")
                .isEqualTo(expectedDeliveries.stream().sorted(order).toList());
        assertThat(milter.verdicts(milterMark)).as(evidence + "verdict lines").hasSize(verdictsSeen);
    }

    private void awaitDeliveries() {
        try {
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> sink.deliveries().size() >= expectedDeliveries.size());
        } catch (ConditionTimeoutException e) {
            // The comparison below reports what is missing.
        }
    }

    private Reply heard(String command, Reply reply) {
        dialogue.add(command + "  =>  " + reply);
        return reply;
    }

    private Reply heard(String command, Reply reply, int code) {
        heard(command, reply);
        assertThat(reply.code()).as(String.join("\n", dialogue)).isEqualTo(code);
        return reply;
    }
}
