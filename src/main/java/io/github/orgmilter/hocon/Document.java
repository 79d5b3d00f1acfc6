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
    private final Definitions definitions;
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
            Definitions definitions,
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
        return new Document(Location.ofFile(Path.of(name)), content.root(), new Definitions(), Map.of(), true);
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
        int last = path.size() - 1;
        return last < 0 ? Optional.empty() : definition(path.subList(0, last), path.get(last));
    }

    /** Where a key of the object at a path was defined. */
    Optional<Location> definition(List<String> object, String key) {
        return Optional.ofNullable(definitions.first(object, key));
    }

    /** Where a key was defined; where its parent was, if it came from elsewhere, such as by a substitution. */
    Location ofKey(Location parent, String key) {
        Location defined = definitions.first(parent.path(), key);
        return defined == null ? parent.below(key) : defined;
    }

    /** Where the value of a key was written; where the key was, if it is not from a file, such as an environment variable. */
    Location ofMember(ConfigValue value, Location parent, String key) {
        Location written = written(value.origin(), files, parent.pathBelow(key));
        return written == null ? ofKey(parent, key) : written;
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
        int line = origin.lineNumber();
        if (line < 1) {
            return null;
        }
        // Without a line, a description is a text that is there; with one, it is put together each time.
        Location file = files.get(origin.withLineNumber(-1).description());
        return file == null ? null : new Location(file.source(), line, 0, path);
    }
}
