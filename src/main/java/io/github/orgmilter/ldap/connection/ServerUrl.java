package io.github.orgmilter.ldap.connection;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A server.
 *
 * @param host a name, or a literal address without brackets
 * @param tls whether the connection begins with TLS
 */
public record ServerUrl(String host, int port, boolean tls) {

    private static final String EXAMPLE =
            "write ldaps://ldap.example.net, or several of these with a blank between them";

    /** Reads one or several, with blanks between them. */
    public static List<ServerUrl> parseAll(String text) throws InvalidValueException {
        List<ServerUrl> servers = new ArrayList<>();
        for (String url : text.strip().split("\\s+")) {
            servers.add(parse(url));
        }
        return servers;
    }

    private static ServerUrl parse(String text) throws InvalidValueException {
        if (text.indexOf('@') >= 0) {
            throw new InvalidValueException(
                    "an LDAP URL has a user or a password", "write them in user and in the file of password-file");
        }
        LDAPURL url;
        try {
            url = new LDAPURL(text);
        } catch (LDAPException e) {
            throw new InvalidValueException("\"" + text + "\" is not an LDAP URL", EXAMPLE);
        }
        if (url.getScheme().equals("ldapi")) {
            throw new InvalidValueException(
                    "\"" + text + "\" is a Unix socket, which is not supported", "write ldap://127.0.0.1");
        }
        if (!url.hostProvided()) {
            throw new InvalidValueException("\"" + text + "\" has no host", EXAMPLE);
        }
        if (url.baseDNProvided() || url.attributesProvided() || url.scopeProvided() || url.filterProvided()) {
            throw new InvalidValueException(
                    "\"" + text + "\" has more than a host and a port", "write the rest in base and filter");
        }
        return new ServerUrl(url.getHost(), url.getPort(), url.getScheme().equals("ldaps"));
    }

    /** Whether it is this machine. */
    public boolean isLoopback() {
        return host.toLowerCase(Locale.ROOT).equals("localhost")
                || IpAddress.parse(host)
                        .map(IpAddress::toString)
                        .filter(ServerUrl::isLoopback)
                        .isPresent();
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("::1");
    }

    @Override
    public String toString() {
        return (tls ? "ldaps://" : "ldap://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
