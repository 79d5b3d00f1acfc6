package io.github.orgmilter.postfix;

import java.util.List;
import java.util.Locale;

/** What a restriction does with a client that wants to relay. */
enum Action {
    PERMITS,
    REFUSES,
    PASSES,
    /** A list of restrictions, as the value of a table. */
    RESTRICTIONS;

    /** Of the value in an access table (access(5)). */
    static Action of(String value) {
        List<String> words = Words.of(value);
        String first = words.isEmpty() ? "OK" : words.get(0).toUpperCase(Locale.ROOT);
        if (first.matches("[45]\\d\\d")) {
            return REFUSES;
        }
        if (first.matches("\\d+")) {
            return PERMITS;
        }
        return switch (first) {
            case "OK", "PERMIT" -> PERMITS;
            case "REJECT", "DEFER", "DEFER_IF_PERMIT" -> REFUSES;
            case "DUNNO",
                    "DEFER_IF_REJECT",
                    "BCC",
                    "DISCARD",
                    "FILTER",
                    "HOLD",
                    "PREPEND",
                    "REDIRECT",
                    "INFO",
                    "WARN" -> PASSES;
            default -> RESTRICTIONS;
        };
    }
}
