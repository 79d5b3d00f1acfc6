package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon with next to no memory for the octets of its connections, which is not the heap's. */
@Timeout(120)
@DisplayName("When memory for buffers runs out,")
final class MemoryExhaustionTest {

    private static final int MOST_CONNECTIONS = 500;
    private static final byte[] HALF_A_FRAME = ByteBuffer.allocate(32 * 1024).putInt(60_000).put((byte) 'B').array();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-XX:MaxDirectMemorySize=2m", "-Dio.netty.maxDirectMemory=2097152"})
    @DisplayName("the daemon ends, and nothing is answered by what is left of it")
    void ends(String limit) throws Exception {
        Path config = Files.writeString(
                folder.resolve("orgmilter.conf"),
                "listen = [ \"inet:0@127.0.0.1\" ]\norganizations.contoso.accepted-domains = [ \"contoso.com\" ]\n");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        limit,
                        "-Dlogback.configurationFile=conf/logback.xml",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "io.github.orgmilter.cli.Main",
                        "serve",
                        "--allow-root",
                        "--config",
                        config.toString()))
                .redirectErrorStream(true)
                .start();
        List<SocketChannel> connections = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", port(output));
            for (int i = 0; i < MOST_CONNECTIONS && process.isAlive(); i++) {
                try {
                    SocketChannel connection = SocketChannel.open(address);
                    connections.add(connection);
                    connection.configureBlocking(false);
                    connection.write(ByteBuffer.wrap(HALF_A_FRAME));
                } catch (IOException e) {
                    // Refused or reset, since it has ended.
                }
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String said = output.lines().collect(Collectors.joining("\n"));
            assertThat(process.exitValue()).as(said).isEqualTo(3);
            assertThat(said).contains("orgmilter: terminating due to ").contains("OutOf");
            for (SocketChannel connection : connections) {
                assertThat(answer(connection)).isNotPositive();
            }
        } finally {
            for (SocketChannel connection : connections) {
                connection.close();
            }
            process.destroyForcibly().waitFor();
        }
    }

    private static int answer(SocketChannel connection) {
        try {
            return connection.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            return -1;
        }
    }

    private static int port(BufferedReader output) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("orgmilter listening on ")) {
                return Integer.parseInt(line.replaceAll(".*inet:(\\d+)@.*", "$1"));
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("it does not listen:\n" + said);
    }
}
