package io.github.orgmilter.net;

import java.util.Locale;

/** What a connection, or all of them together, may not go past. */
public enum Limit {
    FRAME_SIZE,
    MACROS_PER_STAGE,
    MACRO_SIZE,
    CONNECTIONS,
    MEMORY,
    UNREAD_OUTPUT,
    FRAME_TIMEOUT,
    IDLE_TIMEOUT;

    /** What it is called in the configuration, the log and the metrics. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it ends the connection. What does not has recipients put off, or waits. */
    public boolean isFinal() {
        return switch (this) {
            case FRAME_SIZE, CONNECTIONS, MEMORY, FRAME_TIMEOUT, IDLE_TIMEOUT -> true;
            case MACROS_PER_STAGE, MACRO_SIZE, UNREAD_OUTPUT -> false;
        };
    }
}
