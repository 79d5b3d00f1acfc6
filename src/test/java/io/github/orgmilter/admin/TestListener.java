package io.github.orgmilter.admin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.orgmilter.admin.Route.Access;
import io.github.orgmilter.admin.Route.Turn;
import io.github.orgmilter.net.ListenAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** The admin listener, with routes of each kind, and its peers: over real sockets, with requests written by hand. */
final class TestListener implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    static final ListenAddress TCP = new ListenAddress.Tcp("127.0.0.1", 0);
    static final byte[] LARGE = "0123456789abcdef".repeat(256 * 1024).getBytes(StandardCharsets.US_ASCII); // 4 MiB

    static final int HUGE = 32 * 1024 * 1024; // more than the system keeps for a connection

    private final AtomicInteger changes = new AtomicInteger();
    private AdminServer shared;
    private AdminServer server;
    private volatile CountDownLatch waiting = new CountDownLatch(1);
    private volatile CountDownLatch gate = new CountDownLatch(1);

    private final List<Route> routes = List.of(
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
                changes.incrementAndGet();
                return Answer.ok("changed");
            }),
            new Route("POST", "/wait", Access.PROBE, Turn.CHANGING, request -> {
                waiting.countDown();
                try {
                    gate.await();
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

    @Override
    public void beforeAll(ExtensionContext tests) throws IOException {
        logger().setLevel(Level.OFF); // it says what is asked for to fail
        shared = AdminServer.start(TCP, false, limits(64, Duration.ofSeconds(20)), access(), routes);
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        shared.close();
        logger().setLevel(null);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(RequestHandler.class);
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        server = shared;
        waiting = new CountDownLatch(1);
        gate = new CountDownLatch(1);
        changes.set(0);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        release();
        if (server != shared) {
            server.close();
        }
    }

    static AdminLimits limits(int connections, Duration time) {
        return new AdminLimits(connections, 4096, 16 * 1024, 64 * 1024, time, time, 2, time, 16 * 1024 * 1024);
    }

    private static AdminServer.Access access() {
        return new AdminServer.Access(() -> Set.of("admin.example.net"), Optional::empty);
    }

    /** Another one, for this test. */
    void start(ListenAddress address, AdminLimits limits) throws IOException {
        start(address, limits, access());
    }

    void start(ListenAddress address, AdminLimits limits, AdminServer.Access access) throws IOException {
        server = AdminServer.start(address, false, limits, access, routes);
    }

    /** Until a request for {@code /wait} waits. */
    void awaitWaiting() throws InterruptedException {
        assertThat(waiting.await(1, TimeUnit.MINUTES)).as("a request waits").isTrue();
    }

    /** Lets go the requests for {@code /wait}. */
    void release() {
        gate.countDown();
    }

    /** How often {@code /change} was done. */
    AtomicInteger changes() {
        return changes;
    }

    SocketChannel connect() throws IOException {
        SocketAddress address = server.address() instanceof ListenAddress.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : UnixDomainSocketAddress.of(((ListenAddress.Unix) server.address()).path());
        return SocketChannel.open(address);
    }

    /** Sends a request in which {@code |} ends a line and {@code ~} is a long word. */
    SocketChannel send(String request) throws IOException {
        SocketChannel socket = connect();
        String text = request.replace("|", "\r\n").replace("~", "x".repeat(20_000));
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (octets.hasRemaining()) {
            socket.write(octets);
        }
        return socket;
    }

    String ask(String request) throws IOException {
        return answer(send(request));
    }

    static String answer(SocketChannel socket) throws IOException {
        try (socket) {
            return new String(Channels.newInputStream(socket).readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The status, what is allowed, and the first line of the body. */
    static String brief(String answer) {
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

    /** How many come until it is closed, in whichever way. */
    static int octets(SocketChannel peer) {
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
}
