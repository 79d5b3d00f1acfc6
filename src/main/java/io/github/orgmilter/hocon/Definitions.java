package io.github.orgmilter.hocon;

import io.github.orgmilter.document.Location;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where each key was defined first, by the path of its object and its name: readers ask for every key that an object may have, and put
 * no path together for those that it does not.
 */
final class Definitions {

    private final Map<List<String>, Map<String, Location>> objects = new HashMap<>();

    /**
     * Adds a key, unless it has been defined.
     *
     * @return where it had been
     */
    @Nullable
    Location add(Location key) {
        int last = key.path().size() - 1;
        return objects.computeIfAbsent(key.path().subList(0, last), object -> new HashMap<>())
                .putIfAbsent(key.path().get(last), key);
    }

    /** Where a key of the object at a path was defined first. */
    @Nullable
    Location first(List<String> object, String key) {
        Map<String, Location> keys = objects.get(object);
        return keys == null ? null : keys.get(key);
    }
}
