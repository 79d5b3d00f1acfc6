package io.github.orgmilter.milter;

import io.github.orgmilter.identity.Visibility;

/**
 * Text from outside as it may stand in a log line: nothing in it can end the line, colour a terminal, reverse the writing
 * direction, or look like another {@code key=value}.
 */
final class LogText {

    private static final int MAX_LENGTH = 512; // an address is at most 320 octets (RFC 5321, section 4.5.3.1)

    private LogText() {}

    static String escape(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        int[] codePoints = text.codePoints().limit(MAX_LENGTH).toArray();
        for (int c : codePoints) {
            if (c == '\\') {
                escaped.append("\\\\");
            } else if (c <= ' ' || !Visibility.isVisible(c)) {
                escaped.append(String.format("\\u{%x}", c));
            } else {
                escaped.appendCodePoint(c);
            }
        }
        return text.codePointCount(0, text.length()) > MAX_LENGTH ? escaped.append("...").toString() : escaped.toString();
    }

    /** The same for text between double quotes, in which spaces are plain. */
    static String escapeWords(String text) {
        return escape(text).replace("\\u{20}", " ").replace("\"", "\\\"");
    }

    private static boolean isPlain(String text) {
        if (text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '\\') {
                return false;
            }
        }
        return true;
    }
}
