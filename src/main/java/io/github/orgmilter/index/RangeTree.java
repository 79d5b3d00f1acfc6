package io.github.orgmilter.index;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Address ranges of one family in the order of their first addresses, as numbers in arrays, each with a value. As a tree: the middle of
 * a run is its root, and each root knows the greatest last address of its run. A value may be another tree, whose ranges lie within the
 * one that it is at.
 */
abstract class RangeTree {

    private final Object[] values;
    private final int[] greatest; // of the run whose root this is: the index of its greatest last address

    private RangeTree(Object[] values) {
        this.values = values;
        greatest = new int[values.length];
    }

    static RangeTree of(List<AddressRange> ranges, Object[] values) {
        boolean plain = ranges.stream().allMatch(AddressRange::isIPv4);
        return plain ? new IPv4(ranges, values) : new IPv6(ranges, values);
    }

    /** A tree of pages, each at the range from its first address to its last one; IPv4 ones are mapped. */
    static RangeTree ofPages(List<RangeTree> pages) {
        return new IPv6(pages.toArray(RangeTree[]::new));
    }

    /** A tree of pages with other pages in the places of some; one without pages has the place 0. */
    static RangeTree ofPages(RangeTree before, SortedMap<Integer, List<RangeTree>> changed) {
        return new IPv6((IPv6) before, changed);
    }

    private static Object[] values(RangeTree before, SortedMap<Integer, List<RangeTree>> changed) {
        List<Object> values = new ArrayList<>(before.size() + changed.size());
        List<Object> all = Arrays.asList(before.values);
        int next = 0;
        for (Map.Entry<Integer, List<RangeTree>> change : changed.entrySet()) {
            values.addAll(all.subList(next, change.getKey()));
            values.addAll(change.getValue());
            next = Math.min(change.getKey() + 1, all.size());
        }
        values.addAll(all.subList(next, all.size()));
        return values.toArray();
    }

    final int size() {
        return values.length;
    }

    final Object value(int index) {
        return values[index];
    }

    /** Compares the range's first address with an address. */
    abstract int compareFirst(int index, long high, long low);

    /** Compares the range's last address with an address. */
    abstract int compareLast(int index, long high, long low);

    abstract int compareLasts(int one, int other);

    abstract AddressRange range(int index);

    /** The first address of all. */
    final IpAddress first() {
        return range(0).first();
    }

    /** The greatest last address. */
    final IpAddress last() {
        return range(greatest[size() >>> 1]).last();
    }

    // Returns the index of the greatest last address in [from, to), or -1 for an empty run.
    final int fillGreatest(int from, int to) {
        if (from >= to) {
            return -1;
        }
        int root = (from + to) >>> 1;
        int best = root;
        int left = fillGreatest(from, root);
        if (left >= 0 && compareLasts(left, best) > 0) {
            best = left;
        }
        int right = fillGreatest(root + 1, to);
        if (right >= 0 && compareLasts(right, best) > 0) {
            best = right;
        }
        greatest[root] = best;
        return best;
    }

    final <V> boolean search(long high, long low, AddressIndex.@Nullable Match<V> match) {
        return search(0, values.length, high, low, match);
    }

    /** Whether there is any; without a receiver, the first one ends the search. */
    private <V> boolean search(int from, int to, long high, long low, AddressIndex.@Nullable Match<V> match) {
        if (from >= to) {
            return false;
        }
        int root = (from + to) >>> 1;
        if (compareLast(greatest[root], high, low) < 0) {
            return false;
        }
        boolean found = search(from, root, high, low, match);
        if ((found && match == null) || compareFirst(root, high, low) > 0) {
            return found;
        }
        if (compareLast(root, high, low) >= 0) {
            found |= found(root, high, low, match);
            if (found && match == null) {
                return true;
            }
        }
        return search(root + 1, to, high, low, match) || found;
    }

    @SuppressWarnings("unchecked") // nothing else is put
    private <V> boolean found(int index, long high, long low, AddressIndex.@Nullable Match<V> match) {
        if (values[index] instanceof RangeTree page) {
            return page.search(high, low, match);
        }
        if (match != null) {
            match.accept(range(index), (V) values[index]);
        }
        return true;
    }

    private static final class IPv4 extends RangeTree {

        private final int[] first;
        private final int[] last;

        IPv4(List<AddressRange> ranges, Object[] values) {
            super(values);
            first = ranges.stream().mapToInt(range -> (int) range.first().low()).toArray();
            last = ranges.stream().mapToInt(range -> (int) range.last().low()).toArray();
            fillGreatest(0, size());
        }

        @Override
        int compareFirst(int index, long high, long low) {
            return Integer.compareUnsigned(first[index], (int) low);
        }

        @Override
        int compareLast(int index, long high, long low) {
            return Integer.compareUnsigned(last[index], (int) low);
        }

        @Override
        int compareLasts(int one, int other) {
            return Integer.compareUnsigned(last[one], last[other]);
        }

        @Override
        AddressRange range(int index) {
            return new AddressRange(IpAddress.ofIPv4(first[index]), IpAddress.ofIPv4(last[index]));
        }
    }

    private static final class IPv6 extends RangeTree {

        private final long[] firstHigh;
        private final long[] firstLow;
        private final long[] lastHigh;
        private final long[] lastLow;

        IPv6(List<AddressRange> ranges, Object[] values) {
            super(values);
            firstHigh = ranges.stream().mapToLong(range -> range.first().high()).toArray();
            firstLow = ranges.stream().mapToLong(range -> range.first().low()).toArray();
            lastHigh = ranges.stream().mapToLong(range -> range.last().high()).toArray();
            lastLow = ranges.stream().mapToLong(range -> range.last().low()).toArray();
            fillGreatest(0, size());
        }

        IPv6(RangeTree[] pages) {
            super(pages);
            firstHigh = new long[pages.length];
            firstLow = new long[pages.length];
            lastHigh = new long[pages.length];
            lastLow = new long[pages.length];
            for (int i = 0; i < pages.length; i++) {
                set(i, pages[i]);
            }
            fillGreatest(0, size());
        }

        // By numbers alone: a look at thousands of pages would take longer than the change.
        IPv6(IPv6 before, SortedMap<Integer, List<RangeTree>> changed) {
            super(values(before, changed));
            firstHigh = new long[size()];
            firstLow = new long[size()];
            lastHigh = new long[size()];
            lastLow = new long[size()];
            int from = 0;
            int to = 0;
            for (Map.Entry<Integer, List<RangeTree>> change : changed.entrySet()) {
                copy(before, from, to, change.getKey() - from);
                to += change.getKey() - from;
                for (RangeTree page : change.getValue()) {
                    set(to++, page);
                }
                from = Math.min(change.getKey() + 1, before.size());
            }
            copy(before, from, to, before.size() - from);
            fillGreatest(0, size());
        }

        private void copy(IPv6 before, int from, int to, int count) {
            System.arraycopy(before.firstHigh, from, firstHigh, to, count);
            System.arraycopy(before.firstLow, from, firstLow, to, count);
            System.arraycopy(before.lastHigh, from, lastHigh, to, count);
            System.arraycopy(before.lastLow, from, lastLow, to, count);
        }

        private void set(int index, RangeTree page) {
            IpAddress first = page.first();
            IpAddress last = page.last();
            firstHigh[index] = first.high();
            firstLow[index] = first.low();
            lastHigh[index] = last.high();
            lastLow[index] = last.low();
        }

        @Override
        int compareFirst(int index, long high, long low) {
            return compare(firstHigh[index], firstLow[index], high, low);
        }

        @Override
        int compareLast(int index, long high, long low) {
            return compare(lastHigh[index], lastLow[index], high, low);
        }

        @Override
        int compareLasts(int one, int other) {
            return compareLast(one, lastHigh[other], lastLow[other]);
        }

        @Override
        AddressRange range(int index) {
            return new AddressRange(
                    new IpAddress(firstHigh[index], firstLow[index]), new IpAddress(lastHigh[index], lastLow[index]));
        }

        private static int compare(long high, long low, long otherHigh, long otherLow) {
            int order = Long.compareUnsigned(high, otherHigh);
            return order != 0 ? order : Long.compareUnsigned(low, otherLow);
        }
    }
}
