package io.github.orgmilter.document;

import java.util.Optional;
import java.util.function.Function;

/**
 * A key of a section.
 *
 * @param reader reads its value; empty if that is wrong, which it has reported
 * @param standard the value where the key is not set
 */
public record Key<T>(String name, Function<Node, Optional<T>> reader, T standard) {

    public T in(Section section) {
        return node(section).flatMap(reader).orElse(standard);
    }

    /** Its value, if it is set to any but null. */
    public Optional<Node> node(Section section) {
        return section.get(name);
    }

    /** Whether it is set to any value but null, or to one that was refused. */
    public boolean isIn(Section section) {
        return section.has(name);
    }
}
