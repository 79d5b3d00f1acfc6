package io.github.orgmilter.mta;

import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads macro frames, of one connection after the other. For one thread. */
@SuppressWarnings("EnumOrdinal") // as in Macros
public final class MacroReader {

    private final @Nullable String[] values = new @Nullable String[Macro.COUNT]; // of the frame that is read
    private final RecentTexts texts = new RecentTexts();

    /**
     * Reads a macro frame: the octet of the command that follows, and pairs. A frame without any pair is normal.
     *
     * @throws MalformedFrameException if a name lacks its value, or a NUL is missing
     * @throws LimitReachedException if there are too many, or one is too long
     */
    public Macros read(Payload payload, Limits limits) throws MalformedFrameException, LimitReachedException {
        int octets = payload.remaining();
        int stage = payload.octet();
        try {
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
                    values[macro.ordinal()] = macro.isRepeated() ? payload.text(length, texts) : payload.text(length);
                }
            }
            return new Macros(stage, octets, values);
        } finally {
            Arrays.fill(values, null);
        }
    }

    private static int requireFits(Payload payload, Limits limits)
            throws MalformedFrameException, LimitReachedException {
        int length = payload.stringLength();
        if (length > limits.macroSize()) {
            throw new LimitReachedException(Limit.MACRO_SIZE);
        }
        return length;
    }
}
