package io.github.orgmilter.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.orgmilter.admin.Route.Access;
import io.github.orgmilter.admin.Route.Turn;
import io.github.orgmilter.net.ListenAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Over real sockets, with requests written by hand. In a table, {@code |} ends a line and {@code ~} is a long word. */
@Timeout(60)
@DisplayName("The admin listener")
final class AdminServerTest {

    private static final ListenAddress TCP = new ListenAddress.Tcp("127.0.0.1", 0);
    private static final byte[] LARGE =
            "0123456789abcdef".repeat(256 * 1024).getBytes(StandardCharsets.US_ASCII); // 4 MiB

    private static final int HUGE = 32 * 1024 * 1024; // more than the system keeps for a connection

    @TempDir
    private Path folder;

    private static final AtomicInteger CHANGES = new AtomicInteger();
    private static AdminServer shared;
    private static CountDownLatch release;
    private AdminServer server;

    private static final List<Route> ROUTES = List.of(
            new Route("GET", "/probe", Access.PROBE, Turn.AT_ONCE, request -> Answer.ok("alive")),
            new Route("GET", "/figures", Access.OPERATOR, Turn.READING, request -> Answer.of("text/plain", LARGE)),
            new Route("GET", "/huge", Access.PROBE, Turn.READING, request -> Answer.of("text/plain", new byte[HUGE])),
            new Route("GET", "/page", Access.PROBE, Turn.READING, request -> Answer.ok("page")),
            new Route("POST", "/page", Access.PROBE, Turn.AT_ONCE, request -> Answer.ok("posted")),
            new Route("GET", "/broken", Access.PROBE, Turn.READING, request -> {
                throw new IllegalStateException("of ours");
            }),
            new Route("GET", "/unlinked", Access.PROBE, Turn.READING, request -> {
                throw new NoClassDefFoundError("of ours");
            }),
            new Route("POST", "/change", Access.OPERATOR, Turn.CHANGING, request -> {
                CHANGES.incrementAndGet();
                return Answer.ok("changed");
            }),
            new Route("POST", "/wait", Access.PROBE, Turn.CHANGING, request -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return Answer.ok("waited");
            }),
            new Route("GET", "/events", Access.OPERATOR, Turn.AT_ONCE, request -> {
                AtomicInteger count = new AtomicInteger();
                return Answer.events(() -> "data: " + count.incrementAndGet() + "\n\n");
            }),
            new Route(
                    "GET",
                    "/failing-events",
                    Access.OPERATOR,
                    Turn.AT_ONCE,
                    request -> Answer.events(() -> {
                        throw new IllegalStateException("as it should");
                    })),
            new Route(
                    "GET",
                    "/unlinked-events",
                    Access.OPERATOR,
                    Turn.AT_ONCE,
                    request -> Answer.events(() -> {
                        throw new NoClassDefFoundError("as it should");
                    })));

    private static AdminServer.Access access() {
        return new AdminServer.Access(() -> Set.of("admin.example.net"), Optional::empty);
    }

    private static AdminLimits limits(int connections, Duration time) {
        return new AdminLimits(connections, 4096, 16 * 1024, 64 * 1024, time, time, 2, time, 16 * 1024 * 1024);
    }

    @BeforeAll
    static void startShared() throws IOException {
        ((Logger) LoggerFactory.getLogger(RequestHandler.class))
                .setLevel(Level.OFF); // it says what is asked for to fail
        shared = AdminServer.start(TCP, false, limits(64, Duration.ofSeconds(20)), access(), ROUTES);
    }

    @AfterAll
    static void stopShared() {
        shared.close();
        ((Logger) LoggerFactory.getLogger(RequestHandler.class)).setLevel(null);
    }

    private void start(ListenAddress address, AdminLimits limits) throws IOException {
        server = AdminServer.start(address, false, limits, access(), ROUTES);
    }

    @BeforeEach
    void useShared() {
        server = shared;
        release = new CountDownLatch(1);
        CHANGES.set(0);
    }

    @AfterEach
    void stop() {
        release.countDown();
        if (server != shared) {
            server.close();
        }
    }

    private SocketChannel connect() throws IOException {
        SocketAddress address = server.address() instanceof ListenAddress.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : UnixDomainSocketAddress.of(((ListenAddress.Unix) server.address()).path());
        return SocketChannel.open(address);
    }

    private SocketChannel send(String request) throws IOException {
        SocketChannel socket = connect();
        String text = request.replace("|", "\r\n").replace("~", "x".repeat(20_000));
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (octets.hasRemaining()) {
            socket.write(octets);
        }
        return socket;
    }

    private static String answer(SocketChannel socket) throws IOException {
        try (socket) {
            return new String(Channels.newInputStream(socket).readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private String ask(String request) throws IOException {
        return answer(send(request));
    }

    /** The status, what is allowed, and the first line of the body. */
    private static String brief(String answer) {
        if (answer.isEmpty()) {
            return "closed";
        }
        String[] parts = answer.split("\r\n\r\n", 2);
        String allow = parts[0].lines()
                .filter(line -> line.startsWith("allow: ") || line.startsWith("Allow: "))
                .map(line -> " " + line)
                .findFirst()
                .orElse("");
        return parts[0].substring(9, 12)
                + allow
                + parts[1].lines().findFirst().map(line -> " " + line).orElse("");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '>', quoteCharacter = '`', textBlock = """
            GET /probe HTTP/1.1|Host: x||                               > 200 alive
            GET /probe?a=b HTTP/1.1|Host: x||                           > 200 alive
            GET /probe HTTP/1.0||                                       > 200 alive
            HEAD /probe HTTP/1.1|Host: x||                              > 200
            HEAD /change HTTP/1.1|Host: x||                             > 405 Allow: POST
            GET /change HTTP/1.1|Host: x||                              > 405 Allow: POST allowed methods: POST
            OPTIONS /change HTTP/1.1|Host: x||                          > 405 Allow: POST allowed methods: POST
            DELETE /page HTTP/1.1|Host: x||                             > 405 Allow: GET, HEAD, POST allowed methods: GET, HEAD, POST
            POST /page HTTP/1.1|Host: x|Content-Length: 3||abc          > 200 posted
            POST /page HTTP/1.1|Host: x|Transfer-Encoding: chunked||1|a|0|| > 200 posted
            POST /page HTTP/1.1|Host: x|Content-Length: 65536||~~~~     > 200 posted
            POST /page HTTP/1.1|Host: x|Content-Length: 70000||~~~~     > 413 the body of the request is too long
            POST /page HTTP/1.1|Host: x|Content-Length: 70000|Expect: 100-continue|| > 413 the body of the request is too long
            POST /page HTTP/1.1|Host: x|Transfer-Encoding: chunked||11170|~~~~| > 413 the body of the request is too long
            GET /nothing HTTP/1.1|Host: x||                             > 404 not found
            GET /probe/ HTTP/1.1|Host: x||                              > 404 not found
            GET /prob%65 HTTP/1.1|Host: x||                             > 404 not found
            GET /broken HTTP/1.1|Host: x||                              > 500 the request failed; the log has the cause
            GET /unlinked HTTP/1.1|Host: x||                            > 500 the request failed; the log has the cause
            GET /probe HTTP/1.1||                                       > 400 the request has no Host header
            GET /probe HTTP/1.1|Host: x|Host: y||                       > 400 the request's Host header is not a single host and port
            GET /probe HTTP/1.1|Host: x y||                             > 400 the request's Host header is not a single host and port
            GET /probe HTTP/1.1|Host: [::1||                            > 400 the request's Host header is not a single host and port
            GET http://x/probe HTTP/1.1|Host: x||                       > 400 the request target must be a path that begins with /
            OPTIONS * HTTP/1.1|Host: x||                                > 400 the request target must be a path that begins with /
            GET /probe HTTP/2.0|Host: x||                               > 505 only HTTP/1.1 and HTTP/1.0 are supported
            GET /~ HTTP/1.1|Host: x||                                   > 414 the request line is too long
            GET /probe HTTP/1.1|Host: x|X: ~||                          > 431 the header of the request is too long
            nonsense||                                                  > 400 this is not an HTTP request
            GET /probe HTTP/1.1|Host: x|Content-Length: -1||            > 400 this is not an HTTP request
            GET /probe HTTP/1.1|Host: x||GET /probe HTTP/1.1|Host: x||  > 200 alive
            """)
    @DisplayName("answers")
    void answers(String request, String expected) throws Exception {
        String answer = ask(request);
        assertThat(brief(answer)).isEqualTo(expected);
        assertThat(answer.split("HTTP/1\\.1 [0-9]{3} ", -1)).as("one answer").hasSize(2);
        assertThat(answer).contains("connection: close").doesNotContain("Exception", "\tat ");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '>', quoteCharacter = '`', textBlock = """
            Host: 127.0.0.1:9033|                                                     > 200 changed
            Host: 127.0.0.1|                                                          > 200 changed
            Host: localhost:9999|                                                     > 200 changed
            Host: LocalHost|                                                          > 200 changed
            Host: [::1]:9033|                                                         > 200 changed
            Host: 127.8.9.10|                                                         > 200 changed
            Host: admin.example.net|                                                  > 200 changed
            Host: 127.0.0.1:9033|Origin: http://127.0.0.1:9033|Sec-Fetch-Site: same-origin| > 200 changed
            Host: localhost:9033|Origin: https://admin.example.net|                   > 200 changed
            Host: localhost:9033|Sec-Fetch-Site: none|                                > 200 changed
            Host: evil.example|                                                       > 421
            Host: evil.example:9033|Origin: http://evil.example:9033|Sec-Fetch-Site: same-origin| > 421
            Host: 192.0.2.1|                                                          > 421
            Host: 127.0.0.1.evil.example|                                             > 421
            Host: localhost.evil.example|                                             > 421
            Host: 127.1|                                                              > 421
            Host: |                                                                   > 421
            Host: 127.0.0.1:9033|Origin: https://evil.example|                        > 403
            Host: 127.0.0.1:9033|Origin: null|                                        > 403
            Host: 127.0.0.1:9033|Origin: http://127.0.0.1:3000|                       > 403
            Host: 127.0.0.1:9033|Origin: http://localhost:9033|                       > 403
            Host: 127.0.0.1:9033|Origin: file://127.0.0.1:9033|                       > 403
            Host: 127.0.0.1:9033|Origin: http://127.0.0.1:9033|Origin: https://evil.example| > 403
            Host: 127.0.0.1:9033|Sec-Fetch-Site: cross-site|                          > 403
            Host: 127.0.0.1:9033|Sec-Fetch-Site: same-site|                           > 403
            """)
    @DisplayName("is asked to change something by its own names, and not from a page of another site:")
    void sites(String headers, String expected) throws Exception {
        assertThat(brief(ask("POST /change HTTP/1.1|" + headers + "|"))).startsWith(expected);
        assertThat(CHANGES).hasValue(expected.startsWith("200") ? 1 : 0);
        assertThat(brief(ask("GET /probe HTTP/1.1|" + headers + "|")))
                .as("a probe")
                .isEqualTo("200 alive");
    }

    @Test
    @DisplayName("says what is wrong with a foreign name, and how to make it known")
    void sentences() throws Exception {
        assertThat(brief(ask("POST /change HTTP/1.1|Host: evil.example:9033||")))
                .isEqualTo(
                        "421 \"evil.example\" is not a name of this listener; use its address or localhost; if it is yours,"
                                + " add it to admin-hosts");
        assertThat(brief(ask("POST /change HTTP/1.1|Host: localhost|Origin: https://evil.example||")))
                .isEqualTo(
                        "403 the page that makes this request (Origin) belongs to another site; if it is yours, add it to admin-hosts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: evil.example|", "Host: localhost|", ""})
    @DisplayName("takes any name at a Unix socket, or none, but no page of another site")
    void unix(String host) throws Exception {
        start(
                new ListenAddress.Unix(
                        folder.resolve("a"), PosixFilePermissions.fromString("rw-------"), Optional.empty()),
                limits(64, Duration.ofSeconds(20)));
        assertThat(brief(ask("POST /change HTTP/1.1|" + host + "|"))).isEqualTo("200 changed");
        assertThat(brief(ask("POST /change HTTP/1.1|" + host + "Origin: https://other.example||")))
                .startsWith("403");
    }

    @Test
    @DisplayName("answers HEAD as GET, without the body")
    void head() throws Exception {
        String get = ask("GET /figures HTTP/1.1|Host: localhost||");
        String head = ask("HEAD /figures HTTP/1.1|Host: localhost||");
        assertThat(get).contains("content-length: " + LARGE.length + "\r\n").hasSizeGreaterThan(LARGE.length);
        assertThat(head.replaceAll("date: .*", ""))
                .isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4).replaceAll("date: .*", ""));
    }

    @ParameterizedTest(name = "\"{0}\": {1}")
    @CsvSource(
            delimiter = '>',
            value = {"gzip > true", "deflate, gzip;q=0.5 > true", "gzip;q=0 > false", "identity > false"})
    @DisplayName("compresses long answers for those who accept it")
    void compression(String encodings, boolean compressed) throws Exception {
        String answer = ask("GET /figures HTTP/1.1|Host: localhost|Accept-Encoding: " + encodings + "||");
        byte[] body = answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(answer.contains("Content-Encoding: gzip")).isEqualTo(compressed);
        try (InputStream text =
                compressed ? new GZIPInputStream(new ByteArrayInputStream(body)) : new ByteArrayInputStream(body)) {
            assertThat(text.readAllBytes()).isEqualTo(LARGE);
        }
    }

    @Test
    @DisplayName("answers whoever has shut its side down behind the request, and one that comes octet by octet")
    void halfClosedAndChopped() throws Exception {
        for (int i = 0; i < 100; i++) { // it was lost only now and then
            SocketChannel half = send("GET /figures HTTP/1.1|Host: localhost||");
            half.shutdownOutput();
            assertThat(octets(half)).isGreaterThan(LARGE.length);
        }
        SocketChannel chopped = connect();
        for (byte octet : "GET /page HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)) {
            chopped.write(ByteBuffer.wrap(new byte[] {octet}));
        }
        assertThat(brief(answer(chopped))).isEqualTo("200 page");
    }

    @Test
    @DisplayName("answers probes and scrapes while something is changed, and no more such requests than can wait")
    void turns() throws Exception {
        start(TCP, limits(16, Duration.ofSeconds(20)));
        List<SocketChannel> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) { // one is at work, and a quarter of 16 waits
            waiting.add(send("POST /wait HTTP/1.1|Host: x||"));
            Thread.sleep(50);
        }
        String refused = ask("POST /wait HTTP/1.1|Host: x||");
        assertThat(brief(refused)).isEqualTo("503 too many such requests are waiting; try again later");
        assertThat(refused).contains("Retry-After: 1");
        for (int i = 0; i < 40; i++) {
            assertThat(brief(ask("GET /probe HTTP/1.1|Host: x||"))).isEqualTo("200 alive");
            assertThat(brief(ask("GET /page HTTP/1.1|Host: x||"))).isEqualTo("200 page");
        }
        release.countDown();
        for (SocketChannel each : waiting) {
            assertThat(brief(answer(each))).isEqualTo("200 waited");
        }
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "G",
                "GET /probe HTTP/1.1|Host: x|",
                "POST /page HTTP/1.1|Host: x|Content-Length: 10||abc",
                "GET /huge HTTP/1.1|Host: x||",
                "GET /probe HTTP/1.1|Host: x||"
            })
    @DisplayName("closes a connection in time whose peer does not go on:")
    void times(String sent) throws Exception {
        start(TCP, limits(64, Duration.ofSeconds(1)));
        try (SocketChannel peer = connect()) {
            peer.write(ByteBuffer.wrap(sent.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII)));
            long begin = System.nanoTime();
            if (sent.contains("huge")) {
                Thread.sleep(3000); // reads nothing
            }
            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> octets(peer));
            assertThat(end)
                    .succeedsWithin(Duration.ofSeconds(10))
                    .satisfies(octets -> assertThat(octets).isLessThan(HUGE));
            if (!sent.endsWith("||")) {
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));
            }
        }
    }

    /** How many come until it is closed, in whichever way. */
    private static int octets(SocketChannel peer) {
        int count = 0;
        try (InputStream in = Channels.newInputStream(peer)) {
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                count += read;
            }
        } catch (IOException e) {
            return count;
        }
        return count;
    }

    @Test
    @DisplayName("closes past its limit the connection that has waited longest, and never the newest")
    void oldest() throws Exception {
        start(TCP, limits(8, Duration.ofSeconds(20)));
        SocketChannel working = send("POST /wait HTTP/1.1|Host: x||");
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        List<SocketChannel> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(send("G"));
        }
        assertThat(brief(ask("GET /probe HTTP/1.1|Host: x||"))).isEqualTo("200 alive");
        for (SocketChannel closed : slow.subList(0, 13)) {
            assertThat(octets(closed)).isZero();
        }
        SocketChannel last = slow.get(19);
        last.write(ByteBuffer.wrap("ET /page HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertThat(brief(answer(last))).isEqualTo("200 page");
        release.countDown();
        assertThat(brief(answer(working))).isEqualTo("200 waited");
        for (SocketChannel each : slow) {
            each.close();
        }
    }

    @Test
    @DisplayName("bounds the octets of answers that are not read, and closes the oldest of them")
    void unreadAnswers() throws Exception {
        List<SocketChannel> unread = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            unread.add(send("GET /figures HTTP/1.1|Host: localhost||"));
        }
        assertThat(ask("GET /figures HTTP/1.1|Host: localhost||")).hasSizeGreaterThan(LARGE.length);
        assertThat(octets(unread.get(0))).isLessThan(LARGE.length);
        assertThat(octets(unread.get(9))).isGreaterThan(LARGE.length);
        for (SocketChannel each : unread) {
            each.close();
        }
    }

    private static final String TOKEN = "0123456789abcdef0123";

    private static String basic(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
                + "|";
    }

    static Stream<Arguments> tokens() {
        return Stream.of(
                Arguments.of("Authorization: Bearer " + TOKEN + "|", 200),
                Arguments.of("Authorization: bearer " + TOKEN + "|", 200),
                Arguments.of(basic("postmaster:" + TOKEN), 200),
                Arguments.of(basic(":" + TOKEN), 200),
                Arguments.of("", 401),
                Arguments.of("Authorization: Bearer " + TOKEN + "x|", 401),
                Arguments.of("Authorization: Bearer |", 401),
                Arguments.of("Authorization: " + TOKEN + "|", 401),
                Arguments.of("Authorization: Digest " + TOKEN + "|", 401),
                Arguments.of("Authorization: Basic %%%|", 401),
                Arguments.of(basic(TOKEN + ":"), 401),
                Arguments.of("Authorization: Bearer " + TOKEN + "|Authorization: Bearer x|", 401));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    @DisplayName("asks operators, and nobody else, for the token if there is one")
    void tokens(String header, int status) throws Exception {
        server = AdminServer.start(
                TCP,
                false,
                limits(64, Duration.ofSeconds(20)),
                new AdminServer.Access(Set::of, () -> Optional.of(TOKEN)),
                ROUTES);
        String answer = ask("POST /change HTTP/1.1|Host: localhost|" + header + "|");
        assertThat(brief(answer)).startsWith(Integer.toString(status));
        assertThat(answer.contains("WWW-Authenticate: Basic")).isEqualTo(status == 401);
        assertThat(CHANGES).hasValue(status == 200 ? 1 : 0);
        assertThat(brief(ask("GET /probe HTTP/1.1|Host: x|" + header + "|"))).isEqualTo("200 alive");
    }

    @Test
    @DisplayName("answers only probes where others can reach it and there is no token")
    void reachable() throws Exception {
        start(new ListenAddress.Tcp("0.0.0.0", 0), limits(64, Duration.ofSeconds(20)));
        assertThat(brief(ask("POST /change HTTP/1.1|Host: localhost||")))
                .isEqualTo("403 admin-listen is not on loopback, so this needs a token; set admin-token-file, or let"
                        + " admin-listen be on 127.0.0.1 or a Unix socket");
        assertThat(brief(ask("GET /probe HTTP/1.1|Host: x||"))).isEqualTo("200 alive");
    }

    private static String read(SocketChannel socket, int events) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(64 * 1024);
        String text = "";
        while (text.split("\n\n", -1).length - 1 < events && socket.read(octets) >= 0) {
            text = new String(octets.array(), 0, octets.position(), StandardCharsets.UTF_8);
        }
        return text;
    }

    @Test
    @DisplayName("sends events as they come, to a bounded number of peers, and answers others meanwhile")
    void events() throws Exception {
        try (SocketChannel first = send("GET /events HTTP/1.1|Host: localhost||");
                SocketChannel second = send("GET /events HTTP/1.1|Host: localhost||")) {
            assertThat(read(first, 2))
                    .contains("Content-Type: text/event-stream", "data: 1\n\n")
                    .doesNotContain("content-length", "transfer-encoding");
            assertThat(read(second, 2)).contains("data: ");
            assertThat(brief(ask("GET /events HTTP/1.1|Host: localhost||")))
                    .isEqualTo("503 too many pages listen already; close some");
            assertThat(ask("HEAD /events HTTP/1.1|Host: localhost||")).contains("text/event-stream");
            assertThat(brief(ask("GET /probe HTTP/1.1|Host: x||"))).isEqualTo("200 alive");
        }
        await().untilAsserted(() -> {
            try (SocketChannel third = send("GET /events HTTP/1.1|Host: localhost||")) {
                assertThat(read(third, 1)).contains("200 OK");
            }
        });
    }

    @Test
    @DisplayName("ends a stream whose time is over")
    void streamTime() throws Exception {
        start(TCP, limits(64, Duration.ofSeconds(1)));
        assertThat(ask("GET /events HTTP/1.1|Host: localhost||")).contains("200 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/failing-events", "/unlinked-events"})
    @DisplayName("ends a stream whose events fail, so that the browser begins it again:")
    void failingStream(String path) throws Exception {
        start(TCP, limits(64, Duration.ofHours(1))); // longer than this test may take
        assertThat(ask("GET " + path + " HTTP/1.1|Host: localhost||")).contains("200 OK");
    }
}
