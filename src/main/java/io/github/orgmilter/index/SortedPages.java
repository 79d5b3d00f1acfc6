package io.github.orgmilter.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values in order, no two of which are equal in it; immutable, in pages. A change makes anew the pages that it concerns, and the
 * list of pages.
 */
public final class SortedPages<V> implements Iterable<V> {

    private static final int PAGE = 512; // values, at most

    private final Comparator<? super V> order;
    private final List<Object[]> pages; // none empty
    private final int size;

    /** An empty one. */
    public SortedPages(Comparator<? super V> order) {
        this(order, List.of(), 0);
    }

    private SortedPages(Comparator<? super V> order, List<Object[]> pages, int size) {
        this.order = order;
        this.pages = pages;
        this.size = size;
    }

    public int size() {
        return size;
    }

    public Stream<V> stream() {
        return pages.stream().flatMap(Arrays::stream).map(this::value);
    }

    /** One by one, without what the iterator of a stream takes for each. */
    @Override
    public Iterator<V> iterator() {
        return new Iterator<>() {
            private int page;
            private int place;

            @Override
            public boolean hasNext() {
                return page < pages.size();
            }

            @Override
            public V next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Object[] values = pages.get(page);
                V next = value(values[place++]);
                if (place == values.length) {
                    page++;
                    place = 0;
                }
                return next;
            }
        };
    }

    /**
     * The value at a place in the order.
     *
     * @param place compares a value with what is searched: negative if the value is before it
     */
    public @Nullable V find(ToIntFunction<? super V> place) {
        int page = page(place);
        if (page < 0) {
            return null;
        }
        Object[] values = pages.get(page);
        int low = 0;
        int high = values.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int compared = place.applyAsInt(value(values[middle]));
            if (compared == 0) {
                return value(values[middle]);
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /**
     * The values from a place in the order on.
     *
     * @param place as in {@link #find}
     */
    public Stream<V> from(ToIntFunction<? super V> place) {
        return pages.subList(Math.max(0, page(place)), pages.size()).stream()
                .flatMap(Arrays::stream)
                .map(this::value)
                .dropWhile(value -> place.applyAsInt(value) < 0);
    }

    /** The last page that does not begin behind the place; -1 if all do. */
    private int page(ToIntFunction<? super V> place) {
        int low = 0;
        int high = pages.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (place.applyAsInt(value(pages.get(middle)[0])) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** These, less some, and with some added, each in the place of one that is equal in the order. No two added are equal. */
    public SortedPages<V> with(Collection<V> removed, Collection<V> added) {
        if (removed.isEmpty() && added.isEmpty()) {
            return this;
        }
        if (size == 0) {
            return new SortedPages<>(order, changed(new Object[0], List.of(), added), added.size());
        }
        Map<Integer, List<V>> removals = byPage(removed);
        Map<Integer, List<V>> additions = byPage(added);
        NavigableSet<Integer> concerned = new TreeSet<>(removals.keySet());
        concerned.addAll(additions.keySet());
        List<Object[]> next = new ArrayList<>(pages);
        int nextSize = size;
        for (int page : concerned.descendingSet()) { // so that the places of those before it stay
            Object[] before = pages.isEmpty() ? new Object[0] : next.remove(page);
            List<Object[]> after =
                    changed(before, removals.getOrDefault(page, List.of()), additions.getOrDefault(page, List.of()));
            next.addAll(page, after);
            nextSize += after.stream().mapToInt(part -> part.length).sum() - before.length;
        }
        return new SortedPages<>(order, next, nextSize);
    }

    private Map<Integer, List<V>> byPage(Collection<V> values) {
        Map<Integer, List<V>> byPage = new TreeMap<>();
        for (V value : values) {
            int page = Math.max(0, page(other -> order.compare(other, value)));
            byPage.computeIfAbsent(page, none -> new ArrayList<>()).add(value);
        }
        return byPage;
    }

    // Both are in order: one pass, which compares each value of the page with the next one that goes and the next one
    // that comes.
    private List<Object[]> changed(Object[] page, Collection<V> removed, Collection<V> added) {
        List<V> coming = added.stream().sorted(order).toList();
        List<V> going =
                Stream.concat(removed.stream(), added.stream()).sorted(order).toList();
        Object[] values = new Object[page.length + coming.size()];
        int length = 0;
        int come = 0;
        int go = 0;
        for (Object each : page) {
            while (come < coming.size() && order.compare(coming.get(come), value(each)) <= 0) {
                values[length++] = coming.get(come++);
            }
            while (go < going.size() && order.compare(going.get(go), value(each)) < 0) {
                go++;
            }
            if (go == going.size() || order.compare(going.get(go), value(each)) != 0) {
                values[length++] = each;
            }
        }
        while (come < coming.size()) {
            values[length++] = coming.get(come++);
        }
        return pages(values, length);
    }

    private static List<Object[]> pages(Object[] values, int length) {
        int count = (length + PAGE - 1) / PAGE;
        List<Object[]> pages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            pages.add(Arrays.copyOfRange(
                    values, (int) ((long) length * i / count), (int) ((long) length * (i + 1) / count)));
        }
        return pages;
    }

    @SuppressWarnings("unchecked") // nothing else is put
    private V value(Object value) {
        return (V) value;
    }
}
