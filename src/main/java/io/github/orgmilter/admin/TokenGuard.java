package io.github.orgmilter.admin;

import io.github.orgmilter.net.ListenAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks operators for the token of {@code admin-token-file}: programs send it as a bearer token (RFC 6750), browsers as the password
 * of Basic authentication (RFC 7617), whatever the user name.
 */
final class TokenGuard {

    private static final String CHALLENGE = "Basic realm=\"OrgMilter\", charset=\"UTF-8\"";
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private final boolean neededAlways;
    private final Supplier<Optional<String>> token;

    /**
     * Guards a listener.
     *
     * @param token read with every request; empty if there is none
     */
    TokenGuard(ListenAddress listen, Supplier<Optional<String>> token) {
        this.neededAlways = listen instanceof ListenAddress.Tcp tcp && !tcp.isLoopback();
        this.token = token;
    }

    /** Why a request is refused, if it is. */
    Optional<Answer> refusal(Request request) {
        Optional<String> wanted = token.get();
        if (wanted.isEmpty()) {
            return neededAlways
                    ? Optional.of(Answer.text(
                            Answer.FORBIDDEN,
                            "admin-listen is not on loopback, so this needs a token; set admin-token-file,"
                                    + " or let admin-listen be on 127.0.0.1 or a Unix socket"))
                    : Optional.empty();
        }
        List<String> given = request.headers("Authorization");
        if (given.size() == 1 && matches(presented(given.get(0)), wanted.get())) {
            return Optional.empty();
        }
        return Optional.of(
                Answer.text(Answer.UNAUTHORIZED, "give the token of admin-token-file, as a password or a bearer token")
                        .with("WWW-Authenticate", CHALLENGE));
    }

    private static String presented(String authorization) {
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                byte[] decoded = Base64.getDecoder()
                        .decode(authorization.substring(BASIC.length()).strip());
                String pair = new String(decoded, StandardCharsets.UTF_8);
                return pair.substring(pair.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return "";
            }
        }
        return "";
    }

    // In constant time, or the answer's delay would give the token away.
    private static boolean matches(String given, String wanted) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
    }
}
