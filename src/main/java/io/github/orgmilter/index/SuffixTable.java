package io.github.orgmilter.index;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by domain name, found for a name and for every domain above it, in one pass over its characters and without making any
 * of those names. Immutable: an {@link Edit} makes the next one, which shares what did not change.
 *
 * <p>A hash table in shards, by the first bits of a hash; a shard that is full is split in two (extendible hashing). A name's hash
 * is taken from its end, so that the hash of every suffix appears on the way to that of the whole name.
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

    private static final int SHARD = 600; // names, at most, while it can be split
    private static final int DEEPEST = 18; // that many equal bits are no accident, and a split would not help
    private static final int EXPECTED =
            280; // names of a shard, of a table whose size is known: half as full as it may be

    // Secret, so that no customer can write names that all have the same hash.
    private static final long FACTOR = new SplittableRandom().nextLong() | 1;

    private final Shard[] shards; // a power of two, at least two
    private final int size;

    /** An empty one. */
    public SuffixTable() {
        Shard none = new Shard(0, this);
        shards = new Shard[] {none, none};
        size = 0;
    }

    private SuffixTable(Shard[] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    public int size() {
        return size;
    }

    /** The value of exactly this name, or null. */
    public @Nullable V get(String name) {
        int hash = hash(name);
        return value(shards[index(hash, shards)].get(name, 0, hash));
    }

    /** Visits the values of the name and of every domain above it; returns the last one that qualified, or null. */
    public @Nullable V longest(String name, Visitor<? super V> visitor) {
        Shard[] all = shards;
        @Nullable V longest = null;
        long hash = 0;
        for (int i = name.length() - 1; i >= 0; i--) {
            hash = (hash + name.charAt(i)) * FACTOR;
            if (i == 0 || name.charAt(i - 1) == '.') {
                int mixed = mixed(hash);
                @Nullable V value = value(all[index(mixed, all)].get(name, i, mixed));
                if (value != null && visitor.visit(value, i)) {
                    longest = value;
                }
            }
        }
        return longest;
    }

    /** Passes all values on, in no particular order. */
    public void forEach(Consumer<? super V> receiver) {
        @Nullable Shard before = null; // one that is in several places is so in a row
        for (Shard shard : shards) {
            if (shard != before) {
                shard.forEach(value -> receiver.accept(Objects.requireNonNull(value(value))));
            }
            before = shard;
        }
    }

    /** Begins the next table. */
    public Edit<V> edit() {
        return new Edit<>(this);
    }

    private static int hash(String name) {
        long hash = 0;
        for (int i = name.length() - 1; i >= 0; i--) {
            hash = (hash + name.charAt(i)) * FACTOR;
        }
        return mixed(hash);
    }

    /** The first half, which depends on all characters; never 0. */
    private static int mixed(long hash) {
        int mixed = (int) (hash >>> Integer.SIZE);
        return mixed == 0 ? 1 : mixed;
    }

    private static int index(int hash, Shard[] shards) {
        return hash >>> (Integer.numberOfLeadingZeros(shards.length) + 1);
    }

    @SuppressWarnings("unchecked") // nothing else is put
    private @Nullable V value(@Nullable Object value) {
        return (V) value;
    }

    /** Changes to a table, which stays as it is. To be used by one thread, and not after {@link #done}. */
    public static final class Edit<V> {

        private final SuffixTable<V> table;
        private Shard[] shards;
        private int size;
        private boolean copied;

        private Edit(SuffixTable<V> table) {
            this.table = table;
            shards = table.shards;
            size = table.size;
        }

        /** Makes room for so many more names, if there are none yet: nothing is split or moved for them later. */
        public void expect(int names) {
            int depth = Integer.SIZE - Integer.numberOfLeadingZeros(names / EXPECTED);
            if (size > 0 || depth < 2) {
                return;
            }
            shards = new Shard[1 << Math.min(depth, DEEPEST)];
            for (int i = 0; i < shards.length; i++) {
                shards[i] = Shard.with(EXPECTED, Math.min(depth, DEEPEST), this);
            }
            copied = true;
        }

        public @Nullable V get(String name) {
            int hash = hash(name);
            return table.value(shards[index(hash, shards)].get(name, 0, hash));
        }

        /** Puts a value; returns the one that it replaces, or null. */
        public @Nullable V put(String name, V value) {
            int hash = hash(name);
            Shard shard = own(hash);
            if (shard.size() >= SHARD && shard.depth < DEEPEST) {
                split(shard, hash);
                shard = own(hash);
            }
            @Nullable V before = table.value(shard.put(name, hash, Objects.requireNonNull(value)));
            size += before == null ? 1 : 0;
            return before;
        }

        /** Removes a name; returns its value, or null. */
        public @Nullable V remove(String name) {
            int hash = hash(name);
            @Nullable V removed = table.value(own(hash).remove(name, hash));
            size -= removed == null ? 0 : 1;
            return removed;
        }

        public SuffixTable<V> done() {
            SuffixTable<V> next = new SuffixTable<>(shards, size);
            shards = new Shard[0]; // so that nothing can change it any more
            return next;
        }

        private Shard own(int hash) {
            Shard shard = shards[index(hash, shards)];
            if (shard.owner == this) {
                return shard;
            }
            if (!copied) {
                shards = shards.clone();
                copied = true;
            }
            Shard copy = shard.copy(this);
            place(copy, hash);
            return copy;
        }

        private void split(Shard shard, int hash) {
            if (1 << shard.depth >= shards.length) {
                Shard[] twice = new Shard[2 * shards.length];
                for (int i = 0; i < twice.length; i++) {
                    twice[i] = shards[i / 2];
                }
                shards = twice;
            }
            int next = 1 << (Integer.SIZE - 1 - shard.depth);
            place(shard.half(0), hash & ~next);
            place(shard.half(1), hash | next);
        }

        /** Where all hashes lead that share the shard's bits with this one. */
        private void place(Shard shard, int hash) {
            int count = shards.length >>> shard.depth;
            int first = index(hash, shards) & -count;
            for (int i = 0; i < count; i++) {
                shards[first + i] = shard;
            }
        }
    }
}
