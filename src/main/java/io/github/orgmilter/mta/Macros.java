package io.github.orgmilter.mta;

import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The macros that the rules use, as the MTA sent them for one command. */
@SuppressWarnings("EnumOrdinal") // an EnumMap around the same array takes 40 octets more, four times a message
public final class Macros {

    private static final int COUNT = Macro.values().length;

    public static final Macros NONE = new Macros(0, 0);

    private final int stage;
    private final int octets;
    private final @Nullable String[] values = new @Nullable String[COUNT];

    private Macros(int stage, int octets) {
        this.stage = stage;
        this.octets = octets;
    }

    /** These macros and no others, for no command in particular. */
    static Macros of(Map<Macro, String> values) {
        Macros macros = new Macros(0, 0);
        values.forEach((macro, value) -> macros.values[macro.ordinal()] = value);
        return macros;
    }

    /**
     * Reads a macro frame: the octet of the command that follows, and pairs. A frame without any pair is normal.
     *
     * @throws MalformedFrameException if a name lacks its value, or a NUL is missing
     * @throws LimitReachedException if there are too many, or one is too long
     */
    public static Macros parse(Payload payload, Limits limits) throws MalformedFrameException, LimitReachedException {
        int octets = payload.remaining();
        Macros macros = new Macros(payload.octet(), octets);
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
                macros.values[macro.ordinal()] = payload.text(length);
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
        return Optional.ofNullable(values[macro.ordinal()]).filter(value -> !value.isEmpty());
    }

    /** Whether the MTA sent the macro, even if it is empty. */
    boolean has(Macro macro) {
        return values[macro.ordinal()] != null;
    }

    /** These macros and, of the others, those that are not among them. */
    public Macros or(Macros others) {
        Macros all = new Macros(stage, octets + others.octets);
        for (int i = 0; i < COUNT; i++) {
            all.values[i] = values[i] != null ? values[i] : others.values[i];
        }
        return all;
    }
}
