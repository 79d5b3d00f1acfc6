package io.github.orgmilter.index;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values by domain name, found for a name and for every domain above it, in one pass over its characters and without making any
 * of those names.
 *
 * <p>An open hash table. A name's hash is taken from its end, so that the hash of every suffix appears on the way to that of the whole name.
 */
public final class SuffixTable<V> {

    /** Receives the values of a name's suffixes, the shortest suffix first. */
    public interface Visitor<V> {

        /**
         * Looks at a value.
         *
         * @param start where in the name the suffix begins; 0 for the name's own value
         * @return whether it qualifies as the result; the longest that does is returned
         */
        boolean visit(V value, int start);
    }

    private static final int SMALLEST = 16;
    private static final double FULL = 0.6;
    private static final int MIX = 0x9E3779B9; // spreads what differs in few bits (Knuth's multiplicative hashing)

    private int[] hashes = new int[SMALLEST]; // nearly every name that is not there is ruled out by them alone
    private @Nullable String[] names = new @Nullable String[SMALLEST];
    private @Nullable Object[] values = new @Nullable Object[SMALLEST];
    private int size;

    /** Puts a value; returns the one that it replaces, or null. */
    public @Nullable V put(String name, V value) {
        if (size >= FULL * names.length) {
            grow();
        }
        int hash = hash(name);
        int slot = slot(name, 0, hash);
        @Nullable Object before = values[slot];
        if (before == null) {
            size++;
        }
        hashes[slot] = stored(hash);
        names[slot] = name;
        values[slot] = Objects.requireNonNull(value);
        return value(before);
    }

    /** The value of exactly this name, or null. */
    public @Nullable V get(String name) {
        return value(values[slot(name, 0, hash(name))]);
    }

    /** Visits the values of the name and of every domain above it; returns the last one that qualified, or null. */
    public @Nullable V longest(String name, Visitor<? super V> visitor) {
        @Nullable V longest = null;
        int hash = 0;
        for (int i = name.length() - 1; i >= 0; i--) {
            hash = 31 * hash + name.charAt(i);
            if (i == 0 || name.charAt(i - 1) == '.') {
                @Nullable V value = value(values[slot(name, i, hash)]);
                if (value != null && visitor.visit(value, i)) {
                    longest = value;
                }
            }
        }
        return longest;
    }

    private static int hash(String name) {
        int hash = 0;
        for (int i = name.length() - 1; i >= 0; i--) {
            hash = 31 * hash + name.charAt(i);
        }
        return hash;
    }

    /** Where the suffix is, or would be. */
    private int slot(String name, int from, int hash) {
        int stored = stored(hash);
        int mask = hashes.length - 1;
        int slot = first(stored, mask);
        for (int there = hashes[slot]; there != 0; there = hashes[slot]) {
            if (there == stored && isSuffix(names[slot], name, from)) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** 0 marks an empty slot. */
    private static int stored(int hash) {
        return hash == 0 ? 1 : hash;
    }

    private static boolean isSuffix(@Nullable String there, String name, int from) {
        return there != null && there.length() == name.length() - from && name.startsWith(there, from);
    }

    // By the hashes alone: a look at a million names, all over the heap, is what would take the time.
    private void grow() {
        int[] oldHashes = hashes;
        @Nullable String[] oldNames = names;
        @Nullable Object[] oldValues = values;
        hashes = new int[2 * oldHashes.length];
        names = new @Nullable String[2 * oldHashes.length];
        values = new @Nullable Object[2 * oldHashes.length];
        int mask = hashes.length - 1;
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0) {
                int slot = first(oldHashes[i], mask);
                while (hashes[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                hashes[slot] = oldHashes[i];
                names[slot] = oldNames[i];
                values[slot] = oldValues[i];
            }
        }
    }

    /** Where the search for a hash begins. */
    private static int first(int stored, int mask) {
        return ((stored * MIX) >>> 7) & mask;
    }

    @SuppressWarnings("unchecked") // nothing else is put
    private @Nullable V value(@Nullable Object value) {
        return (V) value;
    }
}
