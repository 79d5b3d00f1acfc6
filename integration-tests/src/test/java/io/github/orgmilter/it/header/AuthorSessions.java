package io.github.orgmilter.it.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.daemon.Replayed;
import io.github.orgmilter.it.scenario.Deliveries;
import io.github.orgmilter.it.scenario.WiredMta;
import java.io.IOException;

/** SMTP sessions about the authors of messages, the same for each MTA: what is answered, and what is delivered. */
final class AuthorSessions {

    static final String OF_CONTOSO = "127.0.1.5";
    static final String OF_FABRIKAM = "127.0.2.5";
    static final String STRANGER = "127.0.7.7";

    private static final String OUTSIDE = "b@outside.example";
    private static final String SENDER = "a@fabrikam.com";

    private final WiredMta wired;
    private final MilterProcess milter;
    private final Deliveries deliveries;

    AuthorSessions(WiredMta wired) {
        this.wired = wired;
        milter = wired.milter();
        deliveries = new Deliveries(wired);
    }

    /** The configuration, with this {@code header-from} of contoso. */
    static String configuration(String headerFrom) {
        return """
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    header-from = %s
                    connectors.office.addresses = [ "127.0.1.0/24" ]
                  }
                  fabrikam {
                    accepted-domains = [ "fabrikam.com" ]
                    connectors.hosting.addresses = [ "127.0.2.0/24" ]
                  }
                }
                """.formatted(headerFrom);
    }

    /** Accepted and refused at the end of the header, each in a session of its own. */
    void each() throws IOException {
        int logged = milter.mark();
        message(OF_FABRIKAM, SENDER, "From: <a@fabrikam.com>", 250, OUTSIDE);
        message(OF_FABRIKAM, SENDER, "From: <ceo@contoso.com>", 550, OUTSIDE);
        message(OF_FABRIKAM, SENDER, "from: \"ceo@contoso.com\" <a@fabrikam.com>", 250, OUTSIDE);
        message(OF_FABRIKAM, SENDER, "From: <a@fabrikam.com>,\r\n <ceo@CONTOSO.com>", 550, OUTSIDE);
        message(OF_FABRIKAM, SENDER, "From: <a@fabrikam.com>\r\nFrom: <ceo@contoso.com>", 550, OUTSIDE);
        message(OF_FABRIKAM, SENDER, "From: root", 250, OUTSIDE);
        message(OF_FABRIKAM, SENDER, "Sender: <ceo@contoso.com>\r\nFrom: <a@fabrikam.com>", 250, OUTSIDE);
        message(OF_FABRIKAM, SENDER, "From: <ceo@contoso.com>", 550, "b@contoso.com", OUTSIDE);
        message(OF_FABRIKAM, SENDER, "From: <ceo@contoso.com>", 250, "b@contoso.com");
        message(STRANGER, "a@elsewhere.example", "From: <ceo@contoso.com>", 250, "b@contoso.com");
        message(OF_CONTOSO, "a@contoso.com", "From: <ceo@contoso.com>", 250, OUTSIDE, "c@outside.example");
        deliveries.requireComplete();
        Replayed.requireSame(milter, logged);
    }

    /** Several messages in one session. */
    void inOneSession() throws IOException {
        int logged = milter.mark();
        try (SmtpClient smtp = open(OF_FABRIKAM)) {
            message(smtp, SENDER, "From: <a@fabrikam.com>", 250, "one@outside.example");
            message(smtp, SENDER, "From: <ceo@contoso.com>", 550, "two@outside.example", "three@outside.example");
            message(smtp, SENDER, "From: <a@fabrikam.com>", 250, "four@outside.example", "five@outside.example");
            message(smtp, SENDER, "From: <ceo@contoso.com>", 250, "six@contoso.com");
            smtp.quit();
        }
        deliveries.requireComplete();
        Replayed.requireSame(milter, logged);
    }

    /** A session that began before the key was set defers what needs its header; the next one decides it. */
    void reload() throws IOException {
        wired.reload(configuration("off"));
        try (SmtpClient smtp = open(OF_FABRIKAM)) {
            message(smtp, SENDER, "From: <ceo@contoso.com>", 250, "one@outside.example");
            int before = milter.mark();
            wired.reload(configuration("relay"));
            assertThat(smtp.mail(SENDER).code()).isEqualTo(250);
            assertThat(smtp.rcpt("two@outside.example").code()).isEqualTo(451);
            assertThat(smtp.rcpt("three@contoso.com").code()).isEqualTo(250);
            milter.awaitLine(before, "the session began before a rule needed header fields");
            smtp.command("RSET");
            smtp.quit();
            milter.awaitLine(before, "outcome=", "to=<three@contoso.com>");
        }
        message(OF_FABRIKAM, SENDER, "From: <ceo@contoso.com>", 550, "four@outside.example");
        message(OF_FABRIKAM, SENDER, "From: <a@fabrikam.com>", 250, "five@outside.example");
        deliveries.requireComplete();
    }

    private SmtpClient open(String client) throws IOException {
        return wired.open(WiredMta.FILTERED, client);
    }

    private void message(String client, String sender, String from, int code, String... recipients) throws IOException {
        try (SmtpClient smtp = open(client)) {
            message(smtp, sender, from, code, recipients);
            smtp.quit();
        }
    }

    private void message(SmtpClient smtp, String sender, String from, int code, String... recipients)
            throws IOException {
        int mark = milter.mark();
        assertThat(smtp.mail(sender).code()).isEqualTo(250);
        for (String recipient : recipients) {
            Reply reply = smtp.rcpt(recipient);
            assertThat(reply.code())
                    .as("%s: %s\n%s", recipient, reply, milter.text(mark))
                    .isEqualTo(250);
        }
        assertThat(smtp.command("DATA").code()).isEqualTo(354);
        Reply reply = smtp.command(from + "\r\nSubject: authors\r\n\r\nHello.\r\n.");
        assertThat(reply.code())
                .as("%s: %s\n%s", from, reply, milter.text(mark))
                .isEqualTo(code);
        if (code == 250) {
            deliveries.accepted(reply, sender, recipients);
        } else {
            assertThat(wired.mta().milterReply(reply))
                    .isEqualTo("550 5.7.1 Access denied: the From address may only be used by its own organization's"
                            + " servers");
            milter.awaitLine(mark, "verdict=reject cause=protected-header-from");
        }
    }
}
