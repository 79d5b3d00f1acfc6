package io.github.orgmilter.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The listeners")
final class ServerTest extends EchoServers {

    @Test
    @DisplayName("use epoll on Linux")
    void epoll() {
        assertThat(Epoll.isAvailable()).as("%s", Epoll.unavailabilityCause()).isTrue();
        assertThat(Transport.best()).isEqualTo(Transport.EPOLL);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("answer over IPv4, IPv6 and a Unix socket at once")
    void answers(Transport transport) throws Exception {
        Path path = folder.resolve("orgmilter.sock");
        List<ListenAddress> addresses = List.of(
                new ListenAddress.Tcp("127.0.0.1", 0), new ListenAddress.Tcp("::1", 0), unix(path, "rw-rw----"));
        try (Server server = start(transport, addresses)) {
            List<ListenAddress> bound = bound(server);
            assertThat(bound.get(0).toString()).matches("inet:[1-9][0-9]*@127\\.0\\.0\\.1");
            assertThat(bound.get(1).toString()).matches("inet6:[1-9][0-9]*@::1");
            assertThat(bound.get(2).toString()).isEqualTo("unix:" + path);
            for (ListenAddress address : bound) {
                assertThat(answers(socket(address))).isTrue();
            }
        }
        assertThat(path).doesNotExist();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("say which port is taken")
    void takenPort() throws Exception {
        try (Server first = start(List.of(new ListenAddress.Tcp("127.0.0.1", 0)))) {
            ListenAddress taken = bound(first).get(0);
            assertThatThrownBy(() -> start(List.of(taken)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on " + taken + ": ")
                    .hasMessageContaining("Address already in use");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("have the system ask after a silent peer over TCP")
    void keepAlive(Transport transport) throws Exception {
        List<ListenAddress> addresses =
                List.of(new ListenAddress.Tcp("127.0.0.1", 0), unix(folder.resolve("s"), "rw-rw----"));
        CompletableFuture<Boolean> tcp = new CompletableFuture<>();
        CompletableFuture<Integer> seconds = new CompletableFuture<>();
        Service service = new Service(
                addresses,
                channel -> {
                    channel.pipeline().addLast(new Echo());
                    if (channel.localAddress() instanceof InetSocketAddress) {
                        tcp.complete(channel.config().getOption(ChannelOption.SO_KEEPALIVE));
                        seconds.complete(channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE));
                    }
                },
                true);
        try (Server server = Server.start(transport, InheritedSockets.NONE, List.of(service), false, UNLIMITED)) {
            for (ListenAddress address : server.addresses(service)) {
                assertThat(answers(socket(address))).isTrue();
            }
            assertThat(tcp).isCompletedWithValue(true);
            assertThat(seconds).isCompletedWithValue(transport == Transport.EPOLL ? 300 : null); // NIO cannot say so
        }
    }

    @Test
    @DisplayName("close the sessions when they stop")
    void stop() throws Exception {
        Server server = start(List.of(new ListenAddress.Tcp("127.0.0.1", 0)));
        try (SocketChannel client = SocketChannel.open(socket(bound(server).get(0)))) {
            assertThat(answers(client)).isTrue();
            server.close();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("let the sessions end before they stop, and take no new ones meanwhile")
    void drain() throws Exception {
        Server server = start(List.of(new ListenAddress.Tcp("127.0.0.1", 0)));
        SocketAddress address = socket(bound(server).get(0));
        CompletableFuture<Void> drained;
        try (SocketChannel client = SocketChannel.open(address)) {
            assertThat(answers(client)).isTrue();
            drained = CompletableFuture.runAsync(() -> server.drain(Duration.ofMinutes(1)));
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> SocketChannel.open(address).close())
                    .isInstanceOf(ConnectException.class));
            assertThat(answers(client)).as("the session goes on").isTrue();
            assertThat(drained).isNotDone();
        }
        assertThat(drained).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("close the sessions that do not end in time")
    void drainInTime() throws Exception {
        Server server = start(List.of(new ListenAddress.Tcp("127.0.0.1", 0)));
        try (SocketChannel client = SocketChannel.open(socket(bound(server).get(0)))) {
            assertThat(answers(client)).isTrue();
            server.drain(Duration.ofMillis(10));
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("tell connections that nobody waits for that it drains, and close them when the sessions have ended")
    void others() throws Exception {
        CompletableFuture<Object> told = new CompletableFuture<>();
        Service sessions = new Service(
                List.of(new ListenAddress.Tcp("127.0.0.1", 0)),
                channel -> channel.pipeline().addLast(new Echo()),
                true);
        Service others = new Service(
                List.of(new ListenAddress.Tcp("127.0.0.1", 0)),
                channel -> channel.pipeline().addLast(new Echo(), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext context, Object event) {
                        told.complete(event);
                    }
                }),
                false);
        Server server = Server.start(List.of(sessions, others), false, UNLIMITED);
        try (SocketChannel session =
                        SocketChannel.open(socket(server.addresses(sessions).get(0)));
                SocketChannel other =
                        SocketChannel.open(socket(server.addresses(others).get(0)))) {
            assertThat(answers(session)).isTrue();
            assertThat(answers(other)).isTrue();
            CompletableFuture<Void> drained = CompletableFuture.runAsync(() -> server.drain(Duration.ofMinutes(1)));
            assertThat(told).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(Server.DRAINING);
            assertThat(answers(other)).isTrue();
            assertThat(drained).isNotDone();
            session.shutdownOutput();
            assertThat(drained).succeedsWithin(Duration.ofSeconds(20));
            assertThat(other.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }
}
