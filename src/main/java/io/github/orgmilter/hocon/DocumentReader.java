package io.github.orgmilter.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.document.TextFile;
import io.github.orgmilter.identity.InvalidValueException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads one configuration file and what it includes, and finds what the library would silently merge or skip. */
public final class DocumentReader {

    private record Scan(Location file, HoconKeys written) {}

    private final Location root;
    private final Unique unique;
    private final Problems problems;
    private final Definitions definitions = new Definitions();
    private final Map<String, Location> files = new HashMap<>();
    private final Set<List<String>> twice = new HashSet<>(); // which is an error
    private final Substitutions substitutions;
    private final List<Scan> scans = new ArrayList<>();
    private final Set<List<String>> repeated = new HashSet<>();
    private final Deque<Path> open = new ArrayDeque<>();
    private boolean complete = true;

    private DocumentReader(Location root, Unique unique, Problems problems) {
        this.root = root;
        this.unique = unique;
        this.problems = problems;
        substitutions = new Substitutions(root.path().size(), problems);
    }

    /**
     * Reads a file.
     *
     * @param base the path at which its content is
     * @param defaults what holds where the file sets nothing
     * @param unique what may be defined only once
     * @param problems takes the errors in its syntax, includes and substitutions, and what it defines twice
     */
    public static Document read(Path file, List<String> base, Config defaults, Unique unique, Problems problems) {
        Location root = Location.ofFile(file).withPath(base);
        DocumentReader reader = new DocumentReader(root, unique, problems);
        ConfigObject content = reader.file(file, base, Location.ofFile(file));
        reader.scans.forEach(reader::define);
        Config own = content.toConfig();
        Config resolved = reader.resolve(defaults.isEmpty() ? own : own.withFallback(defaults));
        reader.scans.forEach(scan -> reader.warnOfRepetitions(scan, resolved.root()));
        return new Document(root, resolved.root(), reader.definitions, reader.files, reader.complete);
    }

    List<String> base() {
        return root.path();
    }

    /** Reads a file at a path, with its own includes. */
    ConfigObject include(Path file, List<String> path, Location namedAt) throws InvalidValueException {
        if (open.contains(identity(file))) {
            throw new InvalidValueException(
                    file + " includes itself, directly or through another file", "remove this include");
        }
        return file(file, path, namedAt);
    }

    private ConfigObject file(Path file, List<String> path, Location namedAt) {
        ConfigObject content = TextFile.read(file, namedAt, problems)
                .map(text -> parse(file, text, path))
                .orElse(null);
        if (content == null) {
            complete = false;
            return ConfigFactory.empty().root();
        }
        return content;
    }

    private ConfigObject parse(Path file, String text, List<String> path) {
        Location place = Location.ofFile(file);
        files.put(file.toString(), place);
        HoconKeys written = HoconScanner.scan(text, path);
        if (written.tooDeep()) {
            complete = false;
            problems.error(
                    place,
                    "braces or brackets are nested more than " + HoconScanner.MAX_DEPTH + " levels deep",
                    "close every { and [");
            return ConfigFactory.empty().root();
        }
        open.push(identity(file));
        int index = scans.size();
        try {
            ConfigObject content = ConfigFactory.parseString(
                            text,
                            ConfigParseOptions.defaults()
                                    .setSyntax(ConfigSyntax.CONF)
                                    .setOriginDescription(file.toString())
                                    .setIncluder(new Includes(this, file, written.includes(), problems)))
                    .root();
            // A file's own keys come before those of what it includes, so that the latter are reported as the second.
            scans.add(index, new Scan(place, written));
            substitutions.add(written.substitutions(), place, path);
            return content;
        } catch (ConfigException e) {
            complete = false;
            problems.error(location(e, place), SyntaxError.in(file, text, e));
            return ConfigFactory.empty().root();
        } finally {
            open.pop();
        }
    }

    private static Path identity(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private static Location location(Location file, HoconKeys.Key key) {
        return new Location(file.source(), key.line(), key.column(), key.path());
    }

    private void define(Scan scan) {
        scan.written().keys().forEach(key -> define(location(scan.file(), key)));
    }

    private void define(Location key) {
        List<String> path = key.path();
        Location first = definitions.add(key);
        if (first == null) {
            return;
        }
        repeated.add(path);
        Optional<String> what = unique.at(path);
        if (what.isPresent() && !isTwice(path.subList(0, path.size() - 1))) {
            twice.add(path);
            problems.definedTwice(key, what.get(), path.get(path.size() - 1), first);
        }
    }

    // It, or what encloses it: then that is the error to report.
    private boolean isTwice(List<String> path) {
        return IntStream.rangeClosed(0, path.size()).anyMatch(end -> twice.contains(path.subList(0, end)));
    }

    // Within one file only: many include a file in order to override some of it.
    private void warnOfRepetitions(Scan scan, ConfigObject resolved) {
        List<Repetition> repetitions = new ArrayList<>(scan.written().repetitionsInLists());
        if (!repeated.isEmpty()) {
            repetitions.addAll(Repetition.in(scan.written().keys(), repeated::contains));
        }
        for (Repetition repetition : repetitions) {
            List<String> path = repetition.second().path();
            if (!isTwice(path)
                    && !(repetition.mayMerge()
                            && (!complete || isObject(resolved, path.subList(base().size(), path.size()))))) {
                problems.warning(
                        location(scan.file(), repetition.second()),
                        "set twice: this value replaces the one at "
                                + location(scan.file(), repetition.first()).place(),
                        "keep only the right one");
            }
        }
    }

    private static boolean isObject(@Nullable ConfigValue value, List<String> path) {
        if (!(value instanceof ConfigObject object)) {
            return false;
        }
        return path.isEmpty() || isObject(object.get(path.get(0)), path.subList(1, path.size()));
    }

    private Config resolve(Config merged) {
        if (merged.isResolved()) {
            return merged;
        }
        try {
            return merged.resolve();
        } catch (ConfigException.UnresolvedSubstitution e) {
            try {
                Config partly = merged.resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
                complete = false;
                if (!substitutions.reportUndefined(partly)) {
                    report(e, atRoot());
                }
                return partly;
            } catch (ConfigException cycle) {
                report(cycle, atRoot());
            }
        } catch (ConfigException e) {
            report(e, atRoot());
        }
        complete = false;
        return ConfigFactory.empty();
    }

    private Location atRoot() {
        return root.withPath(List.of());
    }

    private void report(ConfigException exception, Location otherwise) {
        problems.error(location(exception, otherwise), SyntaxError.of(exception));
    }

    private Location location(ConfigException exception, Location otherwise) {
        return exception.origin() == null ? otherwise : Document.of(exception.origin(), files, otherwise);
    }
}
