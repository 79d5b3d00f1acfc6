package io.github.orgmilter.asking;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A connection of which every wait ends at one point in time. */
final class Wire implements Closeable {

    private final SocketChannel channel;
    private final Selector selector;
    private final long deadline;

    private Wire(SocketChannel channel, Selector selector, long deadline) {
        this.channel = channel;
        this.selector = selector;
        this.deadline = deadline;
    }

    /** Connects; all that follows must end within the patience as well. */
    static Wire connect(Place place, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        SocketAddress address = place instanceof Place.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : UnixDomainSocketAddress.of(((Place.Unix) place).path());
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new IOException("unknown host " + inet.getHostString());
        }
        SocketChannel channel = address instanceof InetSocketAddress
                ? SocketChannel.open()
                : SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            Wire wire = new Wire(channel, Selector.open(), deadline);
            if (!channel.connect(address)) {
                do {
                    wire.await(SelectionKey.OP_CONNECT);
                } while (!channel.finishConnect());
            }
            return wire;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void await(int operation) throws IOException {
        channel.register(selector, operation);
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0 || selector.select(left) == 0) {
            throw new IOException("no answer in time");
        }
        selector.selectedKeys().clear();
    }

    void write(byte[] octets) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    byte[] read(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            int octets = channel.read(buffer);
            if (octets < 0) {
                throw new EOFException("the connection was closed");
            }
            if (octets == 0) {
                await(SelectionKey.OP_READ);
            }
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
