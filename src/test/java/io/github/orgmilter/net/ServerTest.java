package io.github.orgmilter.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

@DisplayName("The listeners")
final class ServerTest {

    private static final ConnectionLimit UNLIMITED =
            new ConnectionLimit(() -> Integer.MAX_VALUE, Integer.MAX_VALUE, limit -> {});

    @TempDir
    private Path folder;

    private final Map<Server, Service> services = new HashMap<>();

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

    private Server start(List<ListenAddress> addresses) throws IOException {
        return start(Transport.best(), addresses);
    }

    private Server start(Transport transport, List<ListenAddress> addresses) throws IOException {
        return start(transport, InheritedSockets.NONE, addresses, false);
    }

    private Server start(
            Transport transport, InheritedSockets inherited, List<ListenAddress> addresses, boolean takeOver)
            throws IOException {
        Service echo = new Service(addresses, channel -> channel.pipeline().addLast(new Echo()), true);
        Server server = Server.start(transport, inherited, List.of(echo), takeOver, UNLIMITED);
        services.put(server, echo);
        return server;
    }

    private List<ListenAddress> bound(Server server) {
        return server.addresses(services.get(server));
    }

    @Test
    @DisplayName(
            "close what comes in past the limit of connections, of both kinds, and say so once until there is room")
    void connectionLimit() throws Exception {
        List<Limit> counted = new CopyOnWriteArrayList<>();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(ConnectionLimit.class);
        log.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(log);
        List<Service> services = Stream.of(true, false)
                .map(drained -> new Service(
                        List.of(new ListenAddress.Tcp("127.0.0.1", 0)),
                        channel -> channel.pipeline().addLast(new Echo()),
                        drained))
                .toList();
        ConnectionLimit limit = new ConnectionLimit(() -> 10, Integer.MAX_VALUE, counted::add);
        try (Server server = Server.start(services, false, limit)) {
            List<SocketAddress> sockets = services.stream()
                    .map(service -> socket(server.addresses(service).get(0)))
                    .toList();
            for (int round = 1; round <= 2; round++) {
                List<SocketChannel> open = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    open.add(SocketChannel.open(sockets.get(i % 2)));
                    assertThat(answers(open.get(i))).isTrue();
                }
                for (SocketAddress socket : sockets) {
                    try (SocketChannel refused = SocketChannel.open(socket)) {
                        assertThat(refused.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                    }
                }
                assertThat(counted).hasSize(2 * round).containsOnly(Limit.CONNECTIONS);
                assertThat(log.list)
                        .hasSize(round)
                        .extracting(ILoggingEvent::getFormattedMessage)
                        .containsOnly("limit=connections action=close connections=10");
                for (SocketChannel each : open) {
                    assertThat(answers(each)).isTrue();
                    each.shutdownOutput();
                    assertThat(each.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                    each.close();
                }
                await().until(() -> limit.open() == 0);
            }
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("close what they may not take before an event loop has to look at it")
    void refusedAtOnce(Transport transport) throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch busy = new CountDownLatch(1);
        AtomicInteger admitted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        Admission first = connection -> {
            threads.add(Thread.currentThread().getName());
            return admitted.incrementAndGet() == 1 || refused.incrementAndGet() < 0;
        };
        Service service =
                new Service(List.of(new ListenAddress.Tcp("127.0.0.1", 0)), channel -> awaitQuietly(busy), true);
        try (Server server = Server.start(transport, InheritedSockets.NONE, List.of(service), false, first)) {
            SocketAddress address = socket(server.addresses(service).get(0));
            // With more loops than one the first connection holds another one than the listener's.
            Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
            try (SocketChannel held = SocketChannel.open(address)) {
                for (int i = 0; i < 20; i++) {
                    try (SocketChannel each = SocketChannel.open(address)) {
                        assertThat(each.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                    }
                }
                assertThat(held.isOpen()).isTrue();
                assertThat(refused).hasValue(20);
                assertThat(threads).as("the listener's").hasSize(1);
            } finally {
                busy.countDown();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("let connections wait while the process has no descriptor left, and say so once")
    void noDescriptor() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Acceptor.class);
        log.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(log);
        EmbeddedChannel listener = new EmbeddedChannel(new Acceptor(connection -> true));
        try {
            for (int i = 0; i < 3; i++) {
                listener.pipeline()
                        .fireExceptionCaught(new IOException("accept(..) failed with error(-24): Too many open files"));
                assertThat(listener.config().isAutoRead()).isFalse();
                listener.advanceTimeBy(1, TimeUnit.SECONDS);
                listener.runScheduledPendingTasks();
                assertThat(listener.config().isAutoRead()).isTrue();
            }
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .singleElement()
                    .asString()
                    .contains("Too many open files; raise the limit of open files (LimitNOFILE=, ulimit -n)");
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
            listener.finishAndReleaseAll();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @Timeout(60)
    @DisplayName("let connections wait for which there is no room, until another one closes")
    void room(Transport transport) throws Exception {
        Service service = new Service(
                List.of(new ListenAddress.Tcp("127.0.0.1", 0)),
                channel -> channel.pipeline().addLast(new Echo()),
                true);
        ConnectionLimit limit = new ConnectionLimit(() -> 100, 4, reached -> {
            throw new AssertionError(reached);
        });
        try (Server server = Server.start(transport, InheritedSockets.NONE, List.of(service), false, limit)) {
            SocketAddress address = socket(server.addresses(service).get(0));
            List<SocketChannel> waiting = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                waiting.add(SocketChannel.open(address));
            }
            while (!waiting.isEmpty()) {
                try (SocketChannel first = waiting.remove(0)) {
                    assertThat(answers(first)).isTrue();
                }
                assertThat(limit.open())
                        .as("NIO takes up to 16 at once")
                        .isLessThanOrEqualTo(transport == Transport.NIO ? 4 + 16 : 4);
            }
        }
    }

    @ParameterizedTest(name = "of {0} open files {1} are the operator's")
    @CsvSource({"1048576, 64", "1024, 64", "400, 50", "100, 12", "20, 8"})
    @DisplayName("leave mail all descriptors but a few")
    void descriptors(int most, int admin) {
        Descriptors descriptors = new Descriptors(most, 30);
        int loops = 3 * (Runtime.getRuntime().availableProcessors() + 1);
        assertThat(descriptors.forAdmin()).isEqualTo(admin);
        assertThat(descriptors.forMail(3)).isEqualTo(Math.max(1, most - 30 - 3 - loops - 64 - admin));
    }

    @Test
    @DisplayName("know how many descriptors there are")
    void descriptorsOfProcess() {
        List<String> limits = List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max processes             7823                 7823                 processes ",
                "Max open files            1024                 524288               files     ");
        assertThat(Descriptors.limit(limits)).isEqualTo(1024);
        assertThat(Descriptors.limit(
                        List.of("Max open files            unlimited            unlimited            files")))
                .isEqualTo(Integer.MAX_VALUE);
        Descriptors own = Descriptors.ofProcess();
        assertThat(own.open()).isBetween(3, own.most());
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

    private void assertRefused(ListenAddress address, String message) {
        assertThatThrownBy(() -> start(List.of(address)))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    private static ListenAddress unix(Path path, String mode) {
        return new ListenAddress.Unix(path, PosixFilePermissions.fromString(mode), Optional.empty());
    }

    private static SocketAddress socket(ListenAddress address) {
        return address instanceof ListenAddress.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : UnixDomainSocketAddress.of(((ListenAddress.Unix) address).path());
    }

    /** Sends back what it gets. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext channel, Object octets) {
            channel.writeAndFlush(octets);
        }
    }

    private static boolean answers(SocketAddress address) throws IOException {
        try (SocketChannel client = SocketChannel.open(address)) {
            return answers(client);
        }
    }

    private static boolean answers(SocketChannel client) throws IOException {
        client.write(ByteBuffer.wrap(new byte[] {42}));
        ByteBuffer answer = ByteBuffer.allocate(1);
        return client.read(answer) == 1 && answer.get(0) == 42;
    }
}
