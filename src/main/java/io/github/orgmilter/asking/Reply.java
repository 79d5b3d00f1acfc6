package io.github.orgmilter.asking;

import java.time.Duration;

/**
 * What came of a question.
 *
 * @param text the answer in its own words, or why there is none
 * @param time until then
 */
public record Reply(Kind kind, String text, Duration time) {

    /** Kinds of answers. */
    public enum Kind {
        /** The recipient would be accepted, or the key was found. */
        PERMITTED,
        /** It would not, or was not. */
        REFUSED,
        /** Not now. */
        DEFERRED,
        /** Nothing answers there, or not in time. */
        SILENT,
        /** What answers does not speak this protocol. */
        STRANGE
    }
}
