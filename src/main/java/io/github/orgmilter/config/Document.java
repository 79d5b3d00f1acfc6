package io.github.orgmilter.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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

    /** Where a value was written; the given place for one that stands in no file, such as an environment variable. */
    Location ofValue(ConfigValue value, Location otherwise) {
        return of(value.origin(), files, otherwise);
    }

    static Location of(ConfigOrigin origin, Map<String, Path> files, Location otherwise) {
        String description = origin.description();
        int end = description.lastIndexOf(": ");
        Path written = files.get(end < 0 ? description : description.substring(0, end));
        return written == null || origin.lineNumber() < 1
                ? otherwise
                : new Location(written, origin.lineNumber(), 0, otherwise.path());
    }
}
