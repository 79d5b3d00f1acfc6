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

    private static final int MOST_PROCESSES = 8;
    private static final int COUNT = 12_000 / MOST_PROCESSES;

    /** Several processes run tests at once, each with ports of its own: what one has found free is free until its server has it. */
    private static final int FIRST = 20_000 + Integer.getInteger("it.fork", 1) % MOST_PROCESSES * COUNT;

    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /** A port that is free on IPv4, and that was not handed out before in this process. */
    public static int next() throws IOException {
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + NEXT.getAndIncrement() % COUNT;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port is free from " + FIRST + " to " + (FIRST + COUNT - 1));
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
