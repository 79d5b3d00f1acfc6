package io.github.orgmilter.it.directory;

import java.io.Closeable;
import java.util.List;

/** What keeps the customers in a store, as a provider's panel does. */
interface Panel extends Closeable {

    /**
     * Takes rows away and adds others; where the store has transactions, in one.
     *
     * @return when the change was about to be committed, as {@link System#nanoTime} has it
     */
    long change(List<Row> gone, List<Row> come) throws Exception;

    default long add(Row... rows) throws Exception {
        return change(List.of(), List.of(rows));
    }

    default long remove(Row... rows) throws Exception {
        return change(List.of(rows), List.of());
    }
}
