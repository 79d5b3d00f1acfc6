package io.github.orgmilter.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The keys of a section, in the order in which they are added. */
public final class Keys {

    private final List<String> names = new ArrayList<>();
    private final List<String> shown = Collections.unmodifiableList(names);
    private final boolean nullAllowed;

    private Keys(boolean nullAllowed) {
        this.nullAllowed = nullAllowed;
    }

    /** Keys for which null is as good as no value. */
    public static Keys nullable() {
        return new Keys(true);
    }

    /**
     * Keys for which null is an error: a restriction that is null would be gone, and more allowed than intended.
     */
    public static Keys withoutNull() {
        return new Keys(false);
    }

    /** Adds a key. */
    public <T> Key<T> key(String name, Function<Node, Optional<T>> reader, T standard) {
        names.add(name);
        return new Key<>(name, reader, standard);
    }

    /** Adds a key whose value may be absent. */
    public <T> Key<Optional<T>> optional(String name, Function<Node, Optional<T>> reader) {
        return key(name, node -> Optional.of(reader.apply(node)), Optional.empty());
    }

    public List<String> names() {
        return shown;
    }

    boolean nullAllowed() {
        return nullAllowed;
    }
}
