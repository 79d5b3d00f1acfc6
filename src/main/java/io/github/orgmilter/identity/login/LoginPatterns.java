package io.github.orgmilter.identity.login;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Any number of login patterns, in their order. A look-up costs the same for each number of them. */
public final class LoginPatterns {

    public static final LoginPatterns NONE = new LoginPatterns(Set.of());
    public static final LoginPatterns ALL = new LoginPatterns(Set.of(LoginPattern.ANY));

    private final Set<LoginPattern> patterns;

    private LoginPatterns(Set<LoginPattern> patterns) {
        this.patterns = patterns;
    }

    public static LoginPatterns of(Collection<LoginPattern> patterns) {
        return patterns.isEmpty()
                ? NONE
                : new LoginPatterns(Collections.unmodifiableSet(new LinkedHashSet<>(patterns)));
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    public List<LoginPattern> all() {
        return List.copyOf(patterns);
    }

    /** The closest pattern that accepts a login: itself, then its domain's, then the one for all. */
    public Optional<LoginPattern> closest(String login) {
        if (patterns.isEmpty()) {
            return Optional.empty();
        }
        LoginPattern exact = LoginPattern.exact(login);
        return patterns.contains(exact)
                ? Optional.of(exact)
                : LoginPattern.ofDomain(login)
                        .filter(patterns::contains)
                        .or(() -> Optional.of(LoginPattern.ANY).filter(patterns::contains));
    }

    /** Whether each login that a pattern accepts is accepted here. */
    public boolean covers(LoginPattern pattern) {
        return patterns.contains(pattern)
                || patterns.contains(LoginPattern.ANY)
                || (pattern.kind() == LoginPattern.Kind.EXACT
                        && LoginPattern.ofDomain(pattern.text())
                                .filter(patterns::contains)
                                .isPresent());
    }

    /** The first single login here that a pattern for a domain accepts. */
    public Optional<LoginPattern> firstWithin(LoginPattern ofDomain) {
        return patterns.stream()
                .filter(pattern -> pattern.kind() == LoginPattern.Kind.EXACT)
                .filter(pattern -> LoginPattern.ofDomain(pattern.text())
                        .filter(ofDomain::equals)
                        .isPresent())
                .findFirst();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LoginPatterns logins && patterns.equals(logins.patterns);
    }

    @Override
    public int hashCode() {
        return patterns.hashCode();
    }

    @Override
    public String toString() {
        return patterns.toString();
    }
}
