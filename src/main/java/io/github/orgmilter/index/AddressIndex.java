package io.github.orgmilter.index;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds every range that holds an address, in time that grows with the logarithm of their number.
 *
 * <p>Each family is an interval tree without pointers: the ranges ordered by first address, the middle one of any run its root, and
 * beside each the greatest last address below it. Nested and overlapping ranges need no special case. Ranges are numbers in
 * arrays, 16 octets for IPv4 and 40 for IPv6.
 */
public final class AddressIndex {

    /** Receives a range that holds the address, and the value that was added with it. */
    public interface Match {
        void accept(AddressRange range, int value);
    }

    private final IPv4Tree ipv4;
    private final IPv6Tree ipv6;

    /** Indexes the ranges, each with the value at its place. */
    public AddressIndex(List<AddressRange> ranges, int[] values, Runnable pause) {
        int[] four = positions(ranges, true, pause);
        ipv4 = new IPv4Tree(ranges, four, values);
        int[] six = positions(ranges, false, pause);
        ipv6 = new IPv6Tree(ranges, six, values);
    }

    /** Indexes ranges without values, for {@link #contains}. */
    public AddressIndex(List<AddressRange> ranges) {
        this(ranges, new int[ranges.size()], () -> {});
    }

    // Those of one family, ordered by their first addresses.
    private static int[] positions(List<AddressRange> ranges, boolean family, Runnable pause) {
        Integer[] positions = IntStream.range(0, ranges.size())
                .filter(i -> ranges.get(i).isIPv4() == family)
                .boxed()
                .toArray(Integer[]::new);
        Arrays.sort(positions, (a, b) -> {
            pause.run();
            return ranges.get(a).first().compareTo(ranges.get(b).first());
        });
        return Arrays.stream(positions).mapToInt(Integer::intValue).toArray();
    }

    /** Reports every range that holds the address, in no particular order. */
    public void forEachContaining(IpAddress address, Match match) {
        Tree tree = tree(address);
        tree.search(0, tree.size(), address.high(), address.low(), match);
    }

    public boolean contains(IpAddress address) {
        Tree tree = tree(address);
        return tree.search(0, tree.size(), address.high(), address.low(), null);
    }

    private Tree tree(IpAddress address) {
        return address.isIPv4() ? ipv4 : ipv6;
    }

    /** The search, whatever the addresses are made of. */
    private abstract static class Tree {

        private final int[] values;
        private final int[] greatest; // of the run whose root this is: the index of its greatest last address

        Tree(int[] positions, int[] values) {
            this.values = Arrays.stream(positions).map(i -> values[i]).toArray();
            greatest = new int[positions.length];
        }

        int size() {
            return values.length;
        }

        /** Compares the range's first address with an address. */
        abstract int compareFirst(int index, long high, long low);

        /** Compares the range's last address with an address. */
        abstract int compareLast(int index, long high, long low);

        abstract int compareLasts(int one, int other);

        abstract AddressRange range(int index);

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

        /** Whether there is any; without a receiver, the first one ends the search. */
        final boolean search(int from, int to, long high, long low, @Nullable Match match) {
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
                if (match == null) {
                    return true;
                }
                match.accept(range(root), values[root]);
                found = true;
            }
            return search(root + 1, to, high, low, match) || found;
        }
    }

    private static final class IPv4Tree extends Tree {

        private final int[] first;
        private final int[] last;

        IPv4Tree(List<AddressRange> ranges, int[] positions, int[] values) {
            super(positions, values);
            first = Arrays.stream(positions)
                    .map(i -> (int) ranges.get(i).first().low())
                    .toArray();
            last = Arrays.stream(positions)
                    .map(i -> (int) ranges.get(i).last().low())
                    .toArray();
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

    private static final class IPv6Tree extends Tree {

        private final long[] firstHigh;
        private final long[] firstLow;
        private final long[] lastHigh;
        private final long[] lastLow;

        IPv6Tree(List<AddressRange> ranges, int[] positions, int[] values) {
            super(positions, values);
            firstHigh = Arrays.stream(positions)
                    .mapToLong(i -> ranges.get(i).first().high())
                    .toArray();
            firstLow = Arrays.stream(positions)
                    .mapToLong(i -> ranges.get(i).first().low())
                    .toArray();
            lastHigh = Arrays.stream(positions)
                    .mapToLong(i -> ranges.get(i).last().high())
                    .toArray();
            lastLow = Arrays.stream(positions)
                    .mapToLong(i -> ranges.get(i).last().low())
                    .toArray();
            fillGreatest(0, size());
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
