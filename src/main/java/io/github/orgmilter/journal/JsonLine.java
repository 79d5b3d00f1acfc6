package io.github.orgmilter.journal;

import java.util.List;

/**
 * A line that is a JSON object, read as far as a log needs it: one text at its top, and the time. Whatever is nested in it is passed
 * over, so that nothing in there can be taken for either.
 */
final class JsonLine {

    /** Where our encoder, journald, Docker and others have the line itself; the earlier ones go first. */
    private static final List<String> TEXTS = List.of("formattedMessage", "MESSAGE", "message", "log", "msg");

    /** Where journald has the name of the program. */
    private static final String NAME = "SYSLOG_IDENTIFIER";

    private static final List<String> TIMES = List.of("timestamp", "__REALTIME_TIMESTAMP", "time");

    private final String json;
    private int at;
    private int rank = TEXTS.size();
    private String text = "";
    private String time = "";
    private String name = "";

    private JsonLine(String json, int at) {
        this.json = json;
        this.at = at;
    }

    /** Reads the object that begins there; without a text if it has none, or is not well-formed. */
    static JsonLine read(String json, int at) {
        JsonLine line = new JsonLine(json, at);
        try {
            line.object();
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            line.text = ""; // cut off, or not JSON
        }
        return line;
    }

    /** The text; empty if there is none. */
    String text() {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /** The time as it is written; empty if there is none. */
    String time() {
        return time;
    }

    /** The name of the program; empty if there is none. */
    String name() {
        return name;
    }

    private void object() {
        expect('{');
        while (peek() != '}') {
            String key = string();
            expect(':');
            value(key);
            if (peek() == ',') {
                at++;
            } else if (peek() != '}') {
                throw new IllegalArgumentException();
            }
        }
        at++;
        if (!json.substring(at).isBlank()) {
            throw new IllegalArgumentException();
        }
    }

    private void value(String key) {
        char c = peek();
        if (c == '"') {
            int order = TEXTS.indexOf(key);
            if (order >= 0 && order < rank) {
                rank = order;
                text = string();
            } else if (TIMES.contains(key)) {
                time = string();
            } else if (key.equals(NAME)) {
                name = string();
            } else {
                skipString();
            }
        } else if (c == '{' || c == '[') {
            skipNested();
        } else {
            int start = at;
            while (",}".indexOf(json.charAt(at)) < 0) {
                at++;
            }
            if (TIMES.contains(key)) {
                time = json.substring(start, at).trim();
            }
        }
    }

    private void skipNested() {
        int depth = 0;
        do {
            char c = peek();
            if (c == '"') {
                skipString();
            } else {
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                at++;
            }
        } while (depth > 0);
    }

    private void skipString() {
        at++;
        while (json.charAt(at) != '"') {
            at += json.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private String string() {
        if (peek() != '"') {
            throw new IllegalArgumentException();
        }
        int start = at + 1;
        skipString();
        String raw = json.substring(start, at - 1);
        return raw.indexOf('\\') < 0 ? raw : unescaped(raw);
    }

    private static String unescaped(String raw) {
        StringBuilder plain = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escaped = raw.charAt(++i);
            switch (escaped) {
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 't' -> plain.append('\t');
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(raw.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> plain.append(escaped);
            }
        }
        return plain.toString();
    }

    private char peek() {
        while (json.charAt(at) == ' ' || json.charAt(at) == '\t') {
            at++;
        }
        return json.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw new IllegalArgumentException();
        }
        at++;
    }
}
