package io.github.orgmilter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.github.orgmilter.config.HoconKeys.Include;
import io.github.orgmilter.config.HoconKeys.IncludeKind;
import io.github.orgmilter.config.HoconKeys.Substitution;
import io.github.orgmilter.identity.InvalidValueException;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads one configuration file and what it includes, and finds what the library would merge or pass over in silence. */
final class DocumentReader {

    private record Scan(Path file, HoconKeys written) {}

    private record LocatedSubstitution(String expression, List<String> prefix, Location location) {}

    private final Path root;
    private final List<String> base;
    private final Problems problems;
    private final Map<List<String>, Location> definitions = new HashMap<>();
    private final Map<String, Path> files = new HashMap<>();
    private final Set<List<String>> twice = new HashSet<>(); // organizations and connectors, which is an error
    private final List<LocatedSubstitution> substitutions = new ArrayList<>();
    private final List<Scan> scans = new ArrayList<>();
    private final Set<List<String>> repeated = new HashSet<>();
    private final Deque<Path> open = new ArrayDeque<>();
    private boolean complete = true;

    private DocumentReader(Path root, List<String> base, Problems problems) {
        this.root = root;
        this.base = base;
        this.problems = problems;
    }

    /**
     * Reads a file.
     *
     * @param base the configuration path at which its content stands
     * @param defaults what holds where the file says nothing
     * @param problems takes what is wrong with its syntax, includes and substitutions, and what it defines twice
     */
    static Document read(Path file, List<String> base, Config defaults, Problems problems) {
        DocumentReader reader = new DocumentReader(file, base, problems);
        ConfigObject content = reader.file(file, base, Location.ofFile(file));
        reader.scans.forEach(reader::define);
        Config resolved = reader.resolve(content.toConfig().withFallback(defaults));
        reader.scans.forEach(scan -> reader.warnOfRepetitions(scan, resolved.root()));
        return new Document(file, resolved.root(), base, reader.definitions, reader.files, reader.complete);
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
        files.put(file.toString(), file);
        HoconKeys written = HoconKeys.scan(text, path);
        if (written.isTooDeep()) {
            complete = false;
            problems.error(
                    Location.ofFile(file),
                    "braces or brackets are nested more than " + HoconKeys.MAX_DEPTH + " levels deep",
                    "close every { and [");
            return ConfigFactory.empty().root();
        }
        open.push(identity(file));
        int place = scans.size();
        try {
            ConfigObject content = ConfigFactory.parseString(
                            text,
                            ConfigParseOptions.defaults()
                                    .setSyntax(ConfigSyntax.CONF)
                                    .setOriginDescription(file.toString())
                                    .setIncluder(new Includes(file, written.includes())))
                    .root();
            // A file's own keys come before those of what it includes, so that the latter are the ones said to be
            // second.
            scans.add(place, new Scan(file, written));
            for (Substitution substitution : written.substitutions()) {
                Location location = new Location(file, substitution.line(), 0, List.of());
                substitutions.add(new LocatedSubstitution(
                        substitution.expression(), path.subList(base.size(), path.size()), location));
            }
            return content;
        } catch (ConfigException e) {
            complete = false;
            problems.error(location(e, Location.ofFile(file)), SyntaxError.in(file, text, e));
            return ConfigFactory.empty().root();
        } finally {
            open.pop();
        }
    }

    private static Path identity(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private static Location location(Path file, HoconKeys.Key key) {
        return new Location(file, key.line(), key.column(), key.path());
    }

    private void define(Scan scan) {
        scan.written().keys().forEach(key -> define(location(scan.file(), key)));
    }

    private void define(Location key) {
        List<String> path = key.path();
        Location first = definitions.putIfAbsent(path, key);
        if (first == null) {
            return;
        }
        repeated.add(path);
        if (Names.isOrganization(path)) {
            twice.add(path);
            problems.error(key, Names.definedTwice("organization", path.get(1), first), Names.TWICE_REPAIR);
        } else if (Names.isConnector(path) && !twice.contains(path.subList(0, 2))) {
            twice.add(path);
            problems.error(key, Names.definedTwice("connector", path.get(3), first), Names.TWICE_REPAIR);
        }
    }

    // Within one file: a file that includes another may set anew what that one sets, which is what many do it for.
    private void warnOfRepetitions(Scan scan, ConfigObject resolved) {
        List<Repetition> repetitions = new ArrayList<>(scan.written().repetitionsInLists());
        if (!repeated.isEmpty()) {
            repetitions.addAll(Repetition.in(scan.written().keys(), repeated::contains));
        }
        for (Repetition repetition : repetitions) {
            List<String> path = repetition.second().path();
            boolean reported =
                    IntStream.rangeClosed(0, path.size()).anyMatch(end -> twice.contains(path.subList(0, end)));
            if (!reported
                    && !(repetition.mayMerge()
                            && (!complete || isObject(resolved, path.subList(base.size(), path.size()))))) {
                problems.warning(
                        location(scan.file(), repetition.second()),
                        "set twice: this value replaces the one at "
                                + location(scan.file(), repetition.first()).place(),
                        "keep the one that is meant");
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
                reportUnresolved(partly, e);
                return partly;
            } catch (ConfigException cycle) {
                report(cycle, Location.ofFile(root));
            }
        } catch (ConfigException e) {
            report(e, Location.ofFile(root));
        }
        complete = false;
        return ConfigFactory.empty();
    }

    private void reportUnresolved(Config partly, ConfigException exception) {
        complete = false;
        boolean found = false;
        for (LocatedSubstitution written : substitutions) {
            if (!isDefined(partly, written)) {
                found = true;
                problems.error(
                        written.location(),
                        "${" + written.expression() + "} stands for nothing",
                        "define it, set an environment variable of this name, or write ${?" + written.expression()
                                + "}");
            }
        }
        if (!found) {
            report(exception, Location.ofFile(root));
        }
    }

    private static boolean isDefined(Config partly, LocatedSubstitution written) {
        try {
            return System.getenv(written.expression()) != null
                    || partly.hasPath(written.expression())
                    || (!written.prefix().isEmpty()
                            && partly.hasPath(ConfigUtil.joinPath(written.prefix()) + "." + written.expression()));
        } catch (ConfigException e) {
            return true; // there, and not resolved because of another one
        }
    }

    private void report(ConfigException exception, Location otherwise) {
        problems.error(location(exception, otherwise), SyntaxError.of(exception));
    }

    private Location location(ConfigException exception, Location otherwise) {
        return exception.origin() == null ? otherwise : Document.of(exception.origin(), files, otherwise);
    }

    /** Takes over from the library, which passes over a file that is not there. */
    private final class Includes
            implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

        private final Path file;
        private final List<Include> pending;

        Includes(Path file, List<Include> written) {
            this.file = file;
            this.pending = new ArrayList<>(written);
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            return included(statement(IncludeKind.ANY, what), what);
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            return included(statement(IncludeKind.FILE, what.getPath()), what.getPath());
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            return refuse(statement(IncludeKind.URL, what.toString()), "url(...)");
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            return refuse(statement(IncludeKind.CLASSPATH, what), "classpath(...)");
        }

        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        // The library calls in the order of the text, so that the first that fits is the one.
        private Include statement(IncludeKind kind, String name) {
            for (Iterator<Include> i = pending.iterator(); i.hasNext(); ) {
                Include include = i.next();
                if (include.kind() == kind && new File(include.name()).getPath().equals(new File(name).getPath())) {
                    i.remove();
                    return include;
                }
            }
            return new Include(kind, name, base, 0);
        }

        private ConfigObject included(Include statement, String name) {
            Location location = new Location(file, statement.line(), 0, List.of());
            try {
                Path target = target(name);
                if (open.contains(identity(target))) {
                    throw new InvalidValueException(
                            target + " includes itself, by this or another file", "remove this include");
                }
                return file(target, statement.path(), location);
            } catch (InvalidValueException e) {
                problems.error(location, e);
                return ConfigFactory.empty().root();
            }
        }

        private Path target(String name) throws InvalidValueException {
            Path target = TextFile.resolve(file, name);
            Path withExtension = TextFile.resolve(file, name + ".conf");
            return Files.exists(target) || !Files.exists(withExtension) ? target : withExtension;
        }

        private ConfigObject refuse(Include statement, String form) {
            problems.error(
                    new Location(file, statement.line(), 0, List.of()),
                    "include " + form + " is not supported",
                    "include a file");
            return ConfigFactory.empty().root();
        }
    }
}
