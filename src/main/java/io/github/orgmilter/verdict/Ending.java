package io.github.orgmilter.verdict;

import java.util.Locale;
import java.util.Optional;

/** What became of a recipient that was accepted: how its message ended, as far as is known here. */
public enum Ending {
    /** The message was accepted. */
    ACCEPTED,
    /** The message was refused for good. */
    REFUSED,
    /** The message was refused for now. */
    DEFERRED,
    /** The MTA gave the message up, or began another one. */
    RESET,
    /** The session ended before the message. */
    LOST,
    /** There was no room to wait for it. */
    PENDING;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** That of a message that ended, by its refusal. */
    public static Ending of(Optional<SmtpReply> refusal) {
        if (refusal.isEmpty()) {
            return ACCEPTED;
        }
        return refusal.get().isTemporary() ? DEFERRED : REFUSED;
    }

    /** That of a name in logs; empty if it is none. */
    public static Optional<Ending> of(String key) {
        for (Ending ending : values()) {
            if (ending.key.equals(key)) {
                return Optional.of(ending);
            }
        }
        return Optional.empty();
    }

    /** The name in logs, such as {@code accepted}. */
    public String key() {
        return key;
    }

    /** Whether the message was decided at its end or before. */
    public boolean isDecided() {
        return this == ACCEPTED || this == REFUSED || this == DEFERRED;
    }
}
