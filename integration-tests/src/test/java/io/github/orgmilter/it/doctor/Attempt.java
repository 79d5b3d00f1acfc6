package io.github.orgmilter.it.doctor;

import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** One client that sends one message. */
record Attempt(Identity identity, String sender, String recipient) {

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Becomes who it is, once it is connected. */
    interface Identity {
        /** Whether it could. */
        boolean take(SmtpClient smtp) throws IOException;
    }

    static Identity at(String address) {
        return smtp -> {
            Reply reply = smtp.xclient("ADDR=" + address);
            return reply.positive() && smtp.ehlo().positive();
        };
    }

    static Identity with(ClientCertificate certificate) {
        return smtp -> {
            smtp.startTls(certificate.tls());
            return smtp.ehlo().positive();
        };
    }

    static Identity login() {
        return smtp -> smtp.authPlain(MtaContainer.LOGIN, MtaContainer.PASSWORD).positive();
    }

    /** To the outside. */
    static Attempt relaying(Identity identity, String sender) {
        return new Attempt(identity, sender, "outside.example");
    }

    private static boolean taken(Reply reply) {
        if (!reply.positive()) {
            System.out.println("refused: " + reply);
        }
        return reply.positive();
    }

    /**
     * Whether the message leaves the MTA: then it arrives in the sink.
     *
     * @param patience until an answer counts as none: master(8) lets the clients of an smtpd that ends at once wait
     */
    boolean succeeds(InetSocketAddress server, Sink sink, Duration patience) throws IOException {
        Delivery delivery = new Delivery(sender, "victim-" + COUNT.incrementAndGet() + "@" + recipient);
        try (SmtpClient smtp = SmtpClient.connect(server, InetAddress.getByName("127.0.0.2"))) {
            smtp.patience(patience);
            if (!smtp.read().positive() || !smtp.ehlo().positive() || !identity.take(smtp)) {
                return false;
            }
            if (!smtp.mail(sender).positive()
                    || !smtp.rcpt(delivery.recipient()).positive()) {
                return false;
            }
            if (!smtp.data("attempt").positive()) {
                return false;
            }
            smtp.quit();
        } catch (EOFException | SocketTimeoutException e) {
            return false; // the MTA ended
        }
        await("in the sink: " + delivery)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> sink.deliveries().contains(delivery));
        return true;
    }
}
