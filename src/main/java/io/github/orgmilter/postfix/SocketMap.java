package io.github.orgmilter.postfix;

import io.github.orgmilter.asking.Place;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table that a server answers: {@code socketmap:inet:127.0.0.1:10035:clients}.
 *
 * @param map its name there
 */
public record SocketMap(Place place, String map) {

    private static final Pattern TABLE = Pattern.compile("(?:proxy:)?socketmap:((?:inet|unix):.+):([^:]+)");

    /**
     * Reads the name of a table; empty if it is one of another kind.
     *
     * @param queue to which a relative path is relative
     * @param root what an absolute path begins at
     */
    public static Optional<SocketMap> of(String table, String queue, String root) {
        Matcher matcher = TABLE.matcher(table);
        return matcher.matches()
                ? SocketName.parse(matcher.group(1), queue, root).map(place -> new SocketMap(place, matcher.group(2)))
                : Optional.empty();
    }
}
