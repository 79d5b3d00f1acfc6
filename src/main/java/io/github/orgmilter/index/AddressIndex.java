package io.github.orgmilter.index;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Finds every address range that holds an address. Nested and overlapping ranges need no special case. Immutable: {@link #with} makes
 * the next one.
 *
 * <p>Ranges are numbers in arrays, 16 octets for IPv4 and 40 for IPv6, in pages of some hundreds; a tree of pages leads to those that
 * may hold an address. A change makes anew the pages that it concerns, and the tree above them.
 */
public final class AddressIndex<V> {

    /** Receives a range that holds the address, and the value that was added with it. */
    public interface Match<V> {
        void accept(AddressRange range, V value);
    }

    /** A range with its value. */
    public record Entry<V>(AddressRange range, V value) {

        private static int byFirst(Entry<?> one, Entry<?> other) {
            return one.range.first().compareTo(other.range.first());
        }

        boolean reachesFarther(Entry<V> other) {
            return range.last().compareTo(other.range.last()) > 0;
        }
    }

    private static final int PAGE = 512; // ranges, at most

    private final RangeTree ipv4;
    private final RangeTree ipv6;

    /** Indexes the ranges. */
    public AddressIndex(List<Entry<V>> entries, Runnable pause) {
        ipv4 = family(entries, true, pause);
        ipv6 = family(entries, false, pause);
    }

    /** Indexes ranges without more. */
    public static AddressIndex<AddressRange> of(Collection<AddressRange> ranges) {
        return new AddressIndex<>(
                ranges.stream().map(range -> new Entry<>(range, range)).toList(), () -> {});
    }

    private AddressIndex(RangeTree ipv4, RangeTree ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    private static <V> RangeTree family(List<Entry<V>> entries, boolean family, Runnable pause) {
        return RangeTree.ofPages(pages(sorted(entries, family, pause)));
    }

    private static <V> List<Entry<V>> sorted(List<Entry<V>> entries, boolean family, Runnable pause) {
        List<Entry<V>> sorted = of(entries, family);
        sorted.sort((one, other) -> {
            pause.run();
            return Entry.byFirst(one, other);
        });
        return sorted;
    }

    private static <V> List<Entry<V>> of(List<Entry<V>> entries, boolean family) {
        List<Entry<V>> ofFamily = new ArrayList<>();
        for (Entry<V> entry : entries) {
            if (entry.range().isIPv4() == family) {
                ofFamily.add(entry);
            }
        }
        return ofFamily;
    }

    private static <V> List<RangeTree> pages(List<Entry<V>> sorted) {
        List<RangeTree> pages = new ArrayList<>();
        int count = (sorted.size() + PAGE - 1) / PAGE;
        for (int i = 0; i < count; i++) {
            List<Entry<V>> page = sorted.subList(
                    (int) ((long) sorted.size() * i / count), (int) ((long) sorted.size() * (i + 1) / count));
            pages.add(RangeTree.of(
                    page.stream().map(Entry::range).toList(),
                    page.stream().map(Entry::value).toArray()));
        }
        return pages;
    }

    /** Reports every range that holds the address, in no particular order. */
    public void forEachContaining(IpAddress address, Match<V> match) {
        tree(address).search(address.high(), address.low(), match);
    }

    public boolean contains(IpAddress address) {
        return tree(address).search(address.high(), address.low(), null);
    }

    /** Receives two ranges that overlap, the one with the later first address first. */
    public interface Overlap<V> {
        void accept(Entry<V> entry, Entry<V> other);
    }

    /**
     * Reports each range that overlaps one before it, in the order of first addresses, whose value passes the test with its own. Of
     * several that it overlaps it is reported with one.
     *
     * @param pause is run for each range, and may take its time
     * @param isOther whether two values may be reported: the same for each two values as between others of their groups
     */
    public void forEachOverlap(Runnable pause, BiPredicate<V, V> isOther, Overlap<V> overlap) {
        forEachOverlap(ipv4, pause, isOther, overlap);
        forEachOverlap(ipv6, pause, isOther, overlap);
    }

    private void forEachOverlap(RangeTree tree, Runnable pause, BiPredicate<V, V> isOther, Overlap<V> overlap) {
        OverlapSweep<V> sweep = new OverlapSweep<>(isOther, overlap);
        for (int i = 0; i < tree.size(); i++) {
            for (Entry<V> entry : entries((RangeTree) tree.value(i))) {
                pause.run();
                sweep.next(entry);
            }
        }
    }

    /** The same of ranges that are not indexed. */
    public static <V> void forEachOverlap(
            List<Entry<V>> entries, Runnable pause, BiPredicate<V, V> isOther, Overlap<V> overlap) {
        for (boolean family : new boolean[] {true, false}) {
            OverlapSweep<V> sweep = new OverlapSweep<>(isOther, overlap);
            for (Entry<V> entry : sorted(entries, family, pause)) {
                pause.run();
                sweep.next(entry);
            }
        }
    }

    private RangeTree tree(IpAddress address) {
        return address.isIPv4() ? ipv4 : ipv6;
    }

    /**
     * The index after a change.
     *
     * @param removed ranges that have a value which passes the test; those values go
     */
    public AddressIndex<V> with(List<AddressRange> removed, Predicate<V> test, List<Entry<V>> added) {
        return new AddressIndex<>(
                changed(ipv4, ofFamily(removed, true), test, of(added, true)),
                changed(ipv6, ofFamily(removed, false), test, of(added, false)));
    }

    private static List<AddressRange> ofFamily(List<AddressRange> ranges, boolean family) {
        return ranges.stream().filter(range -> range.isIPv4() == family).toList();
    }

    private RangeTree changed(RangeTree tree, List<AddressRange> removed, Predicate<V> test, List<Entry<V>> added) {
        if (removed.isEmpty() && added.isEmpty()) {
            return tree;
        }
        Set<AddressRange> gone = Set.copyOf(removed);
        SortedMap<Integer, List<Entry<V>>> additions = new TreeMap<>(); // by the page that they concern
        gone.forEach(range -> addPagesWith(range, test, tree, additions));
        for (Entry<V> entry : added) {
            int page = Math.max(0, lastPage(tree, entry.range().first()));
            additions.computeIfAbsent(page, none -> new ArrayList<>()).add(entry);
        }
        SortedMap<Integer, List<RangeTree>> pages = new TreeMap<>();
        additions.forEach((page, more) -> {
            List<Entry<V>> entries = tree.size() == 0 ? new ArrayList<>() : entries((RangeTree) tree.value(page));
            entries.removeIf(entry -> gone.contains(entry.range()) && test.test(entry.value()));
            entries.addAll(more);
            entries.sort(Entry::byFirst);
            pages.put(page, pages(entries));
        });
        return RangeTree.ofPages(tree, pages);
    }

    /** Adds the pages that hold the range with a value which passes the test. */
    private void addPagesWith(
            AddressRange range, Predicate<V> test, RangeTree tree, Map<Integer, List<Entry<V>>> pages) {
        IpAddress first = range.first();
        for (int i = lastPage(tree, first); i >= 0; i--) {
            RangeTree page = (RangeTree) tree.value(i);
            for (int k = 0; k < page.size(); k++) {
                if (test.test(value(page, k)) && page.range(k).equals(range)) {
                    pages.putIfAbsent(i, new ArrayList<>());
                }
            }
            if (tree.compareFirst(i, first.high(), first.low()) < 0) {
                break;
            }
        }
    }

    /** The last page that does not begin behind an address; -1 if all do. */
    private static int lastPage(RangeTree tree, IpAddress first) {
        int low = 0;
        int high = tree.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (tree.compareFirst(middle, first.high(), first.low()) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private List<Entry<V>> entries(RangeTree page) {
        List<Entry<V>> entries = new ArrayList<>(page.size());
        for (int i = 0; i < page.size(); i++) {
            entries.add(new Entry<>(page.range(i), value(page, i)));
        }
        return entries;
    }

    @SuppressWarnings("unchecked") // nothing else is put
    private V value(RangeTree page, int index) {
        return (V) page.value(index);
    }
}
