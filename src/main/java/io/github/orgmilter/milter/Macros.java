package io.github.orgmilter.milter;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The macros that the MTA sent for one command, by their names with braces, as in {@code {cert_subject}} and {@code i}. */
record Macros(Map<String, String> values) {

    static final Macros NONE = new Macros(Map.of());

    Macros {
        values = Map.copyOf(values);
    }

    /**
     * Reads the pairs of a macro frame, behind its stage octet. A frame without any pair is normal.
     *
     * @throws MalformedFrameException if a name lacks its value, or a NUL is missing
     */
    static Macros parse(Payload payload) throws MalformedFrameException {
        if (!payload.hasMore()) {
            return NONE;
        }
        Map<String, String> values = new HashMap<>();
        while (payload.hasMore()) {
            values.put(payload.text(), payload.text());
        }
        return new Macros(values);
    }

    /** The macro's value; an empty one is as good as none. */
    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** Whether the MTA sent the macro, be it empty. */
    boolean has(String name) {
        return values.containsKey(name);
    }

    /** These macros, and of the others what is not among them. */
    Macros or(Macros others) {
        if (values.isEmpty()) {
            return others;
        }
        Map<String, String> all = new HashMap<>(others.values);
        all.putAll(values);
        return new Macros(all);
    }
}
