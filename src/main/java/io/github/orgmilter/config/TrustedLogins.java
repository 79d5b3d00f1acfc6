package io.github.orgmilter.config;

import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.hocon.HoconNode;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.identity.login.LoginPatterns;
import java.util.Optional;

/** Reads which logins may send anything: {@code trusted-logins}, or {@code trust-authenticated} for all or none. */
final class TrustedLogins {

    private final Key<LoginPatterns> patterns;
    private final Key<Optional<Boolean>> all;

    /** Adds both keys. */
    TrustedLogins(Keys keys) {
        patterns = Reference.key(keys, "trusted-logins", TrustedLogins::read);
        all = keys.optional("trust-authenticated", Node::flag);
    }

    private static Optional<LoginPatterns> read(Node node) {
        return Optional.of(LoginPatterns.of(Values.all(node.elements(), LoginPattern::parseTrusted).stream()
                .map(Located::value)
                .toList()));
    }

    LoginPatterns in(Section top) {
        LoginPatterns trusted = patterns.in(top);
        Optional<Boolean> trustsAll = all.in(top);
        if (patterns.node(top).filter(TrustedLogins::isWritten).isPresent()) {
            all.node(top)
                    .ifPresent(node -> node.error(
                            "trusted-logins and this key are two names of one setting",
                            "remove this key, which is [ \"*\" ] for true and [] for false"));
            return trusted;
        }
        return trustsAll
                .map(each -> each ? LoginPatterns.ALL : LoginPatterns.NONE)
                .orElse(trusted);
    }

    // And not only in reference.conf.
    private static boolean isWritten(Node node) {
        return node instanceof HoconNode hocon
                && hocon.document().definition(node.location().path()).isPresent();
    }
}
