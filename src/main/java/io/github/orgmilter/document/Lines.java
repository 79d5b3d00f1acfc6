package io.github.orgmilter.document;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * What the lines of a text file hold, in their order. A line is a number here, and its location is made each time it is asked for: of a
 * million lines, a message hardly ever names one.
 */
final class Lines<T> extends AbstractList<Located<T>> implements RandomAccess {

    private final Location file; // with the path of the key that names it
    private final List<T> values;
    private final int[] numbers;

    private Lines(Location file, List<T> values, int[] numbers) {
        this.file = file;
        this.values = values;
        this.numbers = numbers;
    }

    @Override
    public Located<T> get(int index) {
        return new Located<>(values.get(index), location(index));
    }

    @Override
    public int size() {
        return numbers.length;
    }

    /** The values alone, which never change. */
    List<T> values() {
        return values;
    }

    /** The number of an entry's line, counted from 1. */
    int number(int index) {
        return numbers[index];
    }

    Location location(int index) {
        return new Location(file.source(), numbers[index], 0, file.path());
    }

    /** For other values in lines of the same file. */
    <U> Builder<U> withOthers() {
        return new Builder<>(file);
    }

    /** Lines to come. */
    static final class Builder<T> {

        private static final int FEW = 16;

        private final Location file;
        private final List<T> values = new ArrayList<>();
        private int[] numbers = new int[FEW];

        /**
         * Before the first line.
         *
         * @param file with the path that the lines have
         */
        Builder(Location file) {
            this.file = file;
        }

        void add(T value, int number) {
            if (values.size() == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * numbers.length);
            }
            numbers[values.size()] = number;
            values.add(value);
        }

        Lines<T> build() {
            return new Lines<>(file, List.copyOf(values), Arrays.copyOf(numbers, values.size()));
        }
    }
}
