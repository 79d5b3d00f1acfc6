package io.github.orgmilter.hocon;

/** A HOCON text, read character by character; knows its line, quotes, comments and white space. */
final class HoconText {

    static final int END = -1;

    private final String text;
    private int position;
    private int line = 1;

    HoconText(String text) {
        this.text = text;
    }

    int position() {
        return position;
    }

    int line() {
        return line;
    }

    /** What has been read since a position. */
    String since(int start) {
        return text.substring(Math.min(start, position), position);
    }

    boolean startsWith(String word) {
        return text.startsWith(word, position);
    }

    void skipAll() {
        position = text.length();
    }

    /** Reads a quoted string and returns its value. */
    String quoted() {
        if (text.startsWith("\"\"\"", position)) {
            int start = position + 3;
            int end = text.indexOf("\"\"\"", start);
            end = end < 0 ? text.length() : end;
            while (end + 3 < text.length() && text.charAt(end + 3) == '"') {
                end++; // further quotes belong to the string
            }
            while (position < Math.min(end + 3, text.length())) {
                advance();
            }
            return text.substring(Math.min(start, end), end);
        }
        StringBuilder unescaped = new StringBuilder();
        advance();
        while (peek() != END && peek() != '"') {
            if (peek() == '\\') {
                advance();
                unescaped.append(escaped());
            } else {
                unescaped.append((char) peek());
            }
            advance();
        }
        advance();
        return unescaped.toString();
    }

    // The escaped character; the last character of the escape is left to be consumed.
    private char escaped() {
        int c = peek();
        if (c == 'u' && position + 4 < text.length()) {
            String hex = text.substring(position + 1, position + 5);
            position += 4;
            return hex.matches("[0-9A-Fa-f]{4}") ? (char) Integer.parseInt(hex, 16) : '?';
        }
        int known = "bfnrt".indexOf(c);
        return known >= 0 ? "\b\f\n\r\t".charAt(known) : (char) c;
    }

    void skipBlank() {
        while (true) {
            if (startsComment()) {
                while (peek() != END && peek() != '\n') {
                    advance();
                }
            } else if (peek() == '\n' || isBlank(peek())) {
                advance();
            } else {
                return;
            }
        }
    }

    boolean startsComment() {
        return peek() == '#' || (peek() == '/' && peek(1) == '/');
    }

    static boolean isBlank(int c) {
        // The byte order mark is white space to HOCON.
        return c != '\n' && c != END && (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF');
    }

    boolean skip(String word) {
        boolean there = text.startsWith(word, position);
        position += there ? word.length() : 0;
        return there;
    }

    int peek() {
        return peek(0);
    }

    int peek(int ahead) {
        return position + ahead < text.length() ? text.charAt(position + ahead) : END;
    }

    void advance() {
        if (position < text.length()) {
            line += text.charAt(position) == '\n' ? 1 : 0;
            position++;
        }
    }
}
