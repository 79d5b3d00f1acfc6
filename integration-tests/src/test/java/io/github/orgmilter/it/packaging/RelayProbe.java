package io.github.orgmilter.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.SmtpClient;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.mta.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Tries whether a Postfix with the milter behind it relays what it should and nothing else: by the
 * replies, and by what reaches the sink.
 */
record RelayProbe(Sink sink) {

    /** The client that {@link #ORGANIZATIONS} identifies, and one that they do not. */
    static final String OFFICE = "127.0.8.10";

    static final String STRANGER = "127.0.8.66";

    static final String ORGANIZATIONS = """
            organizations {
              contoso {
                accepted-domains = [ "contoso.com" ]
                connectors { office { addresses = [ "%s" ] } }
              }
            }
            """.formatted(OFFICE);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The office's mail is accepted and delivered, the stranger's refused. */
    void judge(InetSocketAddress postfix) throws IOException {
        only(postfix, OFFICE, STRANGER);
    }

    /** As {@link #judge}, with other roles. */
    void only(InetSocketAddress postfix, String accepted, String refused) throws IOException {
        sink.clear();
        assertThat(send(postfix, refused, 550))
                .contains("Relay access denied: " + refused + " is not a known customer");
        assertThat(send(postfix, accepted, 250)).contains("queued as");
        await().atMost(PATIENCE).until(() -> !sink.deliveries().isEmpty());
        assertThat(sink.deliveries()).containsExactly(new Delivery(accepted + "@contoso.com", "anna@outside.example"));
    }

    /** The milter is down: even the office is deferred. */
    void deferred(InetSocketAddress postfix) throws IOException {
        sink.clear();
        send(postfix, OFFICE, 451);
        assertThat(sink.deliveries()).isEmpty();
    }

    /** Sends a mail that bears its client's address as the sender; the reply that decided, of this code. */
    private static String send(InetSocketAddress postfix, String client, int code) throws IOException {
        try (SmtpClient smtp = connect(postfix, client)) {
            assertThat(smtp.read().code()).isEqualTo(220);
            assertThat(smtp.ehlo().code()).isEqualTo(250);
            Reply reply = smtp.mail(client + "@contoso.com");
            if (reply.positive()) {
                reply = smtp.rcpt("anna@outside.example");
            }
            if (reply.positive()) {
                reply = smtp.data("probe");
            }
            assertThat(reply.code()).as("%s", reply).isEqualTo(code);
            smtp.quit();
            return reply.toString();
        }
    }

    private static SmtpClient connect(InetSocketAddress postfix, String client) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> SmtpClient.connect(postfix, InetAddress.getByName(client)), connected -> true);
    }
}
