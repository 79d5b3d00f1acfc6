package io.github.orgmilter.config;

import io.github.orgmilter.policy.Policy;
import java.nio.file.Path;
import java.util.List;

/**
 * A configuration that has been checked whole.
 *
 * @param warnings what is doubtful in it, ordered by file and line
 */
public record Configuration(Settings settings, Policy policy, List<Problem> warnings) {

    public Configuration {
        warnings = List.copyOf(warnings);
    }

    /**
     * Loads and checks a configuration file and every file that it names.
     *
     * @throws ConfigurationException with every problem found
     */
    public static Configuration load(Path file) throws ConfigurationException {
        return new ConfigurationReader(file).read();
    }
}
