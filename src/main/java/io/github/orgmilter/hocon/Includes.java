package io.github.orgmilter.hocon;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.document.TextFile;
import io.github.orgmilter.hocon.HoconKeys.Include;
import io.github.orgmilter.hocon.HoconKeys.IncludeKind;
import io.github.orgmilter.identity.InvalidValueException;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Includes files in place of the library, which skips a file that does not exist. */
final class Includes implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    private final DocumentReader reader;
    private final Path file;
    private final Location start;
    private final List<Include> pending;
    private final Problems problems;

    Includes(DocumentReader reader, Path file, List<Include> written, Problems problems) {
        this.reader = reader;
        this.file = file;
        this.start = Location.ofFile(file);
        this.pending = new ArrayList<>(written);
        this.problems = problems;
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

    // The library calls in the order of the text, so the first that fits is the one.
    private Include statement(IncludeKind kind, String name) {
        for (Iterator<Include> i = pending.iterator(); i.hasNext(); ) {
            Include include = i.next();
            if (include.kind() == kind && new File(include.name()).getPath().equals(new File(name).getPath())) {
                i.remove();
                return include;
            }
        }
        return new Include(kind, name, reader.base(), 0);
    }

    private ConfigObject included(Include statement, String name) {
        Location location = start.atLine(statement.line());
        try {
            return reader.include(target(name), statement.path(), location);
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
        problems.error(start.atLine(statement.line()), "include " + form + " is not supported", "include a file");
        return ConfigFactory.empty().root();
    }
}
