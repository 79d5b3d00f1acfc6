package io.github.orgmilter.cli.option;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.live.WholeDirectory;
import io.github.orgmilter.live.WholeDirectory.Loaded;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that need what decides: the configuration, with the organizations of its directory. */
public final class EffectiveConfiguration {

    @Mixin
    private ConfigurationOption config = new ConfigurationOption();

    @Option(
            names = "--offline",
            description =
                    "read the directory from the snapshot, and not from the store; nothing changes without a directory")
    private boolean offline;

    public Path file() {
        return config.file();
    }

    /** Loads the files alone. */
    public Loaded loadFiles() throws ConfigurationException {
        return new Loaded(config.load(), List.of());
    }

    /**
     * Loads both.
     *
     * @throws IOException if the directory cannot be read
     */
    public Loaded load() throws ConfigurationException, IOException {
        return WholeDirectory.load(config.load(), offline);
    }

    /** The same for a command that is about something else than problems. */
    public Loaded load(PrintWriter err) throws ConfigurationException, IOException {
        return load(config.file(), err);
    }

    /** The same of another file. */
    public Loaded load(Path file, PrintWriter err) throws ConfigurationException, IOException {
        Loaded loaded = WholeDirectory.load(Configuration.load(file), offline);
        int problems = loaded.problems().size();
        if (problems > 0) {
            err.println("warning: the directory has " + problems + " problem" + (problems > 1 ? "s" : "")
                    + "; run `orgmilter check`");
        }
        return loaded;
    }
}
