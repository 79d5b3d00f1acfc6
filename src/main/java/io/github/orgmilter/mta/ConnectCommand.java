package io.github.orgmilter.mta;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.IpAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * What the MTA reports of the SMTP client at CONNECT.
 *
 * @param display the address as the MTA gave it, or {@code unknown}
 * @param address empty if the MTA does not know it, or it is a Unix socket
 * @param port the client's; 0 if the MTA does not know it
 */
public record ConnectCommand(String display, Optional<IpAddress> address, int port) {

    private static final String IPV6_TAG = "ipv6:"; // Sendmail's form, as in RFC 5321's address literals

    /**
     * Reads the frame: the client's name as the MTA looked it up, which is not kept, since no rule may depend on it; then a family
     * octet; {@code 4}, {@code 6} and {@code L} are followed by a port and the address. With family {@code U} nothing follows, not
     * even a NUL. No name is ever resolved.
     *
     * @throws MalformedFrameException if it ends too early or has another family
     */
    public static ConnectCommand parse(Payload payload) throws MalformedFrameException {
        payload.skipString(payload.stringLength());
        int family = payload.octet();
        switch (family) {
            case '4', '6' -> {
                int port = payload.octet() << Byte.SIZE | payload.octet();
                return from(payload.text(), port);
            }
            case 'L', 'U' -> {
                return new ConnectCommand(Client.UNKNOWN, Optional.empty(), 0);
            }
            default -> throw new MalformedFrameException("address family " + family);
        }
    }

    /** The client at an address, as the MTA writes it. */
    public static ConnectCommand from(String text, int port) {
        String literal = text.toLowerCase(Locale.ROOT).startsWith(IPV6_TAG) ? text.substring(IPV6_TAG.length()) : text;
        return new ConnectCommand(text, IpAddress.parse(literal), port);
    }
}
