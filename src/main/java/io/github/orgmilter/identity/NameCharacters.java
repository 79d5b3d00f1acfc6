package io.github.orgmilter.identity;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which non-ASCII characters a configured name may contain: letters, marks and digits, and the few others that IDNA 2008 allows
 * (RFC 5892). UTS #46 accepts quotation marks, dashes and symbols as well, and editors insert them by mistake.
 */
public final class NameCharacters {

    private NameCharacters() {}

    /**
     * Checks the characters of a name, each by itself.
     *
     * @throws InvalidValueException if it contains a non-ASCII character that is not allowed
     */
    public static void check(String name) throws InvalidValueException {
        Optional<String> problem = problem(name);
        if (problem.isPresent()) {
            throw new InvalidValueException(problem.get(), "use letters, digits, hyphens and dots only");
        }
    }

    /** Names the first character that is not allowed; empty if there is none. */
    static Optional<String> problem(String name) {
        if (DomainName.isAscii(name)) {
            return Optional.empty();
        }
        OptionalInt foreign =
                name.codePoints().filter(c -> c > 0x7f && !isAllowed(c)).findFirst();
        return foreign.isPresent()
                ? Optional.of("\"" + name + "\" contains " + describe(foreign.getAsInt()))
                : Optional.empty();
    }

    /** Refuses a label that UTS #46 refused, if it contains a character that is allowed in certain places only (appendix A). */
    static void checkPlaces(String name, String label) throws InvalidValueException {
        OptionalInt contextual =
                label.codePoints().filter(NameCharacters::isContextual).findFirst();
        if (contextual.isPresent()) {
            throw new InvalidValueException(
                    "\"" + name + "\" contains " + describe(contextual.getAsInt())
                            + " where IDNA 2008 does not allow it",
                    "remove it, or correct the characters next to it");
        }
    }

    /** {@code U+201C LEFT DOUBLE QUOTATION MARK}. */
    private static String describe(int codePoint) {
        String name = Character.getName(codePoint);
        return String.format("U+%04X", codePoint) + (name == null ? "" : " " + name);
    }

    private static boolean isAllowed(int c) {
        if (isContextual(c)) {
            return true;
        }
        return switch (c) {
            case 0x3002,
                    0xFF0E,
                    0xFF61, // full stops
                    0x06FD,
                    0x06FE,
                    0x0F0B,
                    0x3007 -> true; // RFC 5892, section 2.6
            default -> isLetterMarkOrDigit(c);
        };
    }

    private static boolean isLetterMarkOrDigit(int c) {
        boolean invisible = UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
        int type = Character.getType(c);
        boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
        return !invisible && (mark || Character.isLetter(c) || Character.isDigit(c));
    }

    private static boolean isContextual(int c) {
        return switch (c) {
            case 0x00B7, 0x0375, 0x05F3, 0x05F4, 0x30FB, 0x200C, 0x200D -> true;
            default -> (c >= 0x0660 && c <= 0x0669) || (c >= 0x06F0 && c <= 0x06F9);
        };
    }
}
