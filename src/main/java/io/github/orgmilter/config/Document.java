package io.github.orgmilter.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file with all that it includes, merged and resolved, which still knows where everything was written.
 *
 * @param file the file itself
 * @param root its content
 * @param base the configuration path at which the root stands
 * @param definitions where each key was defined first
 * @param files the files that were read, by what their values call their origin
 * @param complete whether every included file could be read; if not, what is absent may only be unread
 */
record Document(
        Path file,
        ConfigObject root,
        List<String> base,
        Map<List<String>, Location> definitions,
        Map<String, Path> files,
        boolean complete) {

    /** Where the root begins. */
    Location location() {
        return Location.ofFile(file).withPath(base);
    }

    /** Where a key was defined; where what encloses it was, if it came from elsewhere, such as by a substitution. */
    Location ofKey(Location parent, String key) {
        Location below = parent.below(key);
        return definitions.getOrDefault(below.path(), below);
    }

    /** Where the value of a key was written; where the key was, if it stands in no file, such as an environment variable. */
    Location ofMember(ConfigValue value, Location parent, String key) {
        Location below = parent.below(key);
        Location written = written(value.origin(), files, below.path());
        return written == null ? definitions.getOrDefault(below.path(), below) : written;
    }

    /** Where an element of a list was written; where the list was, for one that stands in no file. */
    Location ofElement(ConfigValue element, Location list) {
        return of(element.origin(), files, list);
    }

    static Location of(ConfigOrigin origin, Map<String, Path> files, Location otherwise) {
        Location written = written(origin, files, otherwise.path());
        return written == null ? otherwise : written;
    }

    private static @Nullable Location written(ConfigOrigin origin, Map<String, Path> files, List<String> path) {
        String description = origin.description();
        int end = description.lastIndexOf(": ");
        Path file = files.get(end < 0 ? description : description.substring(0, end));
        return file == null || origin.lineNumber() < 1 ? null : new Location(file, origin.lineNumber(), 0, path);
    }
}
