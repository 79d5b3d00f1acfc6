package io.github.orgmilter.index;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keys with values that an index finds together: a list that is rarely longer than one, and shared as it grows. */
final class Chain<K, V> {

    private final K key;
    private final V value;
    private final @Nullable Chain<K, V> next;
    private final int size;

    Chain(K key, V value, @Nullable Chain<K, V> next) {
        this.key = key;
        this.value = value;
        this.next = next;
        size = next == null ? 1 : next.size + 1;
    }

    K key() {
        return key;
    }

    V value() {
        return value;
    }

    @Nullable
    Chain<K, V> next() {
        return next;
    }

    int size() {
        return size;
    }

    /** The chain without each value that passes; null if none is left. */
    static <K, V> @Nullable Chain<K, V> without(@Nullable Chain<K, V> chain, Predicate<V> test) {
        Chain<K, V> last = null; // behind it, nothing passes, so that it can be shared
        for (Chain<K, V> each = chain; each != null; each = each.next) {
            last = test.test(each.value) ? each : last;
        }
        if (last == null) {
            return chain;
        }
        Chain<K, V> left = last.next;
        for (Chain<K, V> each = chain; each != null && each != last; each = each.next) {
            left = test.test(each.value) ? left : new Chain<>(each.key, each.value, left);
        }
        return left;
    }
}
