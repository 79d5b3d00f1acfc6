package io.github.orgmilter.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of the process, bound all or none, and the connections that came in by them. */
public final class Server implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** The event for a connection that is not waited for: another process may have the sessions that it is about. */
    public static final Object DRAINING = new Object() {
        @Override
        public String toString() {
            return "draining";
        }
    };

    /** An MTA that starts opens all its connections at once; 128 overflowed at two thousand. */
    private static final int BACKLOG = 4096;

    /** How long a listener goes on accepting what already waits in its queue, once it has no address any more. */
    private static final long QUEUE_MILLIS = 200;

    private final Transport transport;
    private final EventLoops eventLoops;
    private final ChannelGroup sessions = new DefaultChannelGroup("sessions", GlobalEventExecutor.INSTANCE);
    private final ChannelGroup others = new DefaultChannelGroup("others", GlobalEventExecutor.INSTANCE);
    private final List<Channel> listeners = new ArrayList<>();
    private final Map<Service, List<ListenAddress>> addresses = new LinkedHashMap<>();
    private final List<UnixSocketFile> socketFiles = new ArrayList<>();

    private final Acceptor acceptor;

    private Server(Transport transport, int eventLoops, Admission admission) {
        this.transport = transport;
        this.eventLoops = new EventLoops(transport.newEventLoops(eventLoops));
        this.acceptor = new Acceptor(admission, transport, this.eventLoops);
    }

    /**
     * Binds every address, or takes it over from the starting process where that holds it (LISTEN_FDS).
     *
     * @param takeOver whether a Unix socket at which another process listens is replaced; that one keeps its sessions
     * @throws IOException naming the address, if one cannot be bound; then none is
     */
    public static Server start(List<Service> services, boolean takeOver, Admission admission) throws IOException {
        return start(Transport.best(), InheritedSockets.of(System.getenv()), services, takeOver, admission);
    }

    /**
     * Binds the addresses of a service that must not delay the others: it has one event loop of its own.
     * By NIO: with epoll, Netty 4.2.18 loses what is still to be written to a peer that has shut its side down.
     *
     * @throws IOException naming the address, if one cannot be bound; then none is
     */
    public static Server startApart(Service service, boolean takeOver, Admission admission) throws IOException {
        return start(new Server(Transport.NIO, 1, admission), InheritedSockets.NONE, List.of(service), takeOver);
    }

    static Server start(
            Transport transport,
            InheritedSockets inherited,
            List<Service> services,
            boolean takeOver,
            Admission admission)
            throws IOException {
        // One event loop a core: a session never leaves its loop, so it needs no lock.
        int eventLoops = Runtime.getRuntime().availableProcessors();
        return start(new Server(transport, eventLoops, admission), inherited, services, takeOver);
    }

    private static Server start(Server server, InheritedSockets inherited, List<Service> services, boolean takeOver)
            throws IOException {
        try {
            for (Service service : services) {
                List<ListenAddress> bound = new ArrayList<>();
                for (ListenAddress address : service.addresses()) {
                    bound.add(server.listen(service, address, inherited.take(address), takeOver));
                }
                server.addresses.put(service, List.copyOf(bound));
            }
            inherited.requireAllTaken();
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private ListenAddress listen(
            Service service, ListenAddress address, Optional<ServerChannel> inherited, boolean takeOver)
            throws IOException {
        ServerChannel listener = inherited.orElseGet(() -> transport.newListener(address));
        ChannelGroup group = service.drained() ? sessions : others;
        listener.pipeline().addLast(acceptor.listener(connection -> {
            group.add(connection);
            service.pipeline().accept(connection);
        }));
        listener.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
        if (address instanceof ListenAddress.Tcp) {
            transport.keepAlive(listener);
        }
        listeners.add(listener);
        eventLoops.register(listener);
        if (inherited.isPresent()) {
            return address;
        }
        if (address instanceof ListenAddress.Unix unix) {
            UnixSocketFile file = UnixSocketFile.prepare(unix, takeOver);
            socketFiles.add(file);
            bind(listener, address, transport.unixAddress(file.temporary()));
            file.publish();
            return address;
        }
        ListenAddress.Tcp tcp = (ListenAddress.Tcp) address;
        bind(listener, address, transport.tcpAddress(tcp));
        return new ListenAddress.Tcp(tcp.host(), ((InetSocketAddress) listener.localAddress()).getPort());
    }

    private static void bind(Channel listener, ListenAddress address, SocketAddress socket) throws IOException {
        ChannelFuture bound = listener.bind(socket).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
    }

    /** What is bound for a service, with the port that the system chose where 0 was asked for. */
    public List<ListenAddress> addresses(Service service) {
        return addresses.getOrDefault(service, List.of());
    }

    /**
     * Takes no new connections, waits for the sessions there are to end, and closes what is left then: between replies, since a
     * session's frames are handled one after the other. Connections that are not waited for get the event {@link #DRAINING}.
     */
    public void drain(Duration timeout) {
        closeListeners();
        others.forEach(connection ->
                connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(DRAINING)));
        LOG.info("draining sessions={} timeout={}s", sessions.size(), timeout.toSeconds());
        if (!sessions.newCloseFuture().awaitUninterruptibly(timeout.toMillis())) {
            LOG.warn("closing sessions={} that have not ended in time", sessions.size());
        }
        close();
    }

    private void closeListeners() {
        for (UnixSocketFile file : socketFiles) {
            try {
                file.remove();
            } catch (IOException e) {
                LOG.warn("a socket file could not be removed: {}", e.toString());
            }
        }
        socketFiles.clear();
        List<Future<?>> closed = new ArrayList<>();
        for (Channel listener : listeners) {
            closed.add(listener.eventLoop().schedule(() -> listener.close(), QUEUE_MILLIS, TimeUnit.MILLISECONDS));
        }
        closed.forEach(Future::awaitUninterruptibly);
        listeners.forEach(listener -> listener.closeFuture().awaitUninterruptibly());
        listeners.clear();
        // What was accepted last is registered by tasks that are queued already; behind these nothing more comes.
        eventLoops.awaitQueued();
    }

    /** Closes everything at once. */
    @Override
    public void close() {
        closeListeners();
        sessions.close().awaitUninterruptibly();
        others.close().awaitUninterruptibly();
        eventLoops.stop();
    }
}
