package io.github.orgmilter.header;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;

/**
 * The name of a header field (RFC 5322, section 2.2): printable ASCII without a colon. Names are equal whatever the case of their
 * letters.
 *
 * @param text the name as it is written
 */
public record FieldName(String text) {

    /** The field that names the authors (RFC 5322, section 3.6.2). */
    public static final FieldName FROM = new FieldName("From");

    /** Octets; what any MTA takes for a name is far longer, and no name in use is. */
    static final int MAX_LENGTH = 100;

    /**
     * Reads a configured name.
     *
     * @throws InvalidValueException if it is empty, too long, or has a character that no name has
     */
    public static FieldName parse(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("empty header field name", "write a name such as X-Organization");
        }
        if (text.length() > MAX_LENGTH) {
            throw new InvalidValueException(
                    "a header field name of " + text.length() + " characters",
                    "write one of at most " + MAX_LENGTH + " characters");
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c == ':' || c > '~')) {
            throw new InvalidValueException(
                    "\"" + text + "\" is not a header field name",
                    "use letters, digits and hyphens, and leave out the colon");
        }
        return new FieldName(text);
    }

    /** The name in lower case, by which names are compared. */
    public String key() {
        return DomainName.asciiLowerCase(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldName name && key().equals(name.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
