package io.github.orgmilter.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.PostfixContainer.Gate;
import io.github.orgmilter.it.Scenario.DomainsIn;
import io.github.orgmilter.it.Scenario.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way into an open relay that is known here, on every MTA, with the milter for the only gate: nothing reaches the sink
 * but what anybody may send, and that does.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = "POSTFIX.*")
final class OpenRelayIT {

    enum Mta {
        POSTFIX_3_7("bookworm", DomainsIn.RELAY_DOMAINS),
        POSTFIX_3_7_MYDESTINATION("bookworm", DomainsIn.MYDESTINATION),
        POSTFIX_3_10("trixie", DomainsIn.RELAY_DOMAINS),
        POSTFIX_3_10_MYDESTINATION("trixie", DomainsIn.MYDESTINATION),
        SENDMAIL_8_17("bookworm", DomainsIn.RELAY_DOMAINS),
        SENDMAIL_8_17_CLASS_W("bookworm", DomainsIn.MYDESTINATION),
        SENDMAIL_8_18("trixie", DomainsIn.RELAY_DOMAINS),
        SENDMAIL_8_18_CLASS_W("trixie", DomainsIn.MYDESTINATION);

        private final String suite;
        private final DomainsIn domainsIn;

        Mta(String suite, DomainsIn domainsIn) {
            this.suite = suite;
            this.domainsIn = domainsIn;
        }

        private MtaContainer container() throws IOException {
            if (name().startsWith("POSTFIX")) {
                return new PostfixContainer(suite, domainsIn, CERTIFICATES, sink)
                        .service("filtered", Gate.WIDE, "inet:127.0.0.1:" + port);
            }
            SendmailContainer sendmail = new SendmailContainer(suite, CERTIFICATES, sink, "inet:" + port + "@127.0.0.1");
            return domainsIn == DomainsIn.RELAY_DOMAINS ? sendmail
                    : sendmail.file("local-host-names", "mx1.example.net\ncontoso.com\nnorthwind.example\n");
        }
    }

    /** Who must not relay {@code from} the address, all of contoso.com's being contoso's alone. */
    enum Client {
        STRANGER("127.0.0.2", "someone@stranger.example", null),
        STRANGER_IN_A_CUSTOMERS_NAME("127.0.0.2", "a@contoso.com", null),
        WRONG_SERVER_BY_ADDRESS("127.0.2.10", "a@contoso.com", null),
        WRONG_SERVER_BY_CERTIFICATE("127.0.0.2", "a@contoso.com", "mail.northwind.example");

        private final String source;
        private final String from;
        private final String certificate;

        Client(String source, String from, String certificate) {
            this.source = source;
            this.from = from;
            this.certificate = certificate;
        }

        private SSLContext tls() {
            return certificate == null ? ClientCertificate.anonymousTls() : CERTIFICATES.verified(certificate).tls();
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** For a server that waits for more of what it takes for one thing and we for another. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /** Who may get mail: also, where the at is none, a user of the MTA's own with that name. */
    private static final Pattern HARMLESS = Pattern.compile(
            "(inside|control)-\\d+(@contoso\\.com)?|victim\uff20outside\\.example@mx1\\.example\\.net");

    private static final TestCertificates CERTIFICATES = new TestCertificates();

    private static Sink sink;
    private static int port;
    private static MilterProcess milter;
    private static MtaContainer mta;

    @Parameter
    Mta which;

    private final List<String> dialogue = new ArrayList<>();
    private final List<String> wanted = new ArrayList<>();
    private final List<String> queueIds = new ArrayList<>();

    static Stream<Envelope> envelopes() {
        return Envelopes.all().stream();
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
    static void startMta(Mta which) throws IOException {
        mta = which.container();
        mta.start();
    }

    @AfterParameterizedClassInvocation
    static void stopMta() {
        mta.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("envelopes")
    void nothingGetsOut(Envelope envelope) throws IOException {
        sink.clear();
        int mtaMark = mta.logMark();
        int milterMark = milter.mark();
        Predicate<Client> mayNot = client -> !(envelope.nullSender() && client == Client.WRONG_SERVER_BY_CERTIFICATE);
        for (Client client : Arrays.stream(Client.values()).filter(mayNot).toList()) {
            attempt(envelope, client);
        }
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> names().containsAll(wanted));
        } catch (ConditionTimeoutException e) {
            // The comparison says better what is missing.
        }
        mta.awaitDone(mtaMark, queueIds);
        String evidence = String.join("\n", dialogue) + "\nmilter:\n" + milter.text(milterMark) + "\nMTA:\n" + mta.logText(mtaMark);
        assertThat(sink.deliveries()).as(evidence).allMatch(one -> HARMLESS.matcher(one.recipient()).matches());
        assertThat(names()).as(evidence).containsAll(wanted).doesNotHaveDuplicates();
    }

    /** Contoso's recipients, without the domain that Sendmail takes off its own users. */
    private static List<String> names() {
        return sink.deliveries().stream()
                .map(one -> one.recipient().replaceFirst("@contoso\\.com$", ""))
                .filter(name -> !name.contains("@"))
                .toList();
    }

    /** Every transaction in one session, and behind them what this client may send. */
    private void attempt(Envelope envelope, Client client) throws IOException {
        SmtpClient smtp = connect(client);
        try {
            int turn = 0;
            for (List<String> pieces : envelope.transactions(client.from, "{n}@contoso.com")) {
                String inside = "inside-" + (10 * client.ordinal() + turn++);
                dialogue.add(client + ", " + inside + ":");
                try {
                    transaction(smtp, client, pieces, inside);
                } catch (IOException e) {
                    dialogue.add("  " + e);
                    smtp.close();
                    smtp = connect(client);
                }
            }
            control(smtp, client);
            smtp.quit();
        } finally {
            smtp.close();
        }
    }

    private void transaction(SmtpClient smtp, Client client, List<String> pieces, String inside) throws IOException {
        for (String piece : pieces) {
            if (piece.equals(Envelope.STARTTLS) || piece.equals(Envelope.HANDSHAKE)) {
                startTls(smtp, client, piece);
            } else {
                say(smtp, piece.replace("{n}", inside));
            }
        }
        say(smtp, "DATA\r\nSubject: relay\r\n\r\nHello.\r\n.");
        say(smtp, "RSET");
    }

    private SmtpClient connect(Client client) throws IOException {
        SmtpClient smtp = SmtpClient.connect(mta.service("filtered"), InetAddress.getByName(client.source));
        smtp.patience(SILENCE);
        assertThat(smtp.read().code()).isEqualTo(220);
        smtp.ehlo();
        if (client.certificate != null) {
            smtp.startTls(client.tls());
            smtp.ehlo();
        }
        return smtp;
    }

    private void startTls(SmtpClient smtp, Client client, String piece) throws IOException {
        if (client.certificate != null) {
            return; // It has TLS already.
        }
        dialogue.add("  " + piece);
        if (piece.equals(Envelope.STARTTLS)) {
            smtp.startTls(client.tls());
        } else {
            smtp.handshake(client.tls());
        }
    }

    /**
     * Sends a piece and reads every reply to it, however many there are: behind it comes a command whose reply names it, as
     * no other does, and that no MTA answers slowly for being asked often.
     */
    private void say(SmtpClient smtp, String piece) throws IOException {
        dialogue.add("  " + piece.replace("\r", "<CR>").replace("\n", "<LF>").replace("\0", "<NUL>"));
        boolean handshakeFollows = piece.startsWith("STARTTLS\r\n");
        String last = mta instanceof SendmailContainer ? "HELP VRFY" : "VRFY x";
        smtp.send(Envelope.octets(piece + (handshakeFollows ? "\r\n" : "\r\n" + last + "\r\n")));
        Reply reply;
        do {
            reply = smtp.read();
            dialogue.add("      " + reply);
            mta.queueId(reply).ifPresent(queueIds::add);
        } while (!handshakeFollows && !reply.toString().matches(".*(VRFY|HELP).*"));
    }

    private void control(SmtpClient smtp, Client client) throws IOException {
        String name = "control-" + client.ordinal();
        assertThat(smtp.mail("someone@stranger.example").code()).isEqualTo(250);
        assertThat(smtp.rcpt(name + "@contoso.com").code()).isEqualTo(250);
        Reply end = smtp.data("control");
        assertThat(end.code()).as("%s", end).isEqualTo(250);
        mta.queueId(end).ifPresent(queueIds::add);
        wanted.add(name);
    }
}
