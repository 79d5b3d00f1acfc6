package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.net.ConnectionLimit;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.Server;
import io.github.orgmilter.net.Service;
import io.github.orgmilter.policy.Policy;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a real Unix socket, whose buffers are small: a peer that asks and asks, and does not read what it is answered. */
@Timeout(120)
@DisplayName("A peer that does not read its answers")
final class SlowPeerTest {

    private static final int TRIED = 64 * 1024 * 1024;
    private static final Duration STALLED = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

    private final AtomicInteger limited = new AtomicInteger();

    private final SessionObserver observer = new CountsNothing() {
        @Override
        public void limited(Limit limit) {
            assertThat(limit).isEqualTo(Limit.UNREAD_OUTPUT);
            limited.incrementAndGet();
        }
    };

    private static byte[] frame(char command, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .putInt(1 + payload.length)
                .put((byte) command)
                .put(payload)
                .array();
    }

    private static SocketChannel session(UnixDomainSocketAddress address) throws IOException {
        SocketChannel socket = SocketChannel.open(address);
        write(
                socket,
                frame(
                        'O',
                        ByteBuffer.allocate(12)
                                .putInt(6)
                                .putInt(0x1ff)
                                .putInt(0x1fffff)
                                .array()));
        assertThat(answer(socket)).isEqualTo((byte) 'O');
        write(socket, frame('C', "client\0" + "4\060\071192.0.2.7\0"));
        write(socket, frame('M', "<a@example.org>\0"));
        return socket;
    }

    private static byte[] frame(char command, String payload) {
        return frame(command, payload.getBytes(StandardCharsets.US_ASCII));
    }

    private static void write(SocketChannel socket, byte[] octets) throws IOException {
        for (ByteBuffer rest = ByteBuffer.wrap(octets); rest.hasRemaining(); ) {
            socket.write(rest);
        }
    }

    private static byte answer(SocketChannel socket) throws IOException {
        DataInputStream in = new DataInputStream(Channels.newInputStream(socket));
        return in.readNBytes(in.readInt())[0];
    }

    @Tag("slow")
    @Test
    @DisplayName("is not read either, delays nobody, and gets every answer in the end")
    void isNotRead() throws Exception {
        Path path = folder.resolve("s");
        Policy policy = Policies.twoOrganizations();
        Service service = MilterService.of(
                List.of(new ListenAddress.Unix(path, PosixFilePermissions.fromString("rw-rw----"), Optional.empty())),
                () -> policy,
                () -> Limits.DEFAULT,
                Policies.ROOM,
                observer,
                Optional.empty(),
                Optional.empty(),
                HeaderRules.NONE);
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        byte[] recipient = frame('R', "<b@example.net>\0");
        try (Server server = Server.start(
                        List.of(service), false, new ConnectionLimit(() -> 100, Integer.MAX_VALUE, limit -> {}));
                SocketChannel greedy = session(address)) {
            assertThat(server.addresses(service)).hasSize(1);
            greedy.configureBlocking(false);
            ByteBuffer many = ByteBuffer.allocate(1000 * recipient.length);
            for (int i = 0; i < 1000; i++) {
                many.put(recipient);
            }
            many.flip();
            long sent = 0;
            long lastProgress = System.nanoTime();
            while (sent < TRIED && System.nanoTime() - lastProgress < STALLED.toNanos()) {
                int written = greedy.write(many);
                if (written > 0) {
                    sent += written;
                    lastProgress = System.nanoTime();
                } else {
                    Thread.sleep(10);
                }
                if (!many.hasRemaining()) {
                    many.rewind();
                }
            }
            assertThat(sent).as("octets that were taken from it").isLessThan(4 * 1024 * 1024);
            await().until(() -> limited.get() > 0);

            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                try (SocketChannel other = session(address)) { // on each of the event loops
                    write(other, recipient);
                    assertThat(answer(other)).isEqualTo((byte) 'y');
                }
            }

            // A last frame in two halves, as it happened to stop.
            long frames = sent / recipient.length;
            greedy.configureBlocking(true);
            CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> {
                try {
                    DataInputStream in = new DataInputStream(Channels.newInputStream(greedy));
                    long answers = 0;
                    while (answers < frames) {
                        assertThat(in.readNBytes(in.readInt())[0]).isEqualTo((byte) 'y');
                        answers++;
                    }
                    return answers;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(read).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(frames);
        }
    }

    @Test
    @DisplayName("is closed where there is no memory for the answers that wait for it")
    void isClosed() throws Exception {
        Path path = folder.resolve("s");
        Policy policy = Policies.twoOrganizations();
        List<Limit> counted = new CopyOnWriteArrayList<>();
        Service service = MilterService.of(
                List.of(new ListenAddress.Unix(path, PosixFilePermissions.fromString("rw-rw----"), Optional.empty())),
                () -> policy,
                () -> Limits.DEFAULT,
                new ConnectionMemory(() -> OptionalLong.of(48 * 1024), counted::add),
                observer,
                Optional.empty(),
                Optional.empty(),
                HeaderRules.NONE);
        byte[] recipient = frame('R', "<b@example.net>\0");
        try (Server server = Server.start(
                        List.of(service), false, new ConnectionLimit(() -> 100, Integer.MAX_VALUE, limit -> {}));
                SocketChannel greedy = session(UnixDomainSocketAddress.of(path))) {
            assertThat(server.addresses(service)).hasSize(1);
            assertThatThrownBy(() -> {
                        for (long sent = 0; sent < TRIED; sent += recipient.length) {
                            write(greedy, recipient);
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(counted).containsExactly(Limit.MEMORY);
        }
    }
}
