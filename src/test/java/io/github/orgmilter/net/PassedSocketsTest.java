package io.github.orgmilter.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The listeners at sockets that the starting process holds")
final class PassedSocketsTest extends EchoServers {

    @Test
    @Timeout(60)
    @DisplayName("answer at sockets that the starting process holds, and leave a Unix socket's file to it")
    void inherited() throws Exception {
        Epoll.ensureAvailability();
        Path path = folder.resolve("sück");
        Socket tcp = Socket.newSocketStream();
        tcp.bind(new InetSocketAddress("127.0.0.1", 0));
        tcp.listen(1);
        Socket unix = Socket.newSocketDomain();
        unix.bind(new DomainSocketAddress(path.toString()));
        unix.listen(1);
        List<ListenAddress> addresses =
                List.of(new ListenAddress.Tcp("127.0.0.1", tcp.localAddress().getPort()), unix(path, "rw-rw----"));
        try (Server server =
                start(Transport.EPOLL, InheritedSockets.of(tcp.intValue(), unix.intValue()), addresses, false)) {
            assertThat(bound(server)).isEqualTo(addresses);
            for (ListenAddress address : addresses) {
                assertThat(answers(socket(address))).isTrue();
                assertThat(answers(socket(address))).isTrue();
            }
        }
        assertThat(path).exists();
    }

    @Test
    @DisplayName("find a socket's path among names that are no text")
    void strangeNames() throws Exception {
        String names = """
                Num       RefCount Protocol Flags    Type St Inode Path
                00000000aaaaaaaa: 00000002 00000000 00010000 0001 01 41 @half a letter: \u00c3
                00000000bbbbbbbb: 00000003 00000000 00000000 0001 03 42
                00000000cccccccc: 00000002 00000000 00010000 0001 01 43 /run/a b/s\u00c3\u00bc
                """;
        Path table = Files.writeString(folder.resolve("unix"), names, StandardCharsets.ISO_8859_1);
        assertThat(InheritedSockets.unixPath("43", table)).contains("/run/a b/sü");
        assertThat(InheritedSockets.unixPath("42", table)).isEmpty();
        assertThat(InheritedSockets.unixPath("44", table)).isEmpty();
    }

    @Test
    @DisplayName("refuse a socket that was passed and is not configured")
    void unwanted() throws Exception {
        Epoll.ensureAvailability();
        Socket tcp = Socket.newSocketStream();
        tcp.bind(new InetSocketAddress("127.0.0.1", 0));
        tcp.listen(1);
        int port = tcp.localAddress().getPort();
        InheritedSockets inherited = InheritedSockets.of(tcp.intValue());
        assertThatThrownBy(
                        () -> start(Transport.EPOLL, inherited, List.of(unix(folder.resolve("s"), "rw-rw----")), false))
                .isInstanceOf(IOException.class)
                .hasMessage("a socket was passed for inet:" + port
                        + "@127.0.0.1; it is in none of listen, policy-listen and map-listen; add it there, or"
                        + " take it out of the socket unit");
        tcp.close();
    }

    @Test
    @Timeout(60)
    @DisplayName("take inherited sockets over by no name that another user can reach")
    void privateNames() throws Exception {
        Epoll.ensureAvailability();
        Set<String> names = ConcurrentHashMap.newKeySet();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> watch = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try (Stream<String> lines = Files.lines(Path.of("/proc/net/unix"), StandardCharsets.ISO_8859_1)) {
                    lines.map(line -> line.replaceAll(".* ", ""))
                            .filter(name -> name.startsWith("@orgmilter-") || name.contains("/orgmilter-fd-"))
                            .forEach(names::add);
                } catch (IOException | UncheckedIOException e) {
                    // It changes while it is read.
                }
            }
        });
        Socket tcp = Socket.newSocketStream();
        tcp.bind(new InetSocketAddress("127.0.0.1", 0));
        tcp.listen(1);
        for (int i = 0; i < 20_000 && names.isEmpty(); i++) {
            InheritedSockets.of(tcp.intValue());
        }
        done.set(true);
        watch.get();
        tcp.close();
        assertThat(names)
                .isNotEmpty()
                .allMatch(name -> name.startsWith(System.getProperty("java.io.tmpdir") + "/orgmilter-fd-"));
        Path like = Files.createTempDirectory(folder, "x", InheritedSockets.OWNER_ONLY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(like)))
                .isEqualTo("rwx------");
    }
}
