package io.github.orgmilter.index;

import io.github.orgmilter.index.AddressIndex.Entry;
import io.github.orgmilter.index.AddressIndex.Overlap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Finds overlaps in one pass over ranges of one family, in the order of their first addresses. */
final class OverlapSweep<V> {

    private final BiPredicate<V, V> isOther;
    private final Overlap<V> overlap;
    private @Nullable Entry<V> farthest;
    private @Nullable Entry<V> farthestOfAnother; // of any other group than the first one's

    OverlapSweep(BiPredicate<V, V> isOther, Overlap<V> overlap) {
        this.isOther = isOther;
        this.overlap = overlap;
    }

    // A range that overlaps an earlier one overlaps the one that reaches farthest.
    void next(Entry<V> entry) {
        boolean another = farthest != null && isOther.test(farthest.value(), entry.value());
        Entry<V> other = another ? farthest : farthestOfAnother;
        if (other != null && other.range().overlaps(entry.range())) {
            overlap.accept(entry, other);
        }
        if (farthest == null || entry.reachesFarther(farthest)) {
            farthestOfAnother = another ? farthest : farthestOfAnother;
            farthest = entry;
        } else if (another && (farthestOfAnother == null || entry.reachesFarther(farthestOfAnother))) {
            farthestOfAnother = entry;
        }
    }
}
