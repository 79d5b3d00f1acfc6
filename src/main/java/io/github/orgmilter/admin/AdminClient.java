package io.github.orgmilter.admin;

import io.github.orgmilter.net.ListenAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Makes one request of the admin listener of a running service, over TCP or a Unix socket, which the JDK's client cannot. */
public final class AdminClient {

    private static final int MOST_OCTETS = 256 * 1024 * 1024; // what it could send is more than anybody reads
    private static final int BUFFER = 64 * 1024;
    private static final String END_OF_HEADER = "\r\n\r\n";

    private final ListenAddress address;
    private final Duration timeout;
    private final long deadline;

    private AdminClient(ListenAddress address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
        deadline = System.nanoTime() + timeout.toNanos();
    }

    /**
     * A response.
     *
     * @param status that of HTTP
     */
    public record Response(int status, String body) {

        public boolean isSuccess() {
            return status == Answer.OK;
        }
    }

    /**
     * Makes a request.
     *
     * @param token that is given, if the service wants one
     * @param target a path, and a query if there is one
     * @param timeout for all of it
     * @throws IOException if nobody answers there in time, or what answers is no admin listener; the message says what to do
     */
    public static Response request(
            ListenAddress address, Optional<String> token, String method, String target, Duration timeout)
            throws IOException {
        return new AdminClient(address, timeout)
                .request(
                        method + " " + target,
                        token.map(value -> "Authorization: Bearer " + value + "\r\n")
                                .orElse(""));
    }

    private Response request(String line, String authorization) throws IOException {
        try (Selector selector = Selector.open();
                SocketChannel channel = open()) {
            channel.configureBlocking(false);
            connect(channel, selector);
            ByteBuffer request = StandardCharsets.US_ASCII.encode(
                    line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + authorization + "\r\n");
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            while (request.hasRemaining()) {
                await(selector);
                channel.write(request);
            }
            key.interestOps(SelectionKey.OP_READ);
            ByteArrayOutputStream response = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (response.size() < MOST_OCTETS) {
                await(selector);
                if (channel.read(buffer) < 0) {
                    return parse(response.toString(StandardCharsets.UTF_8));
                }
                response.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            throw new IOException(
                    address + " does not stop answering; check that it is the admin listener of orgmilter");
        }
    }

    private SocketChannel open() throws IOException {
        return address instanceof ListenAddress.Unix
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
    }

    private void connect(SocketChannel channel, Selector selector) throws IOException {
        try {
            if (!channel.connect(target())) {
                SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
                while (!channel.finishConnect()) {
                    await(selector);
                }
                key.interestOps(0);
            }
        } catch (IOException e) {
            throw new IOException(
                    "nothing answers at " + address + ": " + e.getMessage()
                            + "; start the service, or run this as a user who may connect to its admin-listen socket",
                    e);
        }
    }

    private SocketAddress target() {
        if (address instanceof ListenAddress.Unix unix) {
            return UnixDomainSocketAddress.of(unix.path());
        }
        ListenAddress.Tcp tcp = (ListenAddress.Tcp) address;
        boolean everywhere = tcp.host().equals("0.0.0.0") || tcp.host().equals("::");
        return new InetSocketAddress(everywhere ? tcp.here().host() : tcp.host(), tcp.port());
    }

    private void await(Selector selector) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new IOException(address + " has not answered within " + timeout.toSeconds()
                    + " s; the log of the service has what it is doing");
        }
        selector.selectedKeys().clear();
        selector.select(left);
    }

    private Response parse(String response) throws IOException {
        int end = response.indexOf(END_OF_HEADER);
        if (end < 0 || !response.matches("(?s)HTTP/1\\.[01] [0-9]{3} .*")) {
            throw new IOException(
                    address + " does not answer in HTTP; check that it is the admin listener of orgmilter");
        }
        return new Response(
                Integer.parseInt(response.substring(9, 12)), response.substring(end + END_OF_HEADER.length()));
    }
}
