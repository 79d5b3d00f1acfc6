package io.github.orgmilter.net;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** A socket on which MTAs reach the daemon. */
public sealed interface ListenAddress {

    /**
     * A TCP socket.
     *
     * @param host a literal address in its usual form, or {@code localhost}
     * @param port 0 for any free one
     */
    record Tcp(String host, int port) implements ListenAddress {

        /** Whether only this machine can reach it. */
        public boolean isLoopback() {
            return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        }

        /** The same port, for this machine alone. */
        public Tcp here() {
            return new Tcp(host.indexOf(':') >= 0 ? "::1" : "127.0.0.1", port);
        }

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "inet6:" : "inet:") + port + "@" + host;
        }
    }

    /**
     * A Unix domain socket.
     *
     * @param path absolute
     * @param mode who may connect: who may write
     * @param group the group that the socket is to belong to; empty for that of the process
     */
    record Unix(Path path, Set<PosixFilePermission> mode, Optional<String> group) implements ListenAddress {

        public Unix {
            mode = Set.copyOf(mode);
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }
}
