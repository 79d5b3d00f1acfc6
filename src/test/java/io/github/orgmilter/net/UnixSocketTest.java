package io.github.orgmilter.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The listeners at Unix sockets")
final class UnixSocketTest extends EchoServers {

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("give a Unix socket its mode")
    void mode(Transport transport) throws Exception {
        Path path = folder.resolve("s");
        try (Server server = start(transport, List.of(unix(path, "rw-rw-rw-")))) {
            assertThat(bound(server)).hasSize(1);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw-rw-");
        }
    }

    @Test
    @DisplayName("replace a stale socket")
    void stale() throws Exception {
        Path path = folder.resolve("s");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        try (Server server = start(List.of(unix(path, "rw-rw----")))) {
            assertThat(answers(socket(bound(server).get(0)))).isTrue();
        }
    }

    @Test
    @DisplayName("never steal a live socket, and leave nothing bound when one address fails")
    void live() throws Exception {
        Path path = folder.resolve("s");
        Path other = folder.resolve("other");
        try (ServerSocketChannel owner = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            owner.bind(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(() -> start(List.of(unix(other, "rw-rw----"), unix(path, "rw-rw----"))))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "another process listens on " + path + "; stop it, listen elsewhere, or use --take-over");
            assertThat(folder).isDirectoryNotContaining(file -> !file.equals(path));
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                assertThat(client.isConnected()).isTrue();
            }
        }
    }

    @Test
    @DisplayName("leave a socket alone that a successor has put under the same name")
    void successor() throws Exception {
        Path path = folder.resolve("s");
        Server old = start(List.of(unix(path, "rw-rw----")));
        Files.delete(path);
        try (Server successor = start(List.of(unix(path, "rw-rw----")))) {
            old.close();
            assertThat(answers(socket(bound(successor).get(0)))).isTrue();
        }
    }

    @Test
    @DisplayName("hand a Unix socket over to a successor without a moment in which nobody listens")
    void takeOver() throws Exception {
        Path path = folder.resolve("s");
        ListenAddress address = unix(path, "rw-rw----");
        Server old = start(List.of(address));
        try (SocketChannel session = SocketChannel.open(socket(address))) {
            assertThat(answers(session)).isTrue();
            try (Server successor = start(Transport.best(), InheritedSockets.NONE, List.of(address), true)) {
                assertThat(answers(session)).as("the old session goes on").isTrue();
                CompletableFuture<Void> drained = CompletableFuture.runAsync(() -> old.drain(Duration.ofMinutes(1)));
                assertThat(answers(socket(address))).isTrue();
                session.shutdownOutput();
                assertThat(drained).succeedsWithin(Duration.ofSeconds(20));
                assertThat(answers(socket(bound(successor).get(0)))).isTrue();
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("say what stands in the way of a Unix socket")
    void refusals() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertRefused(unix(file, "rw-rw----"), file + " is not a socket; move it away, or listen elsewhere");
        assertThat(file).hasContent("x");
        Path orphan = folder.resolve("none").resolve("s");
        assertRefused(
                unix(orphan, "rw-rw----"),
                "the folder of " + orphan + " does not exist; create it, writable for this user");
        Path deep = folder.resolve("x".repeat(120));
        assertRefused(unix(deep, "rw-rw----"), deep + " is too long for a socket; use a shorter path");
        Path path = folder.resolve("s");
        assertRefused(
                new ListenAddress.Unix(
                        path, PosixFilePermissions.fromString("rw-rw----"), Optional.of("no-such-group")),
                "the group no-such-group of " + path + " does not exist; create it, or name another");
        assertThat(path).doesNotExist();
    }
}
