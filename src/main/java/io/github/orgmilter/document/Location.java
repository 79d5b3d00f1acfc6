package io.github.orgmilter.document;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where a value is: its place in a source, and its path.
 *
 * @param line counted from 1; 0 for the source as a whole, or one without lines
 * @param column distinguishes what is on one line; 0 where it does not matter
 * @param path shared by all elements of a list
 */
public record Location(Source source, int line, int column, List<String> path) implements Comparable<Location> {

    private static final Comparator<Location> ORDER = Comparator.comparing(
                    (Location location) -> location.source.toString())
            .thenComparingInt(Location::line)
            .thenComparingInt(Location::column);

    public static Location ofFile(Path file) {
        return new Location(new FileSource(file), 0, 0, List.of());
    }

    public Location withPath(List<String> newPath) {
        return new Location(source, line, column, newPath);
    }

    /** A line of the same source, without a path. */
    public Location atLine(int number) {
        return new Location(source, number, 0, List.of());
    }

    /** The same place, one key deeper. */
    public Location below(String key) {
        return withPath(pathBelow(key));
    }

    /** Its path, one key deeper. */
    public List<String> pathBelow(String key) {
        List<String> deeper = new ArrayList<>(path.size() + 1);
        for (int i = 0; i < path.size(); i++) { // without the copy that addAll makes
            deeper.add(path.get(i));
        }
        deeper.add(key);
        return deeper;
    }

    /** {@code file:line}, as another problem's text names it. */
    public String place() {
        return line > 0 ? source + ":" + line : source.toString();
    }

    public Problem problem(String problem, String repair) {
        return new Problem(source, line, shown(source.describe(path)), shown(problem), shown(repair));
    }

    private static String shown(String text) {
        return Text.visible(Text.shortened(text));
    }

    @Override
    public int compareTo(Location other) {
        return ORDER.compare(this, other);
    }
}
