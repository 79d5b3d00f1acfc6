package io.github.orgmilter.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The keys, includes and substitutions of one HOCON text, as written.
 *
 * <p>The library gives only what is left after it has merged whatever has the same path, which is too late to see that something
 * was defined twice. This reads a text that the library accepts; of any other it reads something or other, and ends.
 */
final class HoconKeys {

    /** More levels than any configuration has, and fewer than would exhaust the stack of a recursive parser. */
    static final int MAX_DEPTH = 100;

    /** A key at which something is defined; {@code a.b = 1} defines both {@code a} and {@code a.b}. */
    record Key(List<String> path, int line, int column) {}

    enum IncludeKind {
        ANY,
        FILE,
        URL,
        CLASSPATH
    }

    /** An include statement, inside the object at {@code path}. */
    record Include(IncludeKind kind, String name, List<String> path, int line) {}

    /** What stands between <code>${</code> and <code>}</code>, where it does not start with {@code ?}. */
    record Substitution(String expression, int line) {}

    private static final int END = -1;

    private final String text;
    private final List<Key> keys = new ArrayList<>();
    private final List<Include> includes = new ArrayList<>();
    private final List<Substitution> substitutions = new ArrayList<>();
    private int position;
    private int line = 1;
    private int depth;
    private boolean tooDeep;

    private HoconKeys(String text) {
        this.text = text;
    }

    /** Reads a text whose root stands at the given path. */
    static HoconKeys scan(String text, List<String> path) {
        HoconKeys scanned = new HoconKeys(text);
        scanned.skipBlank();
        if (scanned.peek() == '{') {
            scanned.advance();
        }
        scanned.object(path);
        return scanned;
    }

    List<Key> keys() {
        return keys;
    }

    List<Include> includes() {
        return includes;
    }

    List<Substitution> substitutions() {
        return substitutions;
    }

    boolean isTooDeep() {
        return tooDeep;
    }

    // Fields up to the closing brace, which is consumed, or to the end.
    private void object(List<String> path) {
        if (enter()) {
            while (true) {
                skipBlank();
                if (peek() == END || peek() == '}') {
                    break;
                }
                int before = position;
                if (isInclude()) {
                    include(path);
                } else if (peek() != ',') {
                    field(path);
                }
                if (position == before) {
                    advance(); // a comma, or what no key can start with
                }
            }
            depth--;
        }
        advance();
    }

    private boolean enter() {
        depth++;
        if (depth > MAX_DEPTH) {
            tooDeep = true;
            position = text.length();
        }
        return !tooDeep;
    }

    private void field(List<String> path) {
        int keyLine = line;
        int column = position;
        List<String> full = new ArrayList<>(path);
        for (String element : key()) {
            full.add(element);
            keys.add(new Key(List.copyOf(full), keyLine, column));
        }
        skipBlank();
        if (peek() == '+' && peek(1) == '=') {
            advance();
        }
        if (peek() == '=' || peek() == ':') {
            advance();
            skipBlank();
        }
        value(List.copyOf(full));
    }

    /** A path expression up to its separator: dots part elements, except inside quotes. */
    private List<String> key() {
        List<String> elements = new ArrayList<>();
        StringBuilder element = new StringBuilder();
        StringBuilder blanks = new StringBuilder(); // count only if something follows
        while (true) {
            int c = peek();
            if (c == '"') {
                element.append(blanks).append(quoted());
                blanks.setLength(0);
            } else if (endsKey()) {
                break;
            } else if (isBlank(c)) {
                blanks.append((char) c);
                advance();
            } else if (c == '.') {
                elements.add(element.append(blanks).toString());
                element.setLength(0);
                blanks.setLength(0);
                advance();
            } else {
                element.append(blanks).append((char) c);
                blanks.setLength(0);
                advance();
            }
        }
        elements.add(element.toString());
        return elements;
    }

    private boolean endsKey() {
        int c = peek();
        return c == END || (c == '+' && peek(1) == '=') || "=:\"{}[],\n".indexOf(c) >= 0 || startsComment();
    }

    // What is concatenated on a line; a comma, a newline or the end of what encloses it ends it.
    private void value(List<String> path) {
        while (true) {
            int c = peek();
            if (c == END || c == '\n' || c == ',' || c == '}' || c == ']' || startsComment()) {
                return;
            }
            if (c == '{') {
                advance();
                object(path);
            } else if (c == '[') {
                array();
            } else if (c == '"') {
                quoted();
            } else if (c == '$' && peek(1) == '{') {
                substitution();
            } else {
                advance();
            }
        }
    }

    private void array() {
        advance();
        if (enter()) {
            while (true) {
                skipBlank();
                int c = peek();
                if (c == END || c == ']') {
                    break;
                }
                int before = position;
                if (c == '{') {
                    element();
                } else {
                    value(List.of());
                }
                if (position == before) {
                    advance(); // a comma
                }
            }
            depth--;
        }
        advance();
    }

    // The keys of an object in a list have no path of their own.
    private void element() {
        int known = keys.size();
        value(List.of());
        keys.subList(known, keys.size()).clear();
    }

    private boolean isInclude() {
        int after = peek("include".length());
        return text.startsWith("include", position) && (after == '"' || isBlank(after));
    }

    private void include(List<String> path) {
        int statementLine = line;
        skip("include");
        skipBlank();
        boolean required = skip("required(");
        skipBlank();
        IncludeKind kind = IncludeKind.ANY;
        for (IncludeKind candidate : List.of(IncludeKind.FILE, IncludeKind.URL, IncludeKind.CLASSPATH)) {
            if (skip(candidate.name().toLowerCase(Locale.ROOT) + "(")) {
                kind = candidate;
            }
        }
        skipBlank();
        if (peek() == '"') {
            includes.add(new Include(kind, quoted(), path, statementLine));
        }
        for (int closing = (required ? 1 : 0) + (kind == IncludeKind.ANY ? 0 : 1); closing > 0; closing--) {
            skipBlank();
            skip(")");
        }
    }

    private void substitution() {
        int startLine = line;
        int start = position + 2;
        while (peek() != END && peek() != '}') {
            if (peek() == '"') {
                quoted();
            } else {
                advance();
            }
        }
        String expression = text.substring(Math.min(start, position), position);
        if (!expression.startsWith("?")) {
            substitutions.add(new Substitution(expression.strip(), startLine));
        }
        advance();
    }

    private String quoted() {
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

    // The character that the escape stands for; its last character is left to be consumed.
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

    private void skipBlank() {
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

    private boolean startsComment() {
        return peek() == '#' || (peek() == '/' && peek(1) == '/');
    }

    private static boolean isBlank(int c) {
        // The byte order mark is white space to HOCON.
        return c != '\n' && c != END && (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF');
    }

    private boolean skip(String word) {
        boolean there = text.startsWith(word, position);
        position += there ? word.length() : 0;
        return there;
    }

    private int peek() {
        return peek(0);
    }

    private int peek(int ahead) {
        return position + ahead < text.length() ? text.charAt(position + ahead) : END;
    }

    private void advance() {
        if (position < text.length()) {
            line += text.charAt(position) == '\n' ? 1 : 0;
            position++;
        }
    }
}
