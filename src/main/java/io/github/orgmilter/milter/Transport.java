package io.github.orgmilter.milter;

import io.github.orgmilter.config.ListenAddress;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;

/** Epoll where the machine has it, else NIO: the same sockets either way. */
enum Transport {
    EPOLL(
            EpollIoHandler.newFactory(),
            EpollServerSocketChannel.class,
            EpollServerDomainSocketChannel.class,
            path -> new DomainSocketAddress(path.toString())),
    NIO(
            NioIoHandler.newFactory(),
            NioServerSocketChannel.class,
            NioServerDomainSocketChannel.class,
            UnixDomainSocketAddress::of);

    private final IoHandlerFactory ioHandler;
    private final Class<? extends ServerChannel> tcp;
    private final Class<? extends ServerChannel> unix;
    private final Function<Path, SocketAddress> unixAddress;

    Transport(
            IoHandlerFactory ioHandler,
            Class<? extends ServerChannel> tcp,
            Class<? extends ServerChannel> unix,
            Function<Path, SocketAddress> unixAddress) {
        this.ioHandler = ioHandler;
        this.tcp = tcp;
        this.unix = unix;
        this.unixAddress = unixAddress;
    }

    static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** One event loop a core: a session never leaves its loop, so it needs no lock. */
    EventLoopGroup newEventLoops() {
        return new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), ioHandler);
    }

    Class<? extends ServerChannel> channelFor(ListenAddress address) {
        return address instanceof ListenAddress.Unix ? unix : tcp;
    }

    SocketAddress tcpAddress(ListenAddress.Tcp address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    SocketAddress unixAddress(Path path) {
        return unixAddress.apply(path);
    }
}
