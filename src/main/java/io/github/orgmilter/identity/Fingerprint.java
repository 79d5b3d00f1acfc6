package io.github.orgmilter.identity;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The SHA-256 digest of a certificate, or of its public key (the DER of the SubjectPublicKeyInfo, RFC 5280, section 4.1).
 *
 * @param hex 64 hexadecimal digits in lower case
 */
public record Fingerprint(String hex) {

    private static final int DIGITS = 64;
    private static final Pattern PLAIN = Pattern.compile("[0-9A-Fa-f]+");
    private static final Pattern WITH_COLONS = Pattern.compile("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*");

    public Fingerprint {
        if (hex.length() != DIGITS || !hex.matches("[0-9a-f]+")) {
            throw new IllegalArgumentException("fingerprint " + hex);
        }
    }

    /** The digest in these octets. */
    public static Fingerprint of(byte[] sha256) {
        return new Fingerprint(HexFormat.of().formatHex(sha256));
    }

    /** Reads what an MTA reports, with or without colons; empty for anything else, and for another digest. */
    public static Optional<Fingerprint> ofPresented(String text) {
        boolean digits =
                PLAIN.matcher(text).matches() || WITH_COLONS.matcher(text).matches();
        String hex = text.replace(":", "").toLowerCase(Locale.ROOT);
        return digits && hex.length() == DIGITS ? Optional.of(new Fingerprint(hex)) : Optional.empty();
    }

    /**
     * Reads a configured one.
     *
     * @throws InvalidValueException if it is not a SHA-256 digest in hexadecimal digits, with or without colons between pairs
     */
    public static Fingerprint parse(String text) throws InvalidValueException {
        Optional<Fingerprint> fingerprint = ofPresented(text);
        if (fingerprint.isPresent()) {
            return fingerprint.get();
        }
        boolean digits =
                PLAIN.matcher(text).matches() || WITH_COLONS.matcher(text).matches();
        throw new InvalidValueException(
                "\"" + text + "\" is not a SHA-256 fingerprint"
                        + (digits ? otherDigest(text.replace(":", "").length()) : ""),
                "write its 64 hexadecimal digits, as `orgmilter fingerprint FILE` prints them");
    }

    private static String otherDigest(int digits) {
        return switch (digits) {
            case 32 -> ": it has the length of an MD5 digest";
            case 40 -> ": it has the length of a SHA-1 digest";
            default -> ": it has " + digits + " digits";
        };
    }

    /** As Postfix logs it: pairs of upper-case digits with colons between them. */
    @Override
    public String toString() {
        return hex.toUpperCase(Locale.ROOT).replaceAll("(..)(?!$)", "$1:");
    }
}
