package io.github.orgmilter.net;

import io.github.orgmilter.identity.IpAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The two ends of an SMTP connection. There is one at a time between them, except where a proxy names the client (XCLIENT).
 *
 * @param clientPort never 0, which means that the MTA does not know it
 */
public record Endpoints(IpAddress client, int clientPort, IpAddress server, int serverPort) {

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** These ends; empty if not all of them are known. */
    public static Optional<Endpoints> of(
            Optional<IpAddress> client, int clientPort, Optional<IpAddress> server, int serverPort) {
        return client.isPresent() && server.isPresent() && clientPort > 0 && serverPort > 0
                ? Optional.of(new Endpoints(client.get(), clientPort, server.get(), serverPort))
                : Optional.empty();
    }

    /** A port as an MTA reports it; 0 if it does not. */
    public static int port(String text) {
        return PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
    }
}
