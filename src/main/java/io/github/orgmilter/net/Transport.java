package io.github.orgmilter.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Epoll where the machine has it, else NIO: the same sockets either way. */
enum Transport {
    EPOLL,
    NIO;

    private static final int KEEPALIVE_SECONDS = 300;
    private static final int KEEPALIVE_PROBES = 5;

    // Linux, on every processor that the native transport is made for: socket.h, tcp.h.
    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;

    static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    EventLoopGroup newEventLoops(int count) {
        IoHandlerFactory ioHandler = this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(count, ioHandler);
    }

    /** A socket to listen on; it is not bound. */
    ServerChannel newListener(ListenAddress address) {
        boolean unix = address instanceof ListenAddress.Unix;
        return switch (this) {
            case EPOLL -> unix ? new EpollServerDomainSocketChannel() : new EpollServerSocketChannel();
            case NIO -> unix ? new NioServerDomainSocketChannel() : new NioServerSocketChannel();
        };
    }

    /**
     * Has the system probe the silent peers of a TCP listener: the idle timeout is long, and a machine that fails closes nothing. A Unix
     * socket needs no probes.
     */
    void keepAlive(Channel listener) {
        if (this == EPOLL) {
            // Linux has a connection take these from its listener (tcp(7)), which is four system calls fewer for each.
            ChannelConfig config = listener.config();
            config.setOption(new IntegerUnixChannelOption("SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE), 1);
            config.setOption(
                    new IntegerUnixChannelOption("TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE), KEEPALIVE_SECONDS);
            config.setOption(
                    new IntegerUnixChannelOption("TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL),
                    KEEPALIVE_SECONDS / KEEPALIVE_PROBES);
            config.setOption(new IntegerUnixChannelOption("TCP_KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT), KEEPALIVE_PROBES);
        }
    }

    /** Prepares a connection that is not registered yet. */
    void prepare(Channel connection) {
        connection.config().setRecvByteBufAllocator(ReadBuffer.INSTANCE);
        if (this == EPOLL) {
            connection.unsafe().beginRead(); // so that epoll is not asked for its octets separately
        } else if (connection instanceof SocketChannel tcp) {
            tcp.config().setKeepAlive(true);
        }
    }

    SocketAddress tcpAddress(ListenAddress.Tcp address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    SocketAddress unixAddress(Path path) {
        return this == EPOLL ? new DomainSocketAddress(path.toString()) : UnixDomainSocketAddress.of(path);
    }
}
