package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real process, whose admin listener has peers that hold their connections. Each row says how long the others waited. */
@Tag("slow")
@Timeout(120)
@DisplayName("While peers hold connections,")
final class AdminPeersTest {

    private static final int MOST_ADMIN = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String CONFIGURATION = """
            listen = [ "inet:0@127.0.0.1" ]
            admin-listen = "inet:0@127.0.0.1"
            organizations.contoso { accepted-domains = [ "contoso.com" ], connectors.hq { addresses = [ "192.0.2.7" ] } }
            """;
    private static final Pattern PORTS = Pattern.compile("listening on inet:(\\d+)@.*admin on (?:port |inet:)(\\d+)");

    @TempDir
    private Path folder;

    private Process process;
    private InetSocketAddress mail;
    private InetSocketAddress admin;
    private final List<SocketChannel> peers = new ArrayList<>();

    /** Starts the daemon with so many descriptors. */
    private List<String> start(int openFiles) throws IOException {
        Path config = Files.writeString(folder.resolve("orgmilter.conf"), CONFIGURATION);
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + openFiles + " && exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-Xmx96m", "-Dlogback.configurationFile=conf/logback.xml", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of("io.github.orgmilter.cli.Main", "serve", "--allow-root", "--config", config.toString()));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader();
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            Matcher ports = PORTS.matcher(line);
            if (ports.find()) {
                mail = new InetSocketAddress("127.0.0.1", Integer.parseInt(ports.group(1)));
                admin = new InetSocketAddress("127.0.0.1", Integer.parseInt(ports.group(2)));
                Thread drain = new Thread(() -> drain(output));
                drain.setDaemon(true);
                drain.start();
                return said;
            }
        }
        throw new AssertionError("does not listen: " + said);
    }

    private static void drain(BufferedReader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // The process has ended.
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (SocketChannel peer : peers) {
            peer.close();
        }
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private void hold(InetSocketAddress address, int count, String octets) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel peer = SocketChannel.open(address);
            peer.socket().setReceiveBufferSize(4096);
            peer.write(ByteBuffer.wrap(octets.getBytes(StandardCharsets.US_ASCII)));
            peers.add(peer);
        }
    }

    private String call(String method, String path) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(admin, (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .findFirst()
                    .orElse("closed");
        }
    }

    private String deliver() throws IOException {
        try (MtaClient mta = MtaClient.connect(mail)) {
            mta.negotiate();
            mta.client("192.0.2.7");
            mta.mail("<a@contoso.com>");
            return mta.rcpt("<b@example.net>");
        }
    }

    private interface Call {
        String call() throws IOException;
    }

    private long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return open.count();
        }
    }

    @ParameterizedTest(name = "{0} connections, each having sent \"{1}\", of {2} open files")
    @CsvSource({
        "8, G, 4096",
        "400, G, 4096",
        "400, G, 400",
        "400, GET /metrics HTTP/1.1|Host: localhost||, 4096",
        "400, GET /metrics HTTP/1.1|Host: localhost||, 400",
        "400, POST /-/reload HTTP/1.1|Host: localhost|Content-Length: 60000||x, 400"
    })
    @DisplayName("probes, scrapes, reloads and mail are answered")
    void admin(int count, String sent, int openFiles) throws Exception {
        start(openFiles);
        long before = descriptors();
        hold(admin, count, sent.replace("|", "\r\n"));
        Map<String, Long> milliseconds = new TreeMap<>();
        for (int round = 0; round < 3; round++) {
            answers(milliseconds, "GET /healthz", () -> call("GET", "/healthz"), "HTTP/1.1 200 OK");
            answers(milliseconds, "GET /readyz", () -> call("GET", "/readyz"), "HTTP/1.1 200 OK");
            answers(milliseconds, "RCPT", this::deliver, "c");
        }
        answers(milliseconds, "GET /metrics", () -> call("GET", "/metrics"), "HTTP/1.1 200 OK");
        answers(milliseconds, "POST /-/reload", () -> call("POST", "/-/reload"), "HTTP/1.1 200 OK");
        assertThat(descriptors() - before)
                .as("descriptors that they hold")
                .isLessThanOrEqualTo(Math.min(MOST_ADMIN, openFiles / 8) + 8);
        System.out.printf(
                "AdminPeersTest: %d connections, %d open files, at most (ms): %s%n", count, openFiles, milliseconds);
    }

    private static void answers(Map<String, Long> milliseconds, String what, Call call, String answer)
            throws IOException {
        long begin = System.nanoTime();
        assertThat(call.call()).as(what).isEqualTo(answer);
        milliseconds.merge(what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin), Math::max);
    }

    @Test
    @DisplayName("of mail, more than there are descriptors for, the others wait, and all else goes on")
    void mail() throws Exception {
        assertThat(start(400))
                .anyMatch(
                        line -> line.matches(
                                ".*limits\\.connections is 10000, but the limit of 400 open files leaves only \\d+ for connections.*"));
        try (MtaClient first = MtaClient.connect(mail)) {
            first.negotiate();
            first.client("192.0.2.7");
            hold(mail, 600, "\0\0\0");
            assertThat(call("GET", "/healthz")).isEqualTo("HTTP/1.1 200 OK");
            assertThat(call("GET", "/metrics")).isEqualTo("HTTP/1.1 200 OK");
            assertThat(call("POST", "/-/reload"))
                    .as("a reload needs descriptors")
                    .isEqualTo("HTTP/1.1 200 OK");
            first.mail("<a@contoso.com>");
            assertThat(first.rcpt("<b@example.net>")).isEqualTo("c");
            SocketChannel last = peers.get(peers.size() - 1);
            last.configureBlocking(false);
            assertThat(last.read(ByteBuffer.allocate(1)))
                    .as("waiting, and not closed")
                    .isZero();
        }
        for (SocketChannel peer : peers) {
            peer.close();
        }
        await().ignoreExceptions().untilAsserted(() -> assertThat(deliver()).isEqualTo("c"));
    }
}
