package io.github.orgmilter.admin;

import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.net.ListenAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Keeps the pages of other sites from making requests through the operator's browser. Such a page can send a request here, which
 * its Origin shows. Or, with a name of its own that resolves to this listener's address (DNS rebinding), it can send one of the
 * same origin, as the browser sees it, which its Host shows.
 */
final class SiteGuard {

    private static final String REPAIR = "; if it is yours, add it to admin-hosts";

    private final ListenAddress listen;
    private final Supplier<Set<String>> names;

    /**
     * Guards a listener.
     *
     * @param names further hosts by which it may be reached
     */
    SiteGuard(ListenAddress listen, Supplier<Set<String>> names) {
        this.listen = listen;
        this.names = names;
    }

    /** What is wrong with the Host of a request: HTTP/1.1 requires one (RFC 9112, section 3.2), here only over TCP. */
    Optional<Answer> malformed(Request request, boolean needsHost) {
        List<String> hosts = request.headers("Host");
        if (hosts.isEmpty() && needsHost && listen instanceof ListenAddress.Tcp) {
            return Optional.of(Answer.text(Answer.BAD_REQUEST, "the request has no Host header"));
        }
        if (hosts.size() > 1
                || hosts.stream()
                        .anyMatch(
                                host -> !host.isEmpty() && Authority.parse(host).isEmpty())) {
            return Optional.of(
                    Answer.text(Answer.BAD_REQUEST, "the request's Host header is not a single host and port"));
        }
        return Optional.empty();
    }

    /**
     * Why a request is refused, if it is.
     *
     * @param local our own address of the connection
     */
    Optional<Answer> refusal(Request request, SocketAddress local) {
        Optional<String> written = request.header("Host");
        Optional<Authority> host = written.flatMap(Authority::parse);
        // Without one it is older than HTTP/1.1 and not from a browser; only a proxy brings one to a Unix socket.
        if (written.isPresent()
                && listen instanceof ListenAddress.Tcp tcp
                && !host.filter(it -> isOurs(it, tcp, local)).isPresent()) {
            return Optional.of(Answer.text(
                    Answer.MISDIRECTED,
                    "\"" + host.map(Authority::host).orElse("")
                            + "\" is not a name of this listener; use its address or localhost" + REPAIR));
        }
        if (request.headers("Origin").stream().anyMatch(origin -> !isOurs(origin, host))) {
            return Optional.of(Answer.text(
                    Answer.FORBIDDEN, "the page that makes this request (Origin) belongs to another site" + REPAIR));
        }
        if (request.headers("Sec-Fetch-Site").stream()
                .anyMatch(site -> !site.equals("same-origin") && !site.equals("none"))) {
            return Optional.of(
                    Answer.text(Answer.FORBIDDEN, "a page of another site makes this request (Sec-Fetch-Site)"));
        }
        return Optional.empty();
    }

    private boolean isOurs(Authority host, ListenAddress.Tcp tcp, SocketAddress local) {
        return host.isLoopback()
                || host.host().equals(tcp.host())
                || names.get().contains(host.host())
                || (local instanceof InetSocketAddress socket
                        && IpAddress.parse(socket.getAddress().getHostAddress())
                                .filter(address -> address.toString().equals(host.host()))
                                .isPresent());
    }

    private boolean isOurs(String origin, Optional<Authority> host) {
        Optional<Authority> site = Optional.of(origin)
                .filter(text -> text.startsWith("http://") || text.startsWith("https://"))
                .flatMap(text -> Authority.parse(text.substring(text.indexOf("//") + 2)));
        return site.isPresent()
                && (site.equals(host) || names.get().contains(site.get().host()));
    }
}
