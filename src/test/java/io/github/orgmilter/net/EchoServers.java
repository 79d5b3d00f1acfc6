package io.github.orgmilter.net;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Servers that send back what they get, for the tests of their sockets. */
abstract class EchoServers {

    static final ConnectionLimit UNLIMITED =
            new ConnectionLimit(() -> Integer.MAX_VALUE, Integer.MAX_VALUE, limit -> {});

    @TempDir
    Path folder;

    final Map<Server, Service> services = new HashMap<>();

    Server start(List<ListenAddress> addresses) throws IOException {
        return start(Transport.best(), addresses);
    }

    Server start(Transport transport, List<ListenAddress> addresses) throws IOException {
        return start(transport, InheritedSockets.NONE, addresses, false);
    }

    Server start(Transport transport, InheritedSockets inherited, List<ListenAddress> addresses, boolean takeOver)
            throws IOException {
        Service echo = new Service(addresses, channel -> channel.pipeline().addLast(new Echo()), true);
        Server server = Server.start(transport, inherited, List.of(echo), takeOver, UNLIMITED);
        services.put(server, echo);
        return server;
    }

    List<ListenAddress> bound(Server server) {
        return server.addresses(services.get(server));
    }

    void assertRefused(ListenAddress address, String message) {
        assertThatThrownBy(() -> start(List.of(address)))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    static ListenAddress unix(Path path, String mode) {
        return new ListenAddress.Unix(path, PosixFilePermissions.fromString(mode), Optional.empty());
    }

    static SocketAddress socket(ListenAddress address) {
        return address instanceof ListenAddress.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : UnixDomainSocketAddress.of(((ListenAddress.Unix) address).path());
    }

    /** Sends back what it gets. */
    static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext channel, Object octets) {
            channel.writeAndFlush(octets);
        }
    }

    static boolean answers(SocketAddress address) throws IOException {
        try (SocketChannel client = SocketChannel.open(address)) {
            return answers(client);
        }
    }

    static boolean answers(SocketChannel client) throws IOException {
        client.write(ByteBuffer.wrap(new byte[] {42}));
        ByteBuffer answer = ByteBuffer.allocate(1);
        return client.read(answer) == 1 && answer.get(0) == 42;
    }
}
