package io.github.orgmilter.journal;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of our lines that are read again: docs/operating.md, "The log". */
enum LogKey {
    SESSION,
    POLICY,
    RECIPIENTS,
    VERDICT,
    WOULD,
    CAUSE,
    PROVISIONAL,
    OUTCOME,
    CONNECTOR,
    ORGANIZATION,
    CLIENT,
    CERT,
    ISSUER,
    FINGERPRINT,
    PUBLIC_KEY,
    LOGIN,
    MECHANISM,
    TLS,
    HELO,
    FROM,
    FROM_SYNTAX,
    RESOLVED_FROM,
    FROM_MAILER,
    TO,
    TO_SYNTAX,
    RESOLVED_TO,
    MAILER,
    HEADER,
    AUTHORS,
    AUTHORS_SYNTAX,
    CONFIG,
    REPLY,
    REMARK,
    REASON;

    private static final Map<String, LogKey> BY_NAME = new HashMap<>();

    static {
        for (LogKey key : values()) {
            BY_NAME.put(key.text(), key);
        }
    }

    static @Nullable LogKey of(String name) {
        return BY_NAME.get(name);
    }

    /** As it is in a line. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether its value is between double quotes. */
    boolean isQuoted() {
        return this == ISSUER || this == REPLY || this == REMARK || this == REASON;
    }
}
