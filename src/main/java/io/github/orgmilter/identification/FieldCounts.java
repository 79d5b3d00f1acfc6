package io.github.orgmilter.identification;

import io.github.orgmilter.index.SuffixTable;

/** How many connectors there are by a text. */
public final class FieldCounts {

    private FieldCounts() {}

    /** Counts one more or less. */
    public static void add(SuffixTable.Edit<Integer> counts, String text, int sign) {
        Integer count = counts.get(text);
        int next = (count == null ? 0 : count) + sign;
        if (next == 0) {
            counts.remove(text);
        } else {
            counts.put(text, next);
        }
    }
}
