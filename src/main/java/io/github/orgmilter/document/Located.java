package io.github.orgmilter.document;

import java.util.ArrayList;
import java.util.List;

/** A value and its location. */
public record Located<T>(T value, Location location) {

    /** The values alone, in a list that never changes. */
    public static <T> List<T> values(List<Located<T>> located) {
        if (located instanceof Lines<T> lines) {
            return lines.values();
        }
        List<T> values = new ArrayList<>(located.size());
        for (Located<T> each : located) {
            values.add(each.value());
        }
        return List.copyOf(values);
    }
}
