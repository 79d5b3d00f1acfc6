package io.github.orgmilter.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import io.github.orgmilter.hocon.HoconKeys.Include;
import io.github.orgmilter.hocon.HoconKeys.IncludeKind;
import io.github.orgmilter.hocon.HoconKeys.Setting;
import io.github.orgmilter.hocon.HoconKeys.Substitution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds the keys, includes and substitutions of one HOCON text, as written.
 *
 * <p>The library only has what is left once it has merged everything with the same path, which is too late to see that
 * something was defined twice. This reads texts that the library accepts; of others it reads anything, and ends.
 */
final class HoconScanner {

    /** More levels than any configuration has, and fewer than would exhaust the stack of a recursive parser. */
    static final int MAX_DEPTH = 100;

    private static final int END = HoconText.END;

    private final HoconText text;
    private final List<HoconKeys.Key> keys = new ArrayList<>();
    private final List<Include> includes = new ArrayList<>();
    private final List<Substitution> substitutions = new ArrayList<>();
    private final List<Repetition> repetitionsInLists = new ArrayList<>();
    private final List<List<String>> references = new ArrayList<>(); // the paths in all substitutions so far
    private final int base;
    private int depth;
    private boolean tooDeep;

    private HoconScanner(String text, int base) {
        this.text = new HoconText(text);
        this.base = base;
    }

    /** Reads a text whose root is at the given path. */
    static HoconKeys scan(String text, List<String> path) {
        HoconScanner scanner = new HoconScanner(text, path.size());
        scanner.text.skipBlank();
        if (scanner.text.peek() == '{') {
            scanner.text.advance();
        }
        scanner.object(path);
        return new HoconKeys(
                scanner.keys, scanner.includes, scanner.substitutions, scanner.repetitionsInLists, scanner.tooDeep);
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

    private void field(List<String> parent) {
        int keyLine = text.line();
        int column = text.position();
        List<String> full = new ArrayList<>(parent);
        for (String element : key()) {
            full.add(element);
            keys.add(new HoconKeys.Key(List.copyOf(full), keyLine, column, Setting.PARENT));
        }
        int last = keys.size() - 1;
        List<String> path = keys.get(last).path();
        text.skipBlank();
        boolean addition = text.peek() == '+' && text.peek(1) == '=';
        if (addition) {
            text.advance();
        }
        if (text.peek() == '=' || text.peek() == ':') {
            text.advance();
            text.skipBlank();
        }
        Setting setting = value(path);
        keys.set(last, new HoconKeys.Key(path, keyLine, column, addition ? Setting.ADDITION : setting));
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
    private Setting value(List<String> path) {
        int before = references.size();
        boolean object = false;
        boolean plain = false;
        boolean optional = true;
        while (true) {
            int c = text.peek();
            if (c == END || c == '\n' || c == ',' || c == '}' || c == ']' || text.startsComment()) {
                break;
            }
            if (c == '{') {
                text.advance();
                object(path);
                object = true;
            } else if (c == '[') {
                array(path);
                plain = true;
            } else if (c == '"') {
                text.quoted();
                plain = true;
            } else if (c == '$' && text.peek(1) == '{') {
                optional &= substitution();
            } else {
                plain |= !HoconText.isBlank(c);
                text.advance();
            }
        }
        boolean refers = references.size() > before;
        if (refers && references.subList(before, references.size()).stream().anyMatch(each -> isSame(each, path))) {
            return Setting.OVERRIDE;
        }
        if (object || plain || !refers) {
            return object ? Setting.OBJECT : Setting.VALUE;
        }
        return optional ? Setting.OVERRIDE : Setting.REFERENCE;
    }

    // A substitution in an included file is looked up where it is included, and then from the root.
    private boolean isSame(List<String> reference, List<String> path) {
        return reference.equals(path) || (base <= path.size() && reference.equals(path.subList(base, path.size())));
    }

    private void array(List<String> path) {
        text.advance();
        if (enter()) {
            while (true) {
                text.skipBlank();
                int c = text.peek();
                if (c == END || c == ']') {
                    break;
                }
                int before = text.position();
                element(path);
                if (text.position() == before) {
                    text.advance(); // a comma
                }
            }
            depth--;
        }
        text.advance();
    }

    // The keys of an object in a list have no path of their own.
    private void element(List<String> list) {
        int known = keys.size();
        value(list);
        if (keys.size() > known) {
            List<HoconKeys.Key> own = keys.subList(known, keys.size());
            repetitionsInLists.addAll(Repetition.in(own, path -> true));
            own.clear();
        }
    }

    private boolean isInclude() {
        int after = text.peek("include".length());
        return text.startsWith("include")
                && (after == '"' || after == '\n' || after == '#' || HoconText.isBlank(after));
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

    // Returns whether it is an optional one.
    private boolean substitution() {
        int startLine = text.line();
        int start = text.position() + 2;
        while (text.peek() != END && text.peek() != '}') {
            if (text.peek() == '"') {
                text.quoted();
            } else {
                text.advance();
            }
        }
        String written = text.since(start);
        boolean optional = written.startsWith("?");
        String expression = (optional ? written.substring(1) : written).strip();
        if (!optional) {
            substitutions.add(new Substitution(expression, startLine));
        }
        references.add(elements(expression));
        text.advance();
        return optional;
    }

    private static List<String> elements(String expression) {
        try {
            return ConfigUtil.splitPath(expression);
        } catch (ConfigException e) {
            return List.of(expression); // the library reports it
        }
    }
}
