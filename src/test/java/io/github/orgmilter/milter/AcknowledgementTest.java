package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.orgmilter.config.Limits;
import io.github.orgmilter.config.ListenAddress;
import io.github.orgmilter.net.ConnectionLimit;
import io.github.orgmilter.net.Server;
import io.github.orgmilter.net.Service;
import io.github.orgmilter.policy.Policy;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real TCP, as the kernel tells it. */
@Timeout(60)
@DisplayName("What is answered by nothing")
final class AcknowledgementTest {

    private static void send(DataOutputStream out, char command, String payload) throws Exception {
        byte[] octets = payload.getBytes(StandardCharsets.ISO_8859_1);
        byte[] frame = new byte[5 + octets.length];
        frame[3] = (byte) (1 + octets.length);
        frame[4] = (byte) command;
        System.arraycopy(octets, 0, frame, 5, octets.length);
        out.write(frame);
    }

    private static void ask(DataOutputStream out, DataInputStream in, char command, String payload) throws Exception {
        send(out, command, payload);
        assertThat(in.readNBytes(in.readInt())).isNotEmpty();
    }

    @Test
    @DisplayName("is acknowledged at once, though the system would wait for an answer to send along")
    void atOnce() throws Exception {
        assumeTrue(Epoll.isAvailable(), "the native transport");
        Policy policy = Policies.twoOrganizations();
        Service milter = MilterService.of(
                List.of(new ListenAddress.Tcp("127.0.0.1", 0)),
                () -> policy,
                () -> Limits.DEFAULT,
                SessionObserver.NONE,
                Optional.empty());
        CompletableFuture<EpollSocketChannel> accepted = new CompletableFuture<>();
        Service watched = new Service(
                milter.addresses(),
                channel -> {
                    accepted.complete((EpollSocketChannel) channel);
                    milter.pipeline().accept(channel);
                },
                true);
        try (Server server = Server.start(List.of(watched), false, new ConnectionLimit(() -> 10, limit -> {}))) {
            int port = ((ListenAddress.Tcp) server.addresses(watched).get(0)).port();
            try (Socket mta = new Socket("127.0.0.1", port)) {
                DataOutputStream out = new DataOutputStream(mta.getOutputStream());
                DataInputStream in = new DataInputStream(mta.getInputStream());
                ask(out, in, 'O', "\0\0\0\6\0\0\1\377\0\37\377\377");
                send(out, 'C', "client\0" + "4\060\071192.0.2.7\0");
                send(out, 'M', "<a@example.org>\0");
                for (int i = 0; i < 10; i++) {
                    ask(out, in, 'R', "<b@contoso.com>\0");
                }
                EpollSocketChannel channel = accepted.get();
                assertThat(channel.config().isTcpQuickAck()).as("in a dialogue").isFalse();
                send(out, 'D', "T");
                await().untilAsserted(() -> assertThat(channel.config().isTcpQuickAck()).isTrue());
            }
        }
    }
}
