package io.github.orgmilter.hocon;

import java.util.List;
import java.util.Optional;

/** Knows what may be defined only once, which HOCON would merge. */
@FunctionalInterface
public interface Unique {

    /** What is defined at a path, such as {@code organization}, if it may be defined only once. */
    Optional<String> at(List<String> path);
}
