package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.daemon.CollectingDaemon;
import io.github.orgmilter.daemon.MtaClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon as a process of its own, with little memory, and peers that would have all of it. */
@Timeout(180)
@DisplayName("With little memory,")
@Tag("slow")
final class MemoryExhaustionTest {

    private static final String CONTOSO =
            "shutdown-timeout = 1s\nlisten = [ \"inet:0@127.0.0.1\" ]\norganizations.contoso.accepted-domains = [ \"contoso.com\" ]\n";
    private static final int MOST_CONNECTIONS = 500;

    @TempDir
    private Path folder;

    private final List<SocketChannel> connections = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }

    private Path config(String more) throws IOException {
        return Files.writeString(folder.resolve("orgmilter.conf"), CONTOSO + more);
    }

    private static byte[] unfinished(int octets) {
        return Arrays.copyOf(new byte[] {0, 1, 0x0d, (byte) 0x88, 'B'}, octets); // of 69,000
    }

    /** Opens connections that each begin a frame, and keeps them. */
    private void begin(InetSocketAddress address, int count, int octets) {
        for (int i = 0; i < count; i++) {
            try {
                SocketChannel connection = SocketChannel.open(address);
                connections.add(connection);
                connection.configureBlocking(false);
                connection.write(ByteBuffer.wrap(unfinished(octets)));
            } catch (IOException e) {
                // Refused or reset.
            }
        }
    }

    private static int answer(SocketChannel connection) {
        try {
            return connection.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            return -1;
        }
    }

    private static void serves(InetSocketAddress address) throws IOException {
        try (MtaClient mta = MtaClient.connect(address)) {
            mta.negotiate();
            mta.client("192.0.2.7");
            mta.mail("<a@example.org>");
            assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo("c");
            assertThat(mta.rcpt("<b@example.net>")).startsWith("y550");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:MaxDirectMemorySize=2m", "-Dio.netty.maxDirectMemory=2097152"})
    @DisplayName("none left for buffers: the daemon ends, and nothing is answered by what is left of it")
    void ends(String limit) throws Exception {
        try (ChildProcess daemon = ChildProcess.daemon(config("limits.memory = 1GiB"), limit)) {
            begin(daemon.address(), MOST_CONNECTIONS, 32 * 1024);
            assertThat(daemon.exitValue()).as(daemon.said()).isEqualTo(3);
            assertThat(daemon.said()).contains("orgmilter: terminating due to ").contains("OutOf");
            assertThat(connections)
                    .allSatisfy(connection -> assertThat(answer(connection)).isNotPositive());
        }
    }

    @Test
    @DisplayName("so that the collector gets no room and nothing else the processor, the daemon ends")
    void collects() throws Exception {
        List<String> command = ChildProcess.java(CollectingDaemon.class, config(""), "-XX:+UseSerialGC", "-Xmx64m");
        try (ChildProcess daemon = ChildProcess.start(command)) {
            assertThat(daemon.exitValue()).as(daemon.said()).isEqualTo(3);
            assertThat(daemon.said())
                    .contains("orgmilter: terminating due to java.lang.OutOfMemoryError: GC overhead limit exceeded");
        }
    }

    @ParameterizedTest(name = "{0}, HELO, sender and {3} recipients of {1} times {2}")
    @CsvSource({"-Xmx128m, 660, \u200B, 12000", "-Xmx64m, 20000, \u0436, 3000"}) // more than the heap
    @DisplayName("a log that nobody reads loses lines, and mail goes on")
    void unreadLog(String heap, int times, String unit, int recipients) throws Exception {
        String name = unit.repeat(times);
        try (ChildProcess daemon = ChildProcess.daemon(config(""), "-XX:+UseSerialGC", heap)) {
            InetSocketAddress address = daemon.address();
            try (MtaClient mta = MtaClient.connect(address)) {
                mta.negotiate();
                mta.client("192.0.2.7");
                for (int i = 0; i < recipients; i++) {
                    if (i % 100 == 0) {
                        mta.send('H', (name + "\0").getBytes(StandardCharsets.UTF_8));
                        mta.mail("<" + name + "@example.org>");
                    }
                    assertThat(mta.rcpt("<" + name + i + "@example.net>")).startsWith("y550");
                }
            }
            serves(address);
            assertThat(Long.parseLong(daemon.after("log: dropped lines=").replaceAll(",.*", "")))
                    .isPositive();
            daemon.terminate();
            assertThat(daemon.exitValue()).isZero();
        }
    }

    @ParameterizedTest(name = "-Xmx64m, {0} connections with {1} octets")
    @CsvSource({"1000, 68000", "3000, 1", "3000, 10000"})
    @DisplayName(
            "as many unfinished frames as there may be connections are closed where there is no room, and mail goes on")
    void unfinishedFrames(int count, int octets) throws Exception {
        try (ChildProcess daemon = ChildProcess.daemon(config(""), "-XX:+UseSerialGC", "-Xmx64m")) {
            InetSocketAddress address = daemon.address();
            begin(address, count, octets);
            daemon.after("limit=memory action=close");
            IntStream.range(0, connections.size() / 2).forEach(i -> closeQuietly(connections.get(i)));
            await().ignoreExceptions().untilAsserted(() -> serves(address));
            assertThat(connections.subList(connections.size() / 2, connections.size()))
                    .allSatisfy(connection -> assertThat(answer(connection)).isNotPositive());
            daemon.terminate();
            assertThat(daemon.exitValue()).isZero();
            assertThat(daemon.said().split("limit=memory", -1)).hasSizeLessThan(10);
        }
    }

    private static void closeQuietly(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
