package io.github.orgmilter.cli.option;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --config} of every command that needs a configuration. */
public final class ConfigurationOption {

    static final String DEFAULT = "/etc/orgmilter/orgmilter.conf";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = DEFAULT,
            description = "the configuration file, in HOCON (default: ${DEFAULT-VALUE})")
    private Path file = Path.of(DEFAULT);

    public Path file() {
        return file;
    }

    public Configuration load() throws ConfigurationException {
        return Configuration.load(file);
    }
}
