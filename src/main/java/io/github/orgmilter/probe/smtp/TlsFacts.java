package io.github.orgmilter.probe.smtp;

import java.util.List;
import java.util.Optional;

/**
 * What a handshake shows of the server.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param subject of its certificate
 * @param distrust why the certificate is not trusted for the server's name; empty if it is
 * @param asksForCertificate whether it asked for one of the client
 * @param authorities the CAs that it named as it asked, as distinguished names
 */
public record TlsFacts(
        String protocol,
        String cipher,
        String subject,
        Optional<String> distrust,
        boolean asksForCertificate,
        List<String> authorities) {
    public TlsFacts {
        authorities = List.copyOf(authorities);
    }
}
