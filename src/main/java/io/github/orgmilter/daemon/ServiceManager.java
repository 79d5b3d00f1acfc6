package io.github.orgmilter.daemon;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies systemd of the state of the service (sd_notify(3)), if it asked for that. */
public final class ServiceManager {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final long NANOS_PER_MICRO = 1000;

    private final Optional<String> socket;

    private ServiceManager(Optional<String> socket) {
        this.socket = socket;
    }

    /** The service manager that {@code NOTIFY_SOCKET} names, if it does. */
    public static ServiceManager ofEnvironment() {
        return of(Optional.ofNullable(System.getenv("NOTIFY_SOCKET")));
    }

    static ServiceManager of(Optional<String> socket) {
        return new ServiceManager(socket);
    }

    public void ready() {
        send("READY=1");
    }

    /** Runs a reload, with a notification before and after (systemd.service(5), {@code Type=notify-reload}). */
    public void reloading(Runnable reload) {
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / NANOS_PER_MICRO);
        try {
            reload.run();
        } finally {
            send("READY=1"); // the service manager waits for it, however the reload went
        }
    }

    public void stopping() {
        send("STOPPING=1");
    }

    private void send(String state) {
        if (socket.isEmpty()) {
            return;
        }
        if (!Epoll.isAvailable()) {
            LOG.warn("the service manager is not notified of {}, which needs epoll", state);
            return;
        }
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            // An @ is the NUL of an abstract socket's name.
            DomainSocketAddress address = new DomainSocketAddress(socket.get().replaceFirst("^@", "\0"));
            new Bootstrap()
                    .group(loop)
                    .channel(EpollDomainDatagramChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(address)
                    .syncUninterruptibly()
                    .channel()
                    .writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.UTF_8))
                    .syncUninterruptibly();
        } catch (Exception e) { // Netty throws checked causes undeclared
            LOG.warn(
                    "the service manager could not be notified of {}: {}",
                    state.lines().findFirst().orElse(""),
                    e.toString());
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
