package io.github.orgmilter.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports for servers that must be told theirs: nothing maps ports with host networking. */
final class FreePort {

    private FreePort() {}

    /** A port that is free on IPv4 and, by being the kernel's own choice, not handed out again soon. */
    static int next() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            return socket.getLocalPort();
        }
    }
}
