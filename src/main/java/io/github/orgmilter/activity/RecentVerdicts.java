package io.github.orgmilter.activity;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The last verdicts, numbered from 0 on. Event loops add to it, many at once, and none of them ever waits: neither for another one
 * nor for a reader. A verdict that is added so late that its place has a newer one is left out.
 */
public final class RecentVerdicts {

    /**
     * A verdict and its number.
     *
     * @param number counted from the start of the process
     */
    public record Numbered(long number, RecentVerdict recent) {}

    private final AtomicReferenceArray<@Nullable Numbered> entries;
    private final AtomicLong next = new AtomicLong();

    /**
     * An empty one.
     *
     * @param size how many verdicts it keeps
     */
    public RecentVerdicts(int size) {
        entries = new AtomicReferenceArray<>(size);
    }

    /** How many verdicts it keeps. */
    public int size() {
        return entries.length();
    }

    /** The number of the next verdict, which is how many there have been. */
    public long next() {
        return next.get();
    }

    public void add(RecentVerdict recent) {
        long number = next.getAndIncrement();
        int index = index(number);
        Numbered added = new Numbered(number, recent);
        Numbered before = entries.getAcquire(index);
        // Where an older one took the place of a newer one, readers would wait for the newer one.
        while ((before == null || before.number() < number)
                && !entries.weakCompareAndSetRelease(index, before, added)) {
            before = entries.getAcquire(index);
        }
    }

    private int index(long number) {
        return (int) (number % entries.length());
    }

    /** The verdict of that number, unless it has been overwritten or is not there yet. */
    public @Nullable RecentVerdict find(long number) {
        if (number < 0) {
            return null;
        }
        Numbered entry = entries.getAcquire(index(number));
        return entry == null || entry.number() != number ? null : entry.recent();
    }

    /**
     * The verdicts from {@code from} to before {@code to}, oldest first, without those that have been overwritten. As this goes on
     * while it reads, any of them may be absent, not only the first ones.
     *
     * <p>It ends at the first that is still being added, so that a reader who goes on behind the last one misses none.
     */
    public List<Numbered> between(long from, long to) {
        List<Numbered> found = new ArrayList<>();
        long end = next.get();
        for (long number = Math.max(from, oldest(end)); number < Math.min(to, end); number++) {
            Numbered entry = entries.getAcquire(index(number));
            if (entry == null || entry.number() < number) {
                break;
            }
            if (entry.number() == number) {
                found.add(entry);
            }
        }
        return found;
    }

    /** As {@link #between}, to the last one. */
    public List<Numbered> since(long from) {
        return between(from, next.get());
    }

    private long oldest(long end) {
        return Math.max(0, end - entries.length());
    }
}
