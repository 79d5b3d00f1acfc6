package io.github.orgmilter.asking;

/** Where a service of OrgMilter is asked, as the MTA's configuration has it. */
public sealed interface Place {

    /** By TCP; the host may be a name. */
    record Tcp(String host, int port) implements Place {
        @Override
        public String toString() {
            return "inet:" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * A Unix socket.
     *
     * @param path absolute, as it is outside of any chroot
     */
    record Unix(String path) implements Place {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }
}
