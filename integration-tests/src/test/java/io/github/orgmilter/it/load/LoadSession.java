package io.github.orgmilter.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.SmtpClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A session that does not end by itself. */
final class LoadSession implements AutoCloseable {
    private static final int FIRST_NUMBER = 1_000_000;
    private final long begin = System.nanoTime();
    private final LoadMessage.Sender sender;
    private final SmtpClient smtp;
    private final List<LoadMessage> messages = new ArrayList<>();

    LoadSession(InetSocketAddress service, LoadMessage.Sender sender) throws IOException {
        this.sender = sender;
        smtp = SmtpClient.connect(service, InetAddress.getByName(sender.source()));
        assertThat(smtp.read().code()).isEqualTo(220);
        assertThat(smtp.ehlo().code()).isEqualTo(250);
    }

    void send() throws IOException {
        LoadMessage message = new LoadMessage(FIRST_NUMBER + messages.size(), sender, begin, begin);
        message.heard(smtp.mail(message.from()));
        for (String recipient : message.recipients()) {
            message.heard(recipient, smtp.rcpt(recipient));
        }
        message.heardEnd(smtp.data("long session"));
        assertThat(message.taken() && !message.troubled()).as("%s", message).isTrue();
        messages.add(message);
    }

    void quit() throws IOException {
        smtp.quit();
    }

    LoadReport addTo(LoadReport report) {
        List<LoadMessage> all = new ArrayList<>(report.messages());
        all.addAll(messages);
        return new LoadReport(all);
    }

    @Override
    public void close() throws IOException {
        smtp.close();
    }
}
