package io.github.orgmilter.policy.indexes;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A part of a policy, which is made beside others. */
final class Part<T> {

    private final Supplier<T> work;
    private @Nullable T made;

    Part(Supplier<T> work) {
        this.work = work;
    }

    /** Makes them, on several cores or one after the other. */
    static void make(boolean onSeveralCores, Part<?>... parts) {
        Stream<Part<?>> all = Stream.of(parts);
        (onSeveralCores ? all.parallel() : all).forEach(Part::make);
    }

    private void make() {
        made = work.get();
    }

    /** What was made. */
    T get() {
        T present = made;
        if (present == null) {
            throw new IllegalStateException("a part that has not been made");
        }
        return present;
    }
}
