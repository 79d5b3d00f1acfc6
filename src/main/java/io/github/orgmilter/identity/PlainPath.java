package io.github.orgmilter.identity;

import java.nio.charset.StandardCharsets;

/**
 * A path as nearly all are: an address in ASCII between angle brackets, without quotes, spaces or other brackets. {@link
 * EnvelopeAddressParser} reads it in the same way, at a higher price.
 */
final class PlainPath {

    private static final int BRACKETS = 2;

    private PlainPath() {}

    /** The place of the last {@code @} between the brackets; negative for any other path, and where there is none. */
    static int at(byte[] path) {
        int end = path.length - 1;
        if (end < BRACKETS || path[0] != '<' || path[end] != '>') {
            return -1;
        }
        int at = 0;
        for (int i = 1; i < end; i++) {
            switch (path[i]) {
                case '@' -> at = i;
                case '"', '\\', '<', '>', '[', ']' -> {
                    return -1;
                }
                default -> {
                    if (path[i] <= ' ' || path[i] == 0x7f) { // or not ASCII, which is negative
                        return -1;
                    }
                }
            }
        }
        return at - 1;
    }

    /** What is between the brackets: the likely text, if it is that. */
    static String text(byte[] path, String likely) {
        return isBetweenBrackets(path, likely)
                ? likely
                : new String(path, 1, path.length - BRACKETS, StandardCharsets.US_ASCII);
    }

    private static boolean isBetweenBrackets(byte[] path, String text) {
        if (text.length() != path.length - BRACKETS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != path[1 + i]) {
                return false;
            }
        }
        return true;
    }
}
