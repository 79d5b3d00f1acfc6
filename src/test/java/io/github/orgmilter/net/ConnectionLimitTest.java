package io.github.orgmilter.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

@DisplayName("The listeners, where connections or descriptors are many,")
final class ConnectionLimitTest extends EchoServers {

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
        Admission firstTwo = connection -> {
            threads.add(Thread.currentThread().getName());
            return admitted.incrementAndGet() <= 2 || refused.incrementAndGet() < 0;
        };
        Service service = new Service(
                List.of(new ListenAddress.Tcp("127.0.0.1", 0)),
                channel -> {
                    if (channel.eventLoop() == channel.parent().eventLoop()) {
                        channel.pipeline().addLast(new Echo());
                    } else {
                        awaitQuietly(busy);
                    }
                },
                true);
        try (Server server = Server.start(transport, InheritedSockets.NONE, List.of(service), false, firstTwo)) {
            SocketAddress address = socket(server.addresses(service).get(0));
            // With more loops than one the second connection holds another one than the listener's.
            Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
            try (SocketChannel served = SocketChannel.open(address);
                    SocketChannel held = SocketChannel.open(address)) {
                assertThat(answers(served)).isTrue();
                for (int i = 0; i < 20; i++) {
                    try (SocketChannel each = SocketChannel.open(address)) {
                        assertThat(each.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                    }
                }
                assertThat(held.isOpen()).isTrue();
                assertThat(answers(served)).isTrue();
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
        EventLoops loops = new EventLoops(Transport.NIO.newEventLoops(1));
        EmbeddedChannel listener =
                new EmbeddedChannel(new Acceptor(connection -> true, Transport.NIO, loops).listener(channel -> {}));
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
            loops.stop();
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
}
