package io.github.orgmilter.admin;

import java.net.SocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a request may be made: what its route needs of Host, Origin and token. */
final class Entrance {

    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
    private static final int MOST_SHOWN = 100;

    private final SiteGuard site;
    private final TokenGuard token;
    private final Connections connections;

    Entrance(SiteGuard site, TokenGuard token, Connections connections) {
        this.site = site;
        this.token = token;
        this.connections = connections;
    }

    /**
     * Why it is refused, if it is.
     *
     * @param route that it would take
     * @param needsHost whether it is of HTTP/1.1 or later
     * @param local our own address of the connection
     */
    Optional<Answer> refusal(Request request, Optional<Route> route, boolean needsHost, SocketAddress local) {
        Optional<Answer> malformed = site.malformed(request, needsHost);
        if (malformed.isPresent()
                || route.filter(it -> it.access() == Route.Access.OPERATOR).isEmpty()) {
            return malformed;
        }
        Optional<Answer> refusal = site.refusal(request, local).or(() -> token.refusal(request));
        if (refusal.isPresent() && connections.mayLog("refused")) {
            LOG.warn(
                    "admin: refused {} status={} host={} origin={}",
                    request.path(),
                    refusal.get().status(),
                    visible(request.header("Host")),
                    visible(request.header("Origin")));
        }
        return refusal;
    }

    private static String visible(Optional<String> header) {
        String text = header.orElse("").replaceAll("[^!-~]", "?");
        return text.substring(0, Math.min(text.length(), MOST_SHOWN));
    }
}
