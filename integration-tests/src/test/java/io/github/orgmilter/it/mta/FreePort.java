package io.github.orgmilter.it.mta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that need a fixed one: nothing maps ports with host networking. They lie below those that the kernel gives to
 * connections (Linux: from 32768), of which the tests make so many that a port of these would be taken before its server has it.
 */
public final class FreePort {

    private static final int LOWEST = 20_000;
    private static final int BLOCKS = 8;
    private static final int COUNT = 1_500;

    /**
     * Several processes, and several runs, may test at once, each with ports of its own: what one has found free is free until its
     * server has it. Whoever listens on the first port of a block has the others.
     */
    private static final ServerSocket BLOCK = block();

    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT - 1));

    private FreePort() {}

    /** A port that is free on IPv4, and that was not handed out before in this process. */
    public static int next() throws IOException {
        int first = BLOCK.getLocalPort() + 1;
        for (int i = 1; i < COUNT; i++) {
            int port = first + NEXT.getAndIncrement() % (COUNT - 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port is free from " + first + " to " + (first + COUNT - 2));
    }

    private static ServerSocket block() {
        for (int i = 0; i < BLOCKS; i++) {
            try {
                return new ServerSocket(
                        LOWEST + i * COUNT, 1, InetAddress.getLoopbackAddress()); // until the process ends
            } catch (BindException e) {
                // Another one's.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("all ports that tests use are other processes', from " + LOWEST + " on");
    }

    /** Whether a server could have a port now. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
