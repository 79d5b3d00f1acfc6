package io.github.orgmilter.probe.smtp;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * The server that is asked, and how.
 *
 * @param host its name, as the operator gave it
 * @param implicitTls whether TLS begins with the connection (RFC 8314)
 * @param authorities the CAs that its certificate must be of, where a password is sent; empty for those of the Java platform
 * @param helo the client's name in EHLO
 * @param patience for each answer
 * @param rate transactions a second
 */
public record Target(
        String host,
        InetSocketAddress server,
        boolean implicitTls,
        List<X509Certificate> authorities,
        String helo,
        Duration patience,
        int rate) {
    public Target {
        authorities = List.copyOf(authorities);
    }
}
