package io.github.orgmilter.identity.login;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Visibility;
import java.util.Optional;

/**
 * What a connector or {@code trusted-logins} accepts as a SASL login: one login, or every login of a domain, or every login. Logins
 * are compared whole, without regard to the case of ASCII letters.
 *
 * @param text the login, or the domain behind {@code *@}, in lower case; empty for every login
 */
public record LoginPattern(Kind kind, String text) {

    /** Which logins it accepts. */
    public enum Kind {
        EXACT,
        DOMAIN,
        ANY
    }

    static final LoginPattern ANY = new LoginPattern(Kind.ANY, "");

    private static final String OF_DOMAIN = "*@";
    private static final String FORM = "write a login such as relay@contoso.com, or *@contoso.com for all of a domain";

    /**
     * Reads a pattern of a connector.
     *
     * @throws InvalidValueException if it is empty, has an invisible character, or a {@code *} other than in {@code *@DOMAIN}
     */
    public static LoginPattern parse(String text) throws InvalidValueException {
        if (text.equals("*")) {
            throw new InvalidValueException(
                    "\"*\" is every login, and a connector is for servers of one organization", FORM);
        }
        return strict(text);
    }

    /**
     * Reads a pattern of {@code trusted-logins}, which may be {@code *}.
     *
     * @throws InvalidValueException as {@link #parse}
     */
    public static LoginPattern parseTrusted(String text) throws InvalidValueException {
        return text.equals("*") ? ANY : strict(text);
    }

    private static LoginPattern strict(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("empty login", FORM);
        }
        if (text.startsWith(" ")
                || text.endsWith(" ")
                || !text.codePoints().allMatch(c -> c == ' ' || (Visibility.isVisible(c) && c != 0xfffd))) {
            throw new InvalidValueException(
                    "\"" + text + "\" has an outer blank or an invisible character, and logins are compared whole",
                    FORM);
        }
        boolean ofDomain = text.startsWith(OF_DOMAIN);
        String rest = ofDomain ? text.substring(OF_DOMAIN.length()) : text;
        if (rest.indexOf('*') >= 0) {
            throw new InvalidValueException("\"" + text + "\" has a wildcard other than *@ in front of a domain", FORM);
        }
        if (ofDomain ? rest.isEmpty() || rest.indexOf('@') >= 0 : rest.startsWith("@")) {
            throw new InvalidValueException("\"" + text + "\" is neither a login nor *@ and a domain", FORM);
        }
        return new LoginPattern(ofDomain ? Kind.DOMAIN : Kind.EXACT, DomainName.asciiLowerCase(rest));
    }

    /** The one that accepts this login only, whatever it looks like. */
    public static LoginPattern exact(String login) {
        return new LoginPattern(Kind.EXACT, DomainName.asciiLowerCase(login));
    }

    /** The one for the domain of a login, which is behind its last {@code @}; empty if it has none. */
    public static Optional<LoginPattern> ofDomain(String login) {
        int at = login.lastIndexOf('@');
        return at < 0
                ? Optional.empty()
                : Optional.of(new LoginPattern(Kind.DOMAIN, DomainName.asciiLowerCase(login.substring(at + 1))));
    }

    /** The domain of the logins that it accepts, in comparable form; empty if they have none, or any. */
    public Optional<DomainName> domain() {
        return kind == Kind.DOMAIN
                ? DomainName.ofEnvelope(text)
                : ofDomain(text).flatMap(pattern -> DomainName.ofEnvelope(pattern.text));
    }

    @Override
    public String toString() {
        return switch (kind) {
            case EXACT -> text;
            case DOMAIN -> OF_DOMAIN + text;
            case ANY -> "*";
        };
    }
}
