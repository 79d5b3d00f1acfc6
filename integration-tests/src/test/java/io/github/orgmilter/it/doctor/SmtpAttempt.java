package io.github.orgmilter.it.doctor;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * By SMTP.
 *
 * @param source the address to come from; empty for the target's
 * @param domain of the recipient
 * @param hidden whether the message is in another one, behind an end of DATA that is none
 */
record SmtpAttempt(Identity identity, Optional<String> source, String sender, String domain, boolean hidden)
        implements Attempt {

    private static final String OUTSIDE = "outside.example";

    /** The client, once it is connected. */
    interface Identity {
        /** Becomes who it is; the answer to that. */
        Reply take(SmtpClient smtp) throws IOException;
    }

    /** Nobody in particular. */
    static Identity nobody() {
        return SmtpClient::ehlo;
    }

    /** The client at an address, by XCLIENT. */
    static Identity at(String address) {
        return smtp -> {
            Reply reply = smtp.xclient("ADDR=" + address);
            return reply.positive() ? smtp.ehlo() : reply;
        };
    }

    static Identity with(ClientCertificate certificate) {
        return smtp -> {
            Reply reply = tls(smtp, certificate);
            return reply.positive() ? smtp.ehlo() : reply;
        };
    }

    /** The same without a second EHLO. */
    static Identity brieflyWith(ClientCertificate certificate) {
        return smtp -> tls(smtp, certificate);
    }

    private static Reply tls(SmtpClient smtp, ClientCertificate certificate) throws IOException {
        Reply reply = smtp.command("STARTTLS");
        if (reply.positive()) {
            smtp.handshake(certificate.tls());
        }
        return reply;
    }

    static Identity login() {
        return smtp -> smtp.authPlain(MtaContainer.LOGIN, MtaContainer.PASSWORD);
    }

    static Identity external(ClientCertificate certificate) {
        return smtp -> {
            Reply reply = with(certificate).take(smtp);
            return reply.positive() ? smtp.command("AUTH EXTERNAL =") : reply;
        };
    }

    /** To the outside. */
    static SmtpAttempt relaying(Identity identity, String sender) {
        return new SmtpAttempt(identity, Optional.empty(), sender, OUTSIDE, false);
    }

    /** To a domain. */
    static SmtpAttempt to(String domain, Identity identity, String sender) {
        return new SmtpAttempt(identity, Optional.empty(), sender, domain, false);
    }

    SmtpAttempt from(String address) {
        return new SmtpAttempt(identity, Optional.of(address), sender, domain, hidden);
    }

    /** By a user of an identified server, who writes an envelope into the text. */
    SmtpAttempt smuggled() {
        return new SmtpAttempt(identity, source, sender, domain, true);
    }

    @Override
    public String outcome(Target target) throws IOException {
        Delivery delivery = new Delivery(sender, Attempt.recipient(domain));
        InetAddress from = source.isEmpty() ? target.source() : InetAddress.getByName(source.get());
        Reply reply;
        try (SmtpClient smtp = SmtpClient.connect(target.server(), from)) {
            smtp.patience(target.patience());
            reply = hidden ? smuggle(smtp, delivery, target.patience()) : send(smtp, delivery);
        } catch (EOFException | SocketException | SocketTimeoutException e) {
            return ENDED;
        }
        return reply.positive() ? target.awaitArrival(delivery) : reply.toString();
    }

    private Reply begin(SmtpClient smtp) throws IOException {
        Reply banner = smtp.read();
        Reply reply = banner.positive() ? smtp.ehlo() : banner;
        return reply.positive() ? identity.take(smtp) : reply;
    }

    private static Reply envelope(SmtpClient smtp, Delivery delivery) throws IOException {
        Reply reply = smtp.mail(delivery.sender());
        return reply.positive() ? smtp.rcpt(delivery.recipient()) : reply;
    }

    private Reply send(SmtpClient smtp, Delivery delivery) throws IOException {
        Reply reply = begin(smtp);
        reply = reply.positive() ? envelope(smtp, delivery) : reply;
        return reply.positive() ? smtp.data("attempt") : reply;
    }

    // A server that takes the bare LF for an end answers to it; one that does not waits for the end.
    private Reply smuggle(SmtpClient smtp, Delivery delivery, Duration patience) throws IOException {
        Reply reply = begin(smtp);
        reply = reply.positive()
                ? envelope(smtp, new Delivery("user@" + sender.replaceFirst(".*@", ""), Attempt.recipient(domain)))
                : reply;
        reply = reply.positive() ? smtp.command("DATA") : reply;
        if (!reply.positive()) {
            return reply;
        }
        smtp.patience(patience.dividedBy(4));
        smtp.send("Subject: first\r\n\r\nHello.\n.\r\n".getBytes(StandardCharsets.US_ASCII));
        try {
            reply = smtp.read();
        } catch (SocketTimeoutException e) {
            return new Reply(List.of("599 the text goes on"));
        }
        reply = reply.positive() ? envelope(smtp, delivery) : reply;
        return reply.positive() ? smtp.data("second") : reply;
    }
}
