package io.github.orgmilter.milter;

import io.github.orgmilter.config.ListenAddress;
import io.github.orgmilter.policy.Policy;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of the milter, bound all or none. */
public final class MilterServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MilterServer.class);

    /** An MTA that starts opens all its connections at once; 128 overflowed at two thousand. */
    private static final int BACKLOG = 4096;

    private static final long CLOSE_SECONDS = 5;

    private final Transport transport;
    private final EventLoopGroup eventLoops;
    private final ServerBootstrap bootstrap;
    private final List<Channel> listeners = new ArrayList<>();
    private final List<ListenAddress> addresses = new ArrayList<>();
    private final List<UnixSocketFile> socketFiles = new ArrayList<>();

    private MilterServer(Transport transport, Supplier<Policy> policy) {
        this.transport = transport;
        this.eventLoops = transport.newEventLoops();
        this.bootstrap = new ServerBootstrap()
                .group(eventLoops)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new SessionInitializer(policy));
    }

    /**
     * Binds every address.
     *
     * @param policy asked once for every message
     * @throws IOException naming the address, if one cannot be bound; then none is
     */
    public static MilterServer start(List<ListenAddress> addresses, Supplier<Policy> policy) throws IOException {
        return start(Transport.best(), addresses, policy);
    }

    static MilterServer start(Transport transport, List<ListenAddress> addresses, Supplier<Policy> policy)
            throws IOException {
        JmilterLog.install();
        MilterServer server = new MilterServer(transport, policy);
        try {
            for (ListenAddress address : addresses) {
                server.listen(address);
            }
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void listen(ListenAddress address) throws IOException {
        if (address instanceof ListenAddress.Unix unix) {
            UnixSocketFile file = UnixSocketFile.prepare(unix);
            socketFiles.add(file);
            bind(address, transport.unixAddress(file.temporary()));
            file.publish();
            addresses.add(address);
        } else if (address instanceof ListenAddress.Tcp tcp) {
            Channel listener = bind(address, transport.tcpAddress(tcp));
            int port = ((InetSocketAddress) listener.localAddress()).getPort();
            addresses.add(new ListenAddress.Tcp(tcp.host(), port));
        }
    }

    private Channel bind(ListenAddress address, SocketAddress socket) throws IOException {
        try {
            Channel listener = bootstrap
                    .clone()
                    .channel(transport.channelFor(address))
                    .bind(socket)
                    .sync()
                    .channel();
            listeners.add(listener);
            return listener;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while binding " + address, e);
        } catch (Exception e) { // Netty throws the checked cause through sync() without declaring it
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /** What is bound, with the port that the system chose where 0 was asked for. */
    public List<ListenAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Closes the listeners, then the sessions. */
    @Override
    public void close() {
        listeners.forEach(listener -> listener.close().syncUninterruptibly());
        for (UnixSocketFile file : socketFiles) {
            try {
                file.remove();
            } catch (IOException e) {
                LOG.warn("a socket file was left behind: {}", e.toString());
            }
        }
        eventLoops
                .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(2 * CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
