package io.github.orgmilter.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Any number of values by name, each with a key of its own: a {@link SuffixTable} of chains. Immutable as that one is. */
public final class MultiTable<K, V> {

    /** Receives a value that was found, with its key. */
    public interface Match<K, V> {
        void accept(K key, V value);
    }

    private final SuffixTable<Chain<K, V>> chains;

    /** An empty one. */
    public MultiTable() {
        this(new SuffixTable<>());
    }

    private MultiTable(SuffixTable<Chain<K, V>> chains) {
        this.chains = chains;
    }

    public boolean isEmpty() {
        return chains.size() == 0;
    }

    /** How many values there are by exactly this name. */
    public int count(String name) {
        Chain<K, V> chain = chains.get(name);
        return chain == null ? 0 : chain.size();
    }

    /** Reports what is there by exactly this name, in no particular order. */
    public void forEach(String name, Match<K, V> match) {
        report(chains.get(name), match);
    }

    /** Reports what is there by the name and by every domain above it, in no particular order. */
    public void forEachAbove(String name, Match<K, V> match) {
        chains.longest(name, (chain, start) -> {
            report(chain, match);
            return false;
        });
    }

    /** Reports all values of each name that has several, with the key of one of them. */
    public void forEachGroup(BiConsumer<K, List<V>> receiver) {
        chains.forEach(chain -> {
            if (chain.next() != null) {
                List<V> values = new ArrayList<>();
                report(chain, (key, value) -> values.add(value));
                receiver.accept(chain.key(), values);
            }
        });
    }

    private static <K, V> void report(@Nullable Chain<K, V> first, Match<K, V> match) {
        for (Chain<K, V> each = first; each != null; each = each.next()) {
            match.accept(each.key(), each.value());
        }
    }

    /** Begins the next table. */
    public Edit<K, V> edit() {
        return new Edit<>(chains.edit());
    }

    /** Changes to a table, which stays as it is. */
    public static final class Edit<K, V> {

        private final SuffixTable.Edit<Chain<K, V>> chains;

        private Edit(SuffixTable.Edit<Chain<K, V>> chains) {
            this.chains = chains;
        }

        /** Makes room for so many more names, if there are none yet. */
        public void expect(int names) {
            chains.expect(names);
        }

        public void add(String name, K key, V value) {
            Chain<K, V> others = chains.put(name, new Chain<>(key, value, null));
            if (others != null) {
                chains.put(name, new Chain<>(key, value, others));
            }
        }

        /** Removes each value of a name that passes. */
        public void remove(String name, Predicate<V> values) {
            Chain<K, V> left = Chain.without(chains.get(name), values);
            if (left == null) {
                chains.remove(name);
            } else {
                chains.put(name, left);
            }
        }

        public MultiTable<K, V> done() {
            return new MultiTable<>(chains.done());
        }
    }
}
