package io.github.orgmilter.policy;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.IpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Finds every range that holds an address, in time that grows with the logarithm of their number.
 *
 * <p>Each family is an interval tree without pointers: the ranges ordered by first address, the middle one of any run its root, and
 * beside each the greatest last address below it. Nested and overlapping ranges need no special case.
 */
final class AddressIndex {

    private final Tree ipv4;
    private final Tree ipv6;

    /** Indexes the ranges; what {@link #forEachContaining} gives is a range's position in this list. */
    AddressIndex(List<AddressRange> ranges) {
        ipv4 = new Tree(ranges, true);
        ipv6 = new Tree(ranges, false);
    }

    /** Gives the position of every range that holds the address, in no order. */
    void forEachContaining(IpAddress address, IntConsumer position) {
        Tree tree = address.isIPv4() ? ipv4 : ipv6;
        tree.search(0, tree.size(), address.high(), address.low(), position);
    }

    boolean contains(IpAddress address) {
        boolean[] found = new boolean[1];
        forEachContaining(address, position -> found[0] = true);
        return found[0];
    }

    /** Parallel arrays: 52 octets a range, and no object. */
    private static final class Tree {

        private final int[] positions;
        private final long[] firstHigh;
        private final long[] firstLow;
        private final long[] lastHigh;
        private final long[] lastLow;
        private final int[] greatest; // of the run whose root this is: the index of its greatest last address

        Tree(List<AddressRange> ranges, boolean family) {
            int size = (int) ranges.stream().filter(range -> range.isIPv4() == family).count();
            positions = new int[size];
            firstHigh = new long[size];
            firstLow = new long[size];
            lastHigh = new long[size];
            lastLow = new long[size];
            greatest = new int[size];
            int[] ordered = IntStream.range(0, ranges.size())
                    .filter(i -> ranges.get(i).isIPv4() == family)
                    .boxed()
                    .sorted(Comparator.comparing(i -> ranges.get(i).first()))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int i = 0; i < size; i++) {
                AddressRange range = ranges.get(ordered[i]);
                positions[i] = ordered[i];
                firstHigh[i] = range.first().high();
                firstLow[i] = range.first().low();
                lastHigh[i] = range.last().high();
                lastLow[i] = range.last().low();
            }
            fillGreatest(0, size);
        }

        int size() {
            return positions.length;
        }

        // Returns the index of the greatest last address in [from, to), or -1 for an empty run.
        private int fillGreatest(int from, int to) {
            if (from >= to) {
                return -1;
            }
            int root = (from + to) >>> 1;
            int best = root;
            for (int below : new int[] {fillGreatest(from, root), fillGreatest(root + 1, to)}) {
                if (below >= 0 && compare(lastHigh[below], lastLow[below], lastHigh[best], lastLow[best]) > 0) {
                    best = below;
                }
            }
            greatest[root] = best;
            return best;
        }

        void search(int from, int to, long high, long low, IntConsumer position) {
            if (from >= to) {
                return;
            }
            int root = (from + to) >>> 1;
            int best = greatest[root];
            if (compare(lastHigh[best], lastLow[best], high, low) < 0) {
                return;
            }
            search(from, root, high, low, position);
            if (compare(firstHigh[root], firstLow[root], high, low) <= 0) {
                if (compare(lastHigh[root], lastLow[root], high, low) >= 0) {
                    position.accept(positions[root]);
                }
                search(root + 1, to, high, low, position);
            }
        }

        private static int compare(long high, long low, long otherHigh, long otherLow) {
            int order = Long.compareUnsigned(high, otherHigh);
            return order != 0 ? order : Long.compareUnsigned(low, otherLow);
        }
    }
}
