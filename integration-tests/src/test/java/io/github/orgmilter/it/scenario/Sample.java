package io.github.orgmilter.it.scenario;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which rows of a table run. Against one version of an MTA it is all of them; against the others, those in which versions or settings
 * can differ, and of the rest a share that changes with the day, so that some days in a row run everything everywhere.
 * {@code -Dit.full=true} runs all rows each time, {@code -Dit.day=2026-11-28} those of that day.
 */
public final class Sample {

    private static final boolean FULL = Boolean.getBoolean("it.full");

    private static final LocalDate DAY = LocalDate.parse(
            System.getProperty("it.day", LocalDate.now(ZoneOffset.UTC).toString()));

    private Sample() {}

    /**
     * The rows that run, in the table's order, one at the least; a line of the output reports how many.
     *
     * @param where against what, as people call it: its rows are other ones than those that the same day gives another place
     * @param differs the rows that run each day
     * @param oneOf the share of the rest: one of so many
     */
    public static <T> List<T> of(String where, List<T> rows, Predicate<T> differs, int oneOf) {
        List<T> chosen = rows.stream()
                .filter(row -> FULL || differs.test(row) || isDue(where, row, oneOf))
                .toList();
        if (chosen.isEmpty()) {
            chosen = List.of(rows.get((int) Math.floorMod(DAY.toEpochDay(), (long) rows.size())));
        }
        if (chosen.size() < rows.size()) {
            System.out.println(where + ": " + chosen.size() + " of " + rows.size() + " rows, "
                    + rows.stream().filter(differs).count() + " of them each day; these again: -Dit.day=" + DAY);
        }
        return chosen;
    }

    /** One of these, another each day; all of them with {@code -Dit.full=true}. */
    public static <T> List<T> turn(String what, List<T> all) {
        if (FULL) {
            return all;
        }
        T chosen = all.get((int) Math.floorMod(DAY.toEpochDay(), (long) all.size()));
        System.out.println(what + ": " + chosen + ", one of " + all.size() + "; the same again: -Dit.day=" + DAY);
        return List.of(chosen);
    }

    /** Whether this is the day, one of so many, of a row. */
    private static boolean isDue(String where, Object row, int oneOf) {
        return Math.floorMod((where + row).hashCode() + DAY.toEpochDay(), oneOf) == 0;
    }
}
