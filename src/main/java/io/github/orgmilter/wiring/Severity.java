package io.github.orgmilter.wiring;

import java.util.Locale;

/** How a finding is meant; the worst first. */
public enum Severity {
    /** Mail is relayed that should not be, or stopped that should not be. */
    WRONG,
    /** It may be meant so, and seldom is; or it could not be found out. */
    DOUBTFUL,
    /** It was checked, and is as it should be. */
    RIGHT;

    /** The name in JSON, and in text. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
