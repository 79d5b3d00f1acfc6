package io.github.orgmilter.rows;

import java.util.Arrays;

/** One text for each name that many organizations have, such as that of a connector. Several threads may ask. */
final class CommonNames {

    private static final int LONGEST = 32;

    // The last one for each hash. Texts are immutable: whichever a thread sees here is a good one.
    private static final String[] LAST = new String[1024];

    static {
        Arrays.fill(LAST, "");
    }

    private CommonNames() {}

    /** A text that equals the name. */
    static String one(String name) {
        if (name.length() > LONGEST) {
            return name;
        }
        int hash = name.hashCode();
        int slot = (hash ^ hash >>> 16) & (LAST.length - 1);
        String last = LAST[slot];
        if (last.equals(name)) {
            return last;
        }
        LAST[slot] = name;
        return name;
    }
}
