package io.github.orgmilter.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The keys, includes and substitutions of one HOCON text, as written.
 *
 * <p>The library gives only what is left after it has merged whatever has the same path, which is too late to see that
 * something was defined twice. This reads a text that the library accepts; of any other it reads something or other, and
 * ends.
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

    private static final int END = HoconText.END;

    private final HoconText text;
    private final List<Key> keys = new ArrayList<>();
    private final List<Include> includes = new ArrayList<>();
    private final List<Substitution> substitutions = new ArrayList<>();
    private int depth;
    private boolean tooDeep;

    private HoconKeys(String text) {
        this.text = new HoconText(text);
    }

    /** Reads a text whose root stands at the given path. */
    static HoconKeys scan(String text, List<String> path) {
        HoconKeys scanned = new HoconKeys(text);
        scanned.text.skipBlank();
        if (scanned.text.peek() == '{') {
            scanned.text.advance();
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
                text.skipBlank();
                if (text.peek() == END || text.peek() == '}') {
                    break;
                }
                int before = text.position();
                if (isInclude()) {
                    include(path);
                } else if (text.peek() != ',') {
                    field(path);
                }
                if (text.position() == before) {
                    text.advance(); // a comma, or what no key can start with
                }
            }
            depth--;
        }
        text.advance();
    }

    private boolean enter() {
        depth++;
        if (depth > MAX_DEPTH) {
            tooDeep = true;
            text.skipAll();
        }
        return !tooDeep;
    }

    private void field(List<String> path) {
        int keyLine = text.line();
        int column = text.position();
        List<String> full = new ArrayList<>(path);
        for (String element : key()) {
            full.add(element);
            keys.add(new Key(List.copyOf(full), keyLine, column));
        }
        text.skipBlank();
        if (text.peek() == '+' && text.peek(1) == '=') {
            text.advance();
        }
        if (text.peek() == '=' || text.peek() == ':') {
            text.advance();
            text.skipBlank();
        }
        value(List.copyOf(full));
    }

    /** A path expression up to its separator: dots part elements, except inside quotes. */
    private List<String> key() {
        List<String> elements = new ArrayList<>();
        StringBuilder element = new StringBuilder();
        StringBuilder blanks = new StringBuilder(); // count only if something follows
        while (true) {
            int c = text.peek();
            if (c == '"') {
                element.append(blanks).append(text.quoted());
                blanks.setLength(0);
            } else if (endsKey()) {
                break;
            } else if (HoconText.isBlank(c)) {
                blanks.append((char) c);
                text.advance();
            } else if (c == '.') {
                elements.add(element.append(blanks).toString());
                element.setLength(0);
                blanks.setLength(0);
                text.advance();
            } else {
                element.append(blanks).append((char) c);
                blanks.setLength(0);
                text.advance();
            }
        }
        elements.add(element.toString());
        return elements;
    }

    private boolean endsKey() {
        int c = text.peek();
        return c == END || (c == '+' && text.peek(1) == '=') || "=:\"{}[],\n".indexOf(c) >= 0 || text.startsComment();
    }

    // What is concatenated on a line; a comma, a newline or the end of what encloses it ends it.
    private void value(List<String> path) {
        while (true) {
            int c = text.peek();
            if (c == END || c == '\n' || c == ',' || c == '}' || c == ']' || text.startsComment()) {
                return;
            }
            if (c == '{') {
                text.advance();
                object(path);
            } else if (c == '[') {
                array();
            } else if (c == '"') {
                text.quoted();
            } else if (c == '$' && text.peek(1) == '{') {
                substitution();
            } else {
                text.advance();
            }
        }
    }

    private void array() {
        text.advance();
        if (enter()) {
            while (true) {
                text.skipBlank();
                int c = text.peek();
                if (c == END || c == ']') {
                    break;
                }
                int before = text.position();
                if (c == '{') {
                    element();
                } else {
                    value(List.of());
                }
                if (text.position() == before) {
                    text.advance(); // a comma
                }
            }
            depth--;
        }
        text.advance();
    }

    // The keys of an object in a list have no path of their own.
    private void element() {
        int known = keys.size();
        value(List.of());
        keys.subList(known, keys.size()).clear();
    }

    private boolean isInclude() {
        int after = text.peek("include".length());
        return text.startsWith("include") && (after == '"' || after == '\n' || after == '#' || HoconText.isBlank(after));
    }

    private void include(List<String> path) {
        int statementLine = text.line();
        text.skip("include");
        text.skipBlank();
        boolean required = text.skip("required(");
        text.skipBlank();
        IncludeKind kind = IncludeKind.ANY;
        for (IncludeKind candidate : List.of(IncludeKind.FILE, IncludeKind.URL, IncludeKind.CLASSPATH)) {
            if (text.skip(candidate.name().toLowerCase(Locale.ROOT) + "(")) {
                kind = candidate;
            }
        }
        text.skipBlank();
        if (text.peek() == '"') {
            includes.add(new Include(kind, text.quoted(), path, statementLine));
        }
        for (int closing = (required ? 1 : 0) + (kind == IncludeKind.ANY ? 0 : 1); closing > 0; closing--) {
            text.skipBlank();
            text.skip(")");
        }
    }

    private void substitution() {
        int startLine = text.line();
        int start = text.position() + 2;
        while (text.peek() != END && text.peek() != '}') {
            if (text.peek() == '"') {
                text.quoted();
            } else {
                text.advance();
            }
        }
        String expression = text.since(start);
        if (!expression.startsWith("?")) {
            substitutions.add(new Substitution(expression.strip(), startLine));
        }
        text.advance();
    }
}
