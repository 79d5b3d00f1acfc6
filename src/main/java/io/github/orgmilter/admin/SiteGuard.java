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
 * its Origin betrays, or, with a name of its own that resolves to our address (DNS rebinding), one that is of the same origin to
 * the browser, which its Host betrays.
 */
final class SiteGuard {

    private static final String REPAIR = "; if it is yours, add it to admin-hosts";

    private final ListenAddress listen;
    private final Supplier<Set<String>> names;

    /**
     * Guards a listener.
     *
     * @param names further hosts by which it may be asked
     */
    SiteGuard(ListenAddress listen, Supplier<Set<String>> names) {
        this.listen = listen;
        this.names = names;
    }

    /** What is wrong with the Host of any request: there must be one from HTTP/1.1 on (RFC 9112, section 3.2), over TCP. */
    Optional<Answer> malformed(Request request, boolean needsHost) {
        List<String> hosts = request.headers("Host");
        if (hosts.isEmpty() && needsHost && listen instanceof ListenAddress.Tcp) {
            return Optional.of(Answer.text(Answer.BAD_REQUEST, "the request has no Host"));
        }
        if (hosts.size() > 1
                || hosts.stream()
                        .anyMatch(
                                host -> !host.isEmpty() && Authority.parse(host).isEmpty())) {
            return Optional.of(Answer.text(Answer.BAD_REQUEST, "the Host of the request is not one host and port"));
        }
        return Optional.empty();
    }

    /**
     * Why a request may not do or show anything, if it may not.
     *
     * @param local our own address of the connection
     */
    Optional<Answer> refusal(Request request, SocketAddress local) {
        Optional<String> written = request.header("Host");
        Optional<Authority> host = written.flatMap(Authority::parse);
        // Without any it is older than HTTP/1.1, and no browser; and none reaches a Unix socket but by a proxy.
        if (written.isPresent()
                && listen instanceof ListenAddress.Tcp tcp
                && !host.filter(it -> isOurs(it, tcp, local)).isPresent()) {
            return Optional.of(Answer.text(
                    Answer.MISDIRECTED,
                    "\"" + host.map(Authority::host).orElse("")
                            + "\" is not a name of this service: ask by its address or by localhost" + REPAIR));
        }
        if (request.headers("Origin").stream().anyMatch(origin -> !isOurs(origin, host))) {
            return Optional.of(Answer.text(
                    Answer.FORBIDDEN, "the page that makes this request (Origin) is of another site" + REPAIR));
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
