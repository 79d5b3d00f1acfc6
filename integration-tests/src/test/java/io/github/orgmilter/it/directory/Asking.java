package io.github.orgmilter.it.directory;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.Delivery;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client that asks one MTA the same again and again, in a session that stays open. Each time it has another recipient, so that
 * the MTA remembers no answer, and the sink tells the messages apart.
 */
final class Asking implements Closeable {

    /** After so many refusals Postfix would count the client among the troublesome. */
    private static final int MOST_OF_A_SESSION = 200;

    private static final AtomicLong NUMBER = new AtomicLong();

    private final InetSocketAddress service;
    private final TestCertificates certificates;
    private final Mail mail;
    private SmtpClient smtp;
    private int asked;
    private Delivery last;

    Asking(InetSocketAddress service, TestCertificates certificates, Mail mail) throws IOException {
        this.service = service;
        this.certificates = certificates;
        this.mail = mail;
        connect();
    }

    Mail mail() {
        return mail;
    }

    private void connect() throws IOException {
        smtp = SmtpClient.connect(service, InetAddress.getByName(mail.source()));
        smtp.read();
        smtp.ehlo();
        if (!mail.certificate().isEmpty()) {
            smtp.startTls(certificates.verified(mail.certificate()).tls());
            smtp.ehlo();
        }
        asked = 0;
    }

    /** The first reply that is no success, or the one to RCPT. The transaction is open after a success. */
    private Reply begin() throws IOException {
        if (asked == MOST_OF_A_SESSION) {
            close();
            connect();
        }
        asked++;
        last = new Delivery(mail.sender(), "n" + NUMBER.incrementAndGet() + "@" + mail.domain());
        Reply reply = smtp.mail(mail.sender());
        return reply.positive() ? smtp.rcpt(last.recipient()) : reply;
    }

    /** The answer, without sending anything. */
    Reply ask() throws IOException {
        Reply reply = begin();
        smtp.command("RSET");
        return reply;
    }

    /** The answer; where it is a success, to the end of a message, which is then {@link #last}. */
    Reply send() throws IOException {
        Reply reply = begin();
        if (reply.positive()) {
            return smtp.data("directory");
        }
        smtp.command("RSET");
        return reply;
    }

    /** The envelope of the last question. */
    Delivery last() {
        return last;
    }

    @Override
    public void close() throws IOException {
        smtp.close();
    }
}
