package io.github.orgmilter.journal;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of one line of ours, read strictly. A value has no plain space, and one between quotes no plain quote, so a
 * stranger's text cannot end its value; a line that is cut, or in which another one begins, is not well-formed.
 */
@SuppressWarnings("EnumOrdinal") // one array for all lines
final class LogFields {

    /** Characters of a value, escapes included, past which it is cut (LogText). */
    private static final int LONGEST = 512;

    private static final int LONGEST_ESCAPE = "\\u{10ffff}".length();
    private static final String CUT = "...";

    private static final LogKey[] KEYS = LogKey.values();

    private final @Nullable String[] values = new @Nullable String[KEYS.length];
    private final Set<LogKey> cut = EnumSet.noneOf(LogKey.class);
    private String event = "";
    private String client = "";

    /** Reads a line from its first key on; false if it is not well-formed. */
    boolean parse(String text, int start) {
        Arrays.fill(values, null);
        cut.clear();
        event = "";
        client = "";
        int clientStart = -1;
        int at = start;
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            int space = text.indexOf(' ', at);
            if (equals < 0 || (space >= 0 && space < equals)) { // a word: the line reports an event
                int end = space < 0 ? text.length() : space;
                if (!event.isEmpty() || end == at) {
                    return false;
                }
                event = text.substring(at, end);
                at = end + 1;
                continue;
            }
            LogKey key = LogKey.of(text.substring(at, equals));
            int end =
                    key != null && key.isQuoted() ? closingQuote(text, equals + 1) : space < 0 ? text.length() : space;
            if (end < 0 || !take(key, text, equals + 1, end)) {
                return false;
            }
            if (key == LogKey.CLIENT) {
                clientStart = at;
            } else if (clientStart >= 0 && client.isEmpty() && (key == LogKey.HELO || key == LogKey.FROM)) {
                client = text.substring(clientStart, at);
            }
            at = end + 1;
        }
        return true;
    }

    /** Behind the quote that ends the value; -1 if none does. */
    private static int closingQuote(String text, int start) {
        if (start >= text.length() || text.charAt(start) != '"') {
            return -1;
        }
        for (int i = start + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1 == text.length() || text.charAt(i + 1) == ' ' ? i + 1 : -1;
            }
            i += c == '\\' ? 1 : 0;
        }
        return -1;
    }

    private boolean take(@Nullable LogKey key, String text, int start, int end) {
        if (key == null) {
            return true; // of a newer version
        }
        int first = start;
        int last = end;
        if (key.isQuoted() || isAddress(key)) {
            first++;
            last--;
            if (last < first || (isAddress(key) && (text.charAt(start) != '<' || text.charAt(last) != '>'))) {
                return false;
            }
        }
        if (last - first > LONGEST + CUT.length()) {
            return false; // none of ours
        }
        if (last - first - CUT.length() > LONGEST - LONGEST_ESCAPE && text.startsWith(CUT, last - CUT.length())) {
            cut.add(key);
        }
        Optional<String> value = plain(text.substring(first, last));
        if (value.isEmpty() || values[key.ordinal()] != null) {
            return false;
        }
        values[key.ordinal()] = value.get();
        return true;
    }

    private static boolean isAddress(LogKey key) {
        return switch (key) {
            case FROM, TO, RESOLVED_FROM, RESOLVED_TO -> true;
            default -> false;
        };
    }

    /** The text without escapes; empty if one of them is none of ours. */
    private static Optional<String> plain(String text) {
        if (text.indexOf('\\') < 0) {
            return Optional.of(text);
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escaped = ++i < text.length() ? text.charAt(i) : 0;
            if (escaped == '\\' || escaped == '"') {
                plain.append(escaped);
            } else {
                int end = text.indexOf('}', i);
                if (escaped != 'u' || !text.startsWith("u{", i) || end < 0 || end - i > LONGEST_ESCAPE) {
                    return Optional.empty();
                }
                try {
                    plain.appendCodePoint(Integer.parseInt(text, i + 2, end, 16));
                } catch (IllegalArgumentException e) { // of digits, and of code points
                    return Optional.empty();
                }
                i = end;
            }
        }
        return Optional.of(plain.toString());
    }

    boolean has(LogKey key) {
        return values[key.ordinal()] != null;
    }

    /** The value; empty if the line does not have the key. */
    String get(LogKey key) {
        String value = values[key.ordinal()];
        return value == null ? "" : value;
    }

    Optional<String> optional(LogKey key) {
        return Optional.ofNullable(values[key.ordinal()]);
    }

    boolean is(LogKey key, String value) {
        return value.equals(values[key.ordinal()]);
    }

    /** The keys whose values are cut. */
    Set<LogKey> cut() {
        return cut;
    }

    /** The word that is no key, such as {@code message}; empty if there is none. */
    String event() {
        return event;
    }

    /** All that the line has of the client, as it is written: the same text is the same client. */
    String client() {
        return client;
    }
}
