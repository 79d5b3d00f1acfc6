package io.github.orgmilter.config;

import com.typesafe.config.ConfigUtil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where a value stands: the place in a file, and its configuration path.
 *
 * @param line counted from 1; 0 for the file as a whole
 * @param column tells apart what stands on one line; 0 where nobody needs to know
 * @param path shared by all elements of a list
 */
record Location(Path file, int line, int column, List<String> path) implements Comparable<Location> {

    private static final Comparator<Location> ORDER = Comparator.comparing(
                    (Location location) -> location.file.toString())
            .thenComparingInt(Location::line)
            .thenComparingInt(Location::column);

    static Location ofFile(Path file) {
        return new Location(file, 0, 0, List.of());
    }

    Location withPath(List<String> newPath) {
        return new Location(file, line, column, newPath);
    }

    /** The same place, one key deeper. */
    Location below(String key) {
        List<String> deeper = new ArrayList<>(path.size() + 1);
        deeper.addAll(path);
        deeper.add(key);
        return withPath(deeper);
    }

    /** {@code file:line}, as another problem's text names it. */
    String place() {
        return line > 0 ? file + ":" + line : file.toString();
    }

    Problem problem(String problem, String repair) {
        String keys = path.isEmpty() ? "" : ConfigUtil.joinPath(path);
        return new Problem(file, line, shown(keys), shown(problem), shown(repair));
    }

    private static String shown(String text) {
        return Text.visible(Text.shortened(text));
    }

    @Override
    public int compareTo(Location other) {
        return ORDER.compare(this, other);
    }
}
