package io.github.orgmilter.mta;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The macros that the rules use, as the MTA sent them for one command. */
@SuppressWarnings("EnumOrdinal") // an EnumMap takes several times the octets, three or four times a message
public final class Macros {

    public static final Macros NONE = new Macros(0, 0, new @Nullable String[Macro.COUNT]);

    private final int stage;
    private final int octets;
    private final int sent; // a bit for each macro, by its ordinal
    private final String[] values; // of those that were sent, in their order

    /**
     * Macros for a command.
     *
     * @param all the value of each {@link Macro} in their order, null where it was not sent
     */
    Macros(int stage, int octets, @Nullable String[] all) {
        this.stage = stage;
        this.octets = octets;
        int bits = 0;
        for (int i = 0; i < Macro.COUNT; i++) {
            bits |= all[i] == null ? 0 : 1 << i;
        }
        sent = bits;
        values = new String[Integer.bitCount(bits)];
        int size = 0;
        for (String value : all) {
            if (value != null) {
                values[size++] = value;
            }
        }
    }

    /** These macros and no others, for no command in particular. */
    static Macros of(Map<Macro, String> values) {
        @Nullable String[] all = new @Nullable String[Macro.COUNT];
        values.forEach((macro, value) -> all[macro.ordinal()] = value);
        return new Macros(0, 0, all);
    }

    /**
     * These macros if they came for this command, else none.
     *
     * @param command its octet
     */
    public Macros forCommand(int command) {
        return isFor(command) ? this : NONE;
    }

    /** Whether they came for this command. */
    public boolean isFor(int command) {
        return stage == command;
    }

    /** How long the frame was, with the macros that are not kept. */
    public int octets() {
        return octets;
    }

    /** The macro's value; an empty one counts as none. */
    public Optional<String> get(Macro macro) {
        String value = value(macro);
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /** Whether the MTA sent the macro, even if it is empty. */
    boolean has(Macro macro) {
        return (sent & 1 << macro.ordinal()) != 0;
    }

    private @Nullable String value(Macro macro) {
        return has(macro) ? values[Integer.bitCount(sent & ((1 << macro.ordinal()) - 1))] : null;
    }

    /** These macros and, of the others, those that are not among them. */
    public Macros or(Macros others) {
        @Nullable String[] all = new @Nullable String[Macro.COUNT];
        for (Macro macro : Macro.values()) {
            all[macro.ordinal()] = has(macro) ? value(macro) : others.value(macro);
        }
        return new Macros(stage, octets + others.octets, all);
    }
}
