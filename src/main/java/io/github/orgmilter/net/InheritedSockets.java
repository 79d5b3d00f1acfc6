package io.github.orgmilter.net;

import io.github.orgmilter.identity.IpAddress;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Listening sockets that the starting process already holds: systemd's socket activation (sd_listen_fds(3)). It keeps them while
 * this process is away, so a restart loses no connection.
 */
final class InheritedSockets {

    private static final int FIRST_DESCRIPTOR = 3; // SD_LISTEN_FDS_START
    private static final int UNIX_ADDRESS = 128; // sizeof(struct sockaddr_storage)
    private static final String SOCKET_PREFIX = "socket:[";

    /** Of the folder in which descriptors are passed: another user who could enter it could receive them. */
    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Nothing inherited. */
    static final InheritedSockets NONE = new InheritedSockets(List.of());

    private record Inherited(String address, ServerChannel channel) {}

    private final List<Inherited> unused;

    private InheritedSockets(List<Inherited> sockets) {
        this.unused = new ArrayList<>(sockets);
    }

    /**
     * Takes the sockets that the environment announces for this process.
     *
     * @throws IOException if there are some and they cannot be used
     */
    static InheritedSockets of(Map<String, String> environment) throws IOException {
        String count = environment.get("LISTEN_FDS");
        String pid = environment.getOrDefault("LISTEN_PID", "");
        if (count == null || !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return NONE;
        }
        if (!Epoll.isAvailable()) {
            throw new IOException(
                    "sockets were passed by LISTEN_FDS, which needs epoll; let orgmilter bind them itself");
        }
        if (!count.matches("[0-9]{1,4}")) {
            throw new IOException("LISTEN_FDS is \"" + count + "\", not a number of sockets");
        }
        return of(IntStream.range(0, Integer.parseInt(count))
                .map(i -> FIRST_DESCRIPTOR + i)
                .toArray());
    }

    /**
     * Takes these descriptors.
     *
     * @throws IOException if one of them cannot be used
     */
    static InheritedSockets of(int... descriptors) throws IOException {
        List<Inherited> sockets = new ArrayList<>();
        for (int fd : descriptors) {
            sockets.add(inherited(fd));
        }
        return new InheritedSockets(sockets);
    }

    private static Inherited inherited(int fd) throws IOException {
        Optional<String> path = unixPath(fd);
        unblock(fd);
        if (path.isPresent()) {
            // Without `true` the channel takes itself for unbound, and never accepts.
            return new Inherited("unix:" + path.get(), new EpollServerDomainSocketChannel(fd, true));
        }
        EpollServerSocketChannel channel = new EpollServerSocketChannel(fd);
        InetSocketAddress address = channel.localAddress();
        if (address == null) {
            throw new IOException("descriptor " + fd + " of LISTEN_FDS is not a listening TCP or Unix socket");
        }
        return new Inherited(text(address), channel);
    }

    /**
     * Makes accept(2) return where no connection waits. The starting process may pass sockets that block (systemd does, unless its unit has
     * {@code NonBlocking=yes}), and an event loop would hang in the first one. Java has no fcntl(2), but Netty sets O_NONBLOCK on
     * a descriptor that comes out of a Unix socket, and that flag belongs to the socket behind it. That Unix socket is in a
     * folder that only this user can enter.
     */
    private static void unblock(int fd) throws IOException {
        Path folder = Files.createTempDirectory("orgmilter-fd-", OWNER_ONLY);
        Path path = folder.resolve("s");
        DomainSocketAddress name = new DomainSocketAddress(path.toString());
        Socket listener = Socket.newSocketDomain();
        Socket sender = Socket.newSocketDomain();
        try {
            listener.bind(name);
            listener.listen(1);
            sender.connect(name);
            Socket receiver = new Socket(listener.accept(new byte[UNIX_ADDRESS]));
            try {
                sender.sendFd(fd);
                new Socket(receiver.recvFd()).close();
            } finally {
                receiver.close();
            }
        } finally {
            sender.close();
            listener.close();
            Files.deleteIfExists(path);
            Files.deleteIfExists(folder);
        }
    }

    // proc(5): a descriptor links to socket:[inode], and /proc/net/unix ends its lines with inode and path.
    private static Optional<String> unixPath(int fd) throws IOException {
        String link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        if (!link.startsWith(SOCKET_PREFIX)) {
            throw new IOException("descriptor " + fd + " of LISTEN_FDS is not a socket");
        }
        return unixPath(link.substring(SOCKET_PREFIX.length(), link.length() - 1), Path.of("/proc/net/unix"));
    }

    static Optional<String> unixPath(String inode, Path table) throws IOException {
        // Octets as they are: other processes' abstract names may be no text at all.
        try (Stream<String> lines = Files.lines(table, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.trim().split("\\s+", 8))
                    .filter(fields -> fields.length == 8 && fields[6].equals(inode))
                    .map(fields -> new String(fields[7].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                    .findFirst();
        }
    }

    /** The socket that is bound to this address, if it was inherited; it is given away once. */
    Optional<ServerChannel> take(ListenAddress address) throws IOException {
        String wanted = address instanceof ListenAddress.Tcp tcp ? text(resolved(tcp)) : address.toString();
        for (Iterator<Inherited> i = unused.iterator(); i.hasNext(); ) {
            Inherited socket = i.next();
            if (socket.address().equals(wanted)) {
                i.remove();
                return Optional.of(socket.channel());
            }
        }
        return Optional.empty();
    }

    /**
     * Checks that nothing is left over.
     *
     * @throws IOException naming a socket on which connections would wait forever
     */
    void requireAllTaken() throws IOException {
        if (!unused.isEmpty()) {
            throw new IOException(
                    "a socket was passed for " + unused.get(0).address()
                            + "; it is in none of listen, policy-listen and map-listen; add it there, or take it out of the socket unit");
        }
    }

    private static InetSocketAddress resolved(ListenAddress.Tcp address) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
    }

    /** As the configuration writes it. */
    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return new ListenAddress.Tcp(
                        IpAddress.parse(host).map(IpAddress::toString).orElse(host), address.getPort())
                .toString();
    }
}
