package io.github.orgmilter.net;

import java.util.Locale;

/** What bounds a connection, or all of them together. */
public enum Limit {
    FRAME_SIZE,
    MACROS_PER_STAGE,
    MACRO_SIZE,
    HEADER_FIELDS,
    HEADER_SIZE,
    CONNECTIONS,
    MEMORY,
    UNREAD_OUTPUT,
    FRAME_TIMEOUT,
    IDLE_TIMEOUT;

    private static final String CLOSE = "close";

    /** Its name in the configuration, the log and the metrics. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What follows, as the log names it: {@code close}, {@code wait}, {@code tempfail} or {@code reject}. */
    public String action() {
        return switch (this) {
            case FRAME_SIZE, CONNECTIONS, MEMORY, FRAME_TIMEOUT, IDLE_TIMEOUT -> CLOSE;
            case UNREAD_OUTPUT -> "wait";
            case MACROS_PER_STAGE, MACRO_SIZE -> "tempfail";
            case HEADER_FIELDS, HEADER_SIZE -> "reject";
        };
    }

    /** Whether it ends the connection. */
    boolean isFinal() {
        return action().equals(CLOSE);
    }
}
