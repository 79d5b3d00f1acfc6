package io.github.orgmilter.it.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.SendmailContainer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * One envelope from one client, every transaction of it in one session, and behind them what this client may send. Whom it writes
 * to bears its number, so that many can be on their way at once.
 */
final class RelayAttempt {

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

        /** The TLS of each, to be shared by its sessions: a context takes long to make. */
        static Map<Client, SSLContext> tls(TestCertificates certificates) {
            Map<Client, SSLContext> contexts = new EnumMap<>(Client.class);
            for (Client client : values()) {
                contexts.put(
                        client,
                        client.certificate == null
                                ? ClientCertificate.anonymousTls()
                                : certificates.verified(client.certificate).tls());
            }
            return contexts;
        }

        /** Whether it may send this. */
        boolean may(Envelope envelope) {
            return envelope.nullSender() && this == WRONG_SERVER_BY_CERTIFICATE;
        }
    }

    /** For a server that waits for more of what it takes for one thing and we for another. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /** The number in an address of an attempt's. */
    private static final Pattern NUMBER = Pattern.compile("(?i)(?:inside-|control-|victim-)(\\d+)");

    private final Envelope envelope;
    private final Client client;
    private final SSLContext tls;
    private final int number;
    private final MtaContainer mta;
    private final InetSocketAddress server;
    private final List<String> dialogue = new ArrayList<>();
    private final List<String> queueIds = new ArrayList<>();
    private Reply greeting;

    RelayAttempt(Envelope envelope, Client client, SSLContext tls, int number, MtaContainer mta) {
        this.envelope = envelope;
        this.client = client;
        this.tls = tls;
        this.number = number;
        this.mta = mta;
        this.server = mta.service("filtered");
    }

    /** The number of the attempt that this address is of, or a part of. */
    static Optional<Integer> numberOf(String address) {
        Matcher matcher = NUMBER.matcher(address);
        return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    Envelope envelope() {
        return envelope;
    }

    int number() {
        return number;
    }

    /** What was sent, and what was answered. */
    List<String> dialogue() {
        return dialogue;
    }

    List<String> queueIds() {
        return queueIds;
    }

    /** Whom this client's own mail, behind all of it, is for. */
    String control() {
        return "control-" + number;
    }

    /** Which recipients of this attempt may get mail: where the address has no @, the MTA's own user of that name as well. */
    boolean isHarmless(String recipient) {
        return recipient.matches(
                "(inside-%1$d-\\d+|control-%1$d)(@contoso\\.com)?|victim-%1$d\uff20outside\\.example@mx1\\.example\\.net"
                        .formatted(number));
    }

    /** Whether the server announced, in answer to EHLO, what the envelope needs. */
    boolean isOffered() {
        return envelope.needs().stream()
                .allMatch(extension -> greeting.lines().stream().anyMatch(line -> line.endsWith(extension)));
    }

    void run() throws IOException {
        SmtpClient smtp = connect();
        try {
            int turn = 0;
            for (List<String> pieces : envelope.transactions(client.from, "{n}@contoso.com", "victim-" + number)) {
                String inside = "inside-" + number + "-" + turn++;
                dialogue.add(client + ", " + inside + ":");
                try {
                    transaction(smtp, pieces, inside);
                } catch (IOException e) {
                    dialogue.add("  " + e);
                    smtp.close();
                    smtp = connect();
                }
            }
            control(smtp);
            smtp.quit();
        } finally {
            smtp.close();
        }
    }

    private SmtpClient connect() throws IOException {
        SmtpClient smtp = SmtpClient.connect(server, InetAddress.getByName(client.source));
        assertThat(smtp.read().code()).isEqualTo(220);
        greeting = smtp.ehlo();
        if (client.certificate != null) {
            smtp.startTls(tls);
            smtp.ehlo();
        }
        smtp.patience(SILENCE); // only now: to this point every server answers, however busy the machine is
        return smtp;
    }

    private void transaction(SmtpClient smtp, List<String> pieces, String inside) throws IOException {
        for (String piece : pieces) {
            if (piece.equals(Envelope.STARTTLS) || piece.equals(Envelope.HANDSHAKE)) {
                startTls(smtp, piece);
            } else {
                transmit(smtp, piece.replace("{n}", inside));
            }
        }
        transmit(smtp, "DATA\r\nSubject: relay\r\n\r\nHello.\r\n.");
        transmit(smtp, "RSET");
    }

    private void startTls(SmtpClient smtp, String piece) throws IOException {
        if (client.certificate != null) {
            return; // It has TLS already.
        }
        dialogue.add("  " + piece);
        if (piece.equals(Envelope.STARTTLS)) {
            smtp.startTls(tls);
        } else {
            smtp.handshake(tls);
        }
    }

    /**
     * Sends a piece and reads every reply to it, however many there are: behind it comes a command whose reply names it, as
     * no other does, and that no MTA answers slowly for being asked often.
     */
    private void transmit(SmtpClient smtp, String piece) throws IOException {
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

    private void control(SmtpClient smtp) throws IOException {
        assertThat(smtp.mail("someone@stranger.example").code()).isEqualTo(250);
        assertThat(smtp.rcpt(control() + "@contoso.com").code()).isEqualTo(250);
        Reply end = smtp.data("control");
        assertThat(end.code()).as("%s", end).isEqualTo(250);
        mta.queueId(end).ifPresent(queueIds::add);
    }
}
