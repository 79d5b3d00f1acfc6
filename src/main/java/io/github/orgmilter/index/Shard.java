package io.github.orgmilter.index;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a {@link SuffixTable}: an open hash table of the names whose hashes begin with the same bits.
 *
 * <p>Frozen once its table is complete: only the edit that made it may change it.
 */
final class Shard {

    private static final int SMALLEST = 16;
    private static final double FULL = 0.6;
    private static final int UNUSED_BITS = 7; // the last ones of a hash are the least mixed

    /** How many leading bits of their hashes its names share. */
    final int depth;

    /** The edit that may change it. */
    final Object owner;

    private int[] hashes; // nearly every name that is not there is ruled out by them alone; 0 marks an empty slot
    private @Nullable String[] names;
    private @Nullable Object[] values;
    private int size;

    Shard(int depth, Object owner) {
        this(depth, owner, SMALLEST);
    }

    /** An empty one with room for so many names. */
    static Shard with(int names, int depth, Object owner) {
        int capacity = SMALLEST;
        while (names >= FULL * capacity) {
            capacity *= 2;
        }
        return new Shard(depth, owner, capacity);
    }

    private Shard(int depth, Object owner, int capacity) {
        this.depth = depth;
        this.owner = owner;
        hashes = new int[capacity];
        names = new @Nullable String[capacity];
        values = new @Nullable Object[capacity];
    }

    /** The same for another edit, which may change it. */
    Shard copy(Object newOwner) {
        Shard copy = new Shard(depth, newOwner, 0);
        copy.hashes = hashes.clone();
        copy.names = names.clone();
        copy.values = values.clone();
        copy.size = size;
        return copy;
    }

    int size() {
        return size;
    }

    @Nullable
    Object get(String name, int from, int hash) {
        return values[slot(name, from, hash)];
    }

    void forEach(Consumer<Object> receiver) {
        for (@Nullable Object value : values) {
            if (value != null) {
                receiver.accept(value);
            }
        }
    }

    /** Puts a value; returns the one that it replaces, or null. */
    @Nullable
    Object put(String name, int hash, Object value) {
        int slot = slot(name, 0, hash);
        Object before = values[slot];
        if (before == null) {
            if (size >= FULL * hashes.length) {
                grow();
                slot = slot(name, 0, hash);
            }
            hashes[slot] = hash;
            names[slot] = name;
            values[slot] = value;
            size++;
        } else {
            values[slot] = value;
        }
        return before;
    }

    /** Removes a name; returns its value, or null. What is behind it moves up, so that no search ends at the gap. */
    @Nullable
    Object remove(String name, int hash) {
        int gap = slot(name, 0, hash);
        Object removed = values[gap];
        if (removed == null) {
            return null;
        }
        int mask = hashes.length - 1;
        for (int next = (gap + 1) & mask; hashes[next] != 0; next = (next + 1) & mask) {
            int home = first(hashes[next], mask);
            if (((next - home) & mask) >= ((next - gap) & mask)) {
                hashes[gap] = hashes[next];
                names[gap] = names[next];
                values[gap] = values[next];
                gap = next;
            }
        }
        hashes[gap] = 0;
        names[gap] = null;
        values[gap] = null;
        size--;
        return removed;
    }

    /** The half of it whose hashes have this as the next bit. */
    Shard half(int bit) {
        Shard half = new Shard(depth + 1, owner, hashes.length / 2);
        for (int i = 0; i < hashes.length; i++) {
            if (hashes[i] != 0 && (hashes[i] >>> (Integer.SIZE - 1 - depth) & 1) == bit) {
                if (half.size >= FULL * half.hashes.length) {
                    half.grow();
                }
                half.move(hashes[i], names[i], values[i]);
            }
        }
        return half;
    }

    /** Where the suffix is, or would be. */
    private int slot(String name, int from, int hash) {
        int mask = hashes.length - 1;
        int slot = first(hash, mask);
        for (int there = hashes[slot]; there != 0; there = hashes[slot]) {
            if (there == hash && isSuffix(names[slot], name, from)) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static boolean isSuffix(@Nullable String there, String name, int from) {
        return there != null && there.length() == name.length() - from && name.startsWith(there, from);
    }

    // By the hashes alone: a look at the names, all over the heap, is what would take the time.
    private void grow() {
        Shard grown = new Shard(depth, owner, 2 * hashes.length);
        for (int i = 0; i < hashes.length; i++) {
            if (hashes[i] != 0) {
                grown.move(hashes[i], names[i], values[i]);
            }
        }
        hashes = grown.hashes;
        names = grown.names;
        values = grown.values;
    }

    private void move(int hash, @Nullable String name, @Nullable Object value) {
        int mask = hashes.length - 1;
        int slot = first(hash, mask);
        while (hashes[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        hashes[slot] = hash;
        names[slot] = name;
        values[slot] = value;
        size++;
    }

    /** Where the search for a hash begins. */
    private static int first(int hash, int mask) {
        return (hash >>> UNUSED_BITS) & mask;
    }
}
