package io.github.orgmilter.header;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The whole value of a header field, without folds and outer blanks, compared without regard to the case of ASCII letters. It may be
 * a secret, so its text is never shown.
 *
 * @param key the value in lower case
 */
public record FieldValue(String key) {

    /** Octets: a line of a message has no more (RFC 5322, section 2.1.1). */
    static final int MAX_LENGTH = 998;

    /**
     * Reads a configured value.
     *
     * @throws InvalidValueException if it is empty or too long, has outer blanks or is not printable ASCII; the message does not
     *     repeat it
     */
    public static FieldValue parse(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException(
                    "empty header field value", "write the whole value of the field as it must come");
        }
        if (text.length() > MAX_LENGTH) {
            throw new InvalidValueException(
                    "a header field value of " + text.length() + " characters",
                    "write one of at most " + MAX_LENGTH + " characters");
        }
        if (!isPrintable(text)) {
            throw new InvalidValueException(
                    "a header field value that is not printable ASCII", "use letters, digits, punctuation and spaces");
        }
        if (text.startsWith(" ") || text.endsWith(" ")) {
            throw new InvalidValueException(
                    "a header field value that begins or ends with a space", "remove the outer spaces");
        }
        return new FieldValue(DomainName.asciiLowerCase(text));
    }

    /** The value of a field that came; empty for one that equals no configured value: too long, or not printable ASCII. */
    static Optional<FieldValue> of(byte[] octets) {
        // Folds and blanks may make it longer. ISO 8859-1, so that each octet stays one character.
        String text = FieldText.trim(FieldText.unfold(new String(octets, StandardCharsets.ISO_8859_1)))
                .replace('\t', ' ');
        return text.length() <= MAX_LENGTH && isPrintable(text)
                ? Optional.of(new FieldValue(DomainName.asciiLowerCase(text)))
                : Optional.empty();
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Hides the value. */
    @Override
    public String toString() {
        return "(value)";
    }
}
