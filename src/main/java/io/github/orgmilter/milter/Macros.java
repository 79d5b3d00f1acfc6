package io.github.orgmilter.milter;

import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What the MTA sent for one command of the macros that the rules use. */
final class Macros {

    static final Macros NONE = new Macros();

    private final Map<Macro, String> values = new EnumMap<>(Macro.class);

    private Macros() {}

    /** These macros and no others. */
    static Macros of(Map<Macro, String> values) {
        Macros macros = new Macros();
        macros.values.putAll(values);
        return macros;
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
        Macros macros = new Macros();
        for (int count = 1; payload.hasMore(); count++) {
            if (count > limits.macrosPerStage()) {
                throw new LimitReachedException(Limit.MACROS_PER_STAGE);
            }
            int nameLength = requireFits(payload, limits);
            Macro macro = Macro.next(payload, nameLength);
            payload.skipString(nameLength);
            int length = requireFits(payload, limits);
            if (macro == null) {
                payload.skipString(length);
            } else {
                macros.values.put(macro, payload.text(length));
            }
        }
        return macros;
    }

    private static int requireFits(Payload payload, Limits limits)
            throws MalformedFrameException, LimitReachedException {
        int length = payload.stringLength();
        if (length > limits.macroSize()) {
            throw new LimitReachedException(Limit.MACRO_SIZE);
        }
        return length;
    }

    /** The macro's value; an empty one is as good as none. */
    Optional<String> get(Macro macro) {
        return Optional.ofNullable(values.get(macro)).filter(value -> !value.isEmpty());
    }

    /** Whether the MTA sent the macro, be it empty. */
    boolean has(Macro macro) {
        return values.containsKey(macro);
    }

    /** These macros, and of the others what is not among them. */
    Macros or(Macros others) {
        Macros all = of(others.values);
        all.values.putAll(values);
        return all;
    }
}
