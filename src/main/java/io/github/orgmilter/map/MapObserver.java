package io.github.orgmilter.map;

import io.github.orgmilter.net.Limit;
import java.util.List;
import java.util.stream.Stream;

/** What an operator counts. Called on the event loops, by many at once: it must not block. */
public interface MapObserver {

    /** The map in {@link #lookedUp} where there is none of the name that was asked for. */
    String UNKNOWN_MAP = "unknown";

    /** All maps. */
    static List<String> maps() {
        return Stream.of(MapName.values()).map(MapName::key).toList();
    }

    /** All kinds of answers. */
    static List<String> answers() {
        return Stream.of(Answer.Kind.values()).map(Answer.Kind::key).toList();
    }

    /**
     * A look-up was answered.
     *
     * @param map one of {@link #maps}, or {@link #UNKNOWN_MAP}
     * @param answer one of {@link #answers}
     */
    void lookedUp(String map, String answer);

    /** A connection reached a limit. */
    void limited(Limit limit);
}
