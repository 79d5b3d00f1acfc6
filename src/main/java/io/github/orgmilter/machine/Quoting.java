package io.github.orgmilter.machine;

import java.util.regex.Pattern;

/** Words of a command as a shell takes them. */
public final class Quoting {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

    private Quoting() {}

    /** The word as it is, or in single quotes. */
    public static String word(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
