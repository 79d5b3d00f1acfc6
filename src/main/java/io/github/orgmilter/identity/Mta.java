package io.github.orgmilter.identity;

import java.util.Locale;

/** The mail servers that are known by name. */
public enum Mta {
    POSTFIX,
    SENDMAIL;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** The name on the command line and in metrics. */
    @Override
    public String toString() {
        return key;
    }
}
