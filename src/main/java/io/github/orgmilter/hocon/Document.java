package io.github.orgmilter.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file with all that it includes, merged and resolved, and where everything was written. This is the one place
 * that knows: keys are where the scanner found them, values where the library, which merged them, read them.
 */
public final class Document {

    private final Location location;
    private final ConfigObject content;
    private final Map<List<String>, Location> definitions;
    private final Map<String, Location> files;
    private final boolean complete;

    /**
     * Makes one.
     *
     * @param location where the content begins, with its path
     * @param definitions where each key was defined first
     * @param files the files that were read, by the names that the library has for them
     * @param complete whether every included file could be read; if not, what is missing may only be unread
     */
    Document(
            Location location,
            ConfigObject content,
            Map<List<String>, Location> definitions,
            Map<String, Location> files,
            boolean complete) {
        this.location = location;
        this.content = content;
        this.definitions = definitions;
        this.files = files;
        this.complete = complete;
    }

    /** A configuration that is part of the program, without lines. */
    public static Document ofResource(String name, Config content) {
        return new Document(Location.ofFile(Path.of(name)), content.root(), Map.of(), Map.of(), true);
    }

    /** The whole of it. */
    public Node root(Problems problems) {
        return new HoconNode(this, content, location, problems);
    }

    /** Whether every included file could be read. */
    public boolean complete() {
        return complete;
    }

    /** Where the key at a path was defined; the document itself, if it was not. */
    public Location definedAt(List<String> path) {
        return definition(path).orElse(location);
    }

    /** Where the key at a path was defined. */
    public Optional<Location> definition(List<String> path) {
        return Optional.ofNullable(definitions.get(path));
    }

    /** Where a key was defined; where its parent was, if it came from elsewhere, such as by a substitution. */
    Location ofKey(Location parent, String key) {
        Location below = parent.below(key);
        return definitions.getOrDefault(below.path(), below);
    }

    /** Where the value of a key was written; where the key was, if it is not from a file, such as an environment variable. */
    Location ofMember(ConfigValue value, Location parent, String key) {
        Location below = parent.below(key);
        Location written = written(value.origin(), files, below.path());
        return written == null ? definitions.getOrDefault(below.path(), below) : written;
    }

    /** Where an element of a list was written; where the list was, if it is not from a file. */
    Location ofElement(ConfigValue element, Location list) {
        return of(element.origin(), files, list);
    }

    static Location of(ConfigOrigin origin, Map<String, Location> files, Location otherwise) {
        Location written = written(origin, files, otherwise.path());
        return written == null ? otherwise : written;
    }

    private static @Nullable Location written(ConfigOrigin origin, Map<String, Location> files, List<String> path) {
        String description = origin.description();
        int end = description.lastIndexOf(": ");
        Location file = files.get(end < 0 ? description : description.substring(0, end));
        return file == null || origin.lineNumber() < 1
                ? null
                : new Location(file.source(), origin.lineNumber(), 0, path);
    }
}
