package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The service manager")
final class ServiceManagerTest {

    private static EventLoopGroup loop;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    @BeforeAll
    static void startLoop() {
        loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    @AfterAll
    static void stopLoop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Listens where systemd would; {@code name} as in NOTIFY_SOCKET. */
    private Channel listen(String name) {
        return new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        received.add(packet.content().toString(StandardCharsets.UTF_8));
                    }
                })
                .bind(new DomainSocketAddress(name.replaceFirst("^@", "\0")))
                .syncUninterruptibly()
                .channel();
    }

    private String take() throws InterruptedException {
        String state = received.poll(10, TimeUnit.SECONDS);
        return state == null ? "nothing" : state;
    }

    private void assertTold(String socket) throws InterruptedException {
        Channel systemd = listen(socket);
        try {
            ServiceManager manager = ServiceManager.of(Optional.of(socket));
            manager.ready();
            assertThat(take()).isEqualTo("READY=1");

            List<String> beforeReload = new ArrayList<>();
            long before = System.nanoTime() / 1000;
            manager.reloading(() -> {
                try {
                    beforeReload.add(take());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(beforeReload).singleElement().asString().matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+");
            assertThat(Long.parseLong(
                            beforeReload.get(0).replaceAll(".*=", "").strip().replaceAll("(?s).*\n", "")))
                    .isBetween(before, System.nanoTime() / 1000);
            assertThat(take()).isEqualTo("READY=1");

            manager.stopping();
            assertThat(take()).isEqualTo("STOPPING=1");
            assertThat(received).isEmpty();
        } finally {
            systemd.close().syncUninterruptibly();
        }
    }

    @Test
    @DisplayName("is told at a path when the service is ready, reloads and stops")
    void path() throws InterruptedException {
        assertTold(folder.resolve("notify").toString());
    }

    @Test
    @DisplayName("is told at an abstract name, which NOTIFY_SOCKET writes with an @")
    void abstractName() throws InterruptedException {
        assertTold("@orgmilter-test-" + ProcessHandle.current().pid());
    }

    @Test
    @DisplayName("is told that the service is ready again, even if a reload threw")
    void failedReload() throws InterruptedException {
        Channel systemd = listen(folder.resolve("notify").toString());
        try {
            ServiceManager manager =
                    ServiceManager.of(Optional.of(folder.resolve("notify").toString()));
            assertThatThrownBy(() -> manager.reloading(() -> {
                        throw new IllegalStateException("broken");
                    }))
                    .hasMessage("broken");
            assertThat(take()).startsWith("RELOADING=1\n");
            assertThat(take()).isEqualTo("READY=1");
        } finally {
            systemd.close().syncUninterruptibly();
        }
    }

    @Test
    @DisplayName("is told nothing where there is none")
    void nobody() {
        assertThat(System.getenv("NOTIFY_SOCKET")).isNull();
        try (CapturedLog log = CapturedLog.of(ServiceManager.class)) {
            List<String> done = new ArrayList<>();
            ServiceManager manager = ServiceManager.ofEnvironment();
            manager.ready();
            manager.reloading(() -> done.add("reload"));
            manager.stopping();
            assertThat(done).containsExactly("reload");
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    @DisplayName("that cannot be told costs a warning, and no more")
    void broken() throws Exception {
        Path noSocket = Files.createFile(folder.resolve("file"));
        for (String socket : List.of(folder.resolve("none").toString(), noSocket.toString(), "", "x".repeat(200))) {
            try (CapturedLog log = CapturedLog.of(ServiceManager.class)) {
                List<String> done = new ArrayList<>();
                ServiceManager manager = ServiceManager.of(Optional.of(socket));
                manager.ready();
                manager.reloading(() -> done.add("reload"));
                manager.stopping();
                assertThat(done).containsExactly("reload");
                assertThat(log.lines())
                        .as(socket)
                        .hasSize(4)
                        .allSatisfy(line -> assertThat(line)
                                .startsWith("WARN the service manager could not be notified of ")
                                .doesNotContain("\n"));
            }
        }
    }
}
