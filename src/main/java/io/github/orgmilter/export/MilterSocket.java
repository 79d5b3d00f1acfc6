package io.github.orgmilter.export;

import io.github.orgmilter.net.ListenAddress;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where the MTA finds this program, in the MTA's own notation. */
public final class MilterSocket {

    private static final Path POSTFIX_QUEUE = Path.of("/var/spool/postfix");
    // What needs no quoting in main.cf, master.cf and m4.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+@:-]+");

    private MilterSocket() {}

    /**
     * As in {@code smtpd_milters} and {@code check_policy_service}: a Unix socket below the queue directory, to which smtpd may be
     * jailed, relative to it.
     *
     * @param key that of the configuration whose first entry it is
     */
    public static String inPostfix(String key, ListenAddress address) throws ExportException {
        if (address instanceof ListenAddress.Tcp tcp) {
            String host = reachable(tcp);
            return "inet:" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port(key, tcp);
        }
        Path path = ((ListenAddress.Unix) address).path();
        return "unix:" + plain(key, path.startsWith(POSTFIX_QUEUE) ? POSTFIX_QUEUE.relativize(path) : path);
    }

    /** As in {@code S=} of {@code INPUT_MAIL_FILTER}. */
    public static String inSendmail(ListenAddress address) throws ExportException {
        if (address instanceof ListenAddress.Tcp tcp) {
            String host = reachable(tcp);
            return (host.indexOf(':') >= 0 ? "inet6:" : "inet:") + port("listen", tcp) + "@" + host;
        }
        return "local:" + plain("listen", ((ListenAddress.Unix) address).path());
    }

    // Listening everywhere includes loopback, and only a socket has the wildcard for an address.
    private static String reachable(ListenAddress.Tcp tcp) {
        return switch (tcp.host()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> tcp.host();
        };
    }

    private static int port(String key, ListenAddress.Tcp tcp) throws ExportException {
        if (tcp.port() == 0) {
            throw new ExportException(
                    "the first socket of " + key + " has port 0, which is another one at each start",
                    "write a port of its own");
        }
        return tcp.port();
    }

    private static Path plain(String key, Path path) throws ExportException {
        if (!PLAIN.matcher(path.toString()).matches()) {
            throw new ExportException(
                    "the first socket of " + key + ", " + path + ", would need quoting in the MTA's files",
                    "use a path of letters, digits and _ . / + @ : -");
        }
        return path;
    }
}
