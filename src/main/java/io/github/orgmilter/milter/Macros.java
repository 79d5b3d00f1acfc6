package io.github.orgmilter.milter;

import io.github.orgmilter.config.Limit;
import io.github.orgmilter.config.Limits;
import java.nio.charset.StandardCharsets;
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
     * @throws LimitReachedException if there are too many, or one is too long
     */
    static Macros parse(Payload payload, Limits limits) throws MalformedFrameException, LimitReachedException {
        if (!payload.hasMore()) {
            return NONE;
        }
        Map<String, String> values = new HashMap<>();
        for (int count = 1; payload.hasMore(); count++) {
            if (count > limits.macrosPerStage()) {
                throw new LimitReachedException(Limit.MACROS_PER_STAGE);
            }
            values.put(text(payload, limits), text(payload, limits));
        }
        return new Macros(values);
    }

    private static String text(Payload payload, Limits limits) throws MalformedFrameException, LimitReachedException {
        byte[] octets = payload.string();
        if (octets.length > limits.macroSize()) {
            throw new LimitReachedException(Limit.MACRO_SIZE);
        }
        return new String(octets, StandardCharsets.UTF_8); // as Payload.text
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
