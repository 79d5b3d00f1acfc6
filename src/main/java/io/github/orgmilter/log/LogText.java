package io.github.orgmilter.log;

import io.github.orgmilter.identity.Visibility;

/**
 * Text from outside, made safe for a log line: nothing in it can end the line, colour a terminal, reverse the writing direction,
 * look like another {@code key=value}, or make the line long.
 */
final class LogText {

    /** Characters of a value in the line, escapes included: an address is at most 320 octets (RFC 5321, section 4.5.3.1). */
    private static final int LONGEST = 512;

    private static final String CUT = "...";

    private LogText() {}

    /** Adds a value to the line. */
    static void append(StringBuilder line, String text) {
        append(line, text, false);
    }

    /** The same for text between double quotes, in which spaces are plain. */
    static void appendWords(StringBuilder line, String text) {
        append(line, text, true);
    }

    private static void append(StringBuilder line, String text, boolean words) {
        if (isPlain(text, words)) {
            line.append(text);
            return;
        }
        int end = line.length() + LONGEST;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int before = line.length();
            appendEscaped(line, text.codePointAt(i), words);
            if (line.length() > end) { // between two characters, and never within an escape
                line.setLength(before);
                line.append(CUT);
                return;
            }
        }
    }

    private static void appendEscaped(StringBuilder line, int c, boolean words) {
        if (c == '\\' || (words && c == '"')) {
            line.append('\\').append((char) c);
        } else if (words && c == ' ') {
            line.append(' ');
        } else if (c <= ' ' || !Visibility.isVisible(c)) {
            line.append("\\u{").append(Integer.toHexString(c)).append('}');
        } else {
            line.appendCodePoint(c);
        }
    }

    private static boolean isPlain(String text, boolean words) {
        if (text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '\\' || c == (words ? '"' : ' ')) {
                return false;
            }
        }
        return true;
    }

    /** The text without escapes, cut to the length of one in the line. */
    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + CUT;
    }
}
