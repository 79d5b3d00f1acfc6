package io.github.orgmilter.config;

import java.nio.file.Path;

/**
 * Something wrong, or doubtful, in the configuration.
 *
 * @param file the file that has to be changed
 * @param line counted from 1; 0 where the file as a whole is meant
 * @param path the configuration path, such as {@code organizations.contoso.accepted-domains}; empty where there is none
 * @param problem what is wrong
 * @param repair how to mend it
 */
public record Problem(Path file, int line, String path, String problem, String repair) {

    /** {@code file:line: path: what is wrong; how to mend it}. */
    @Override
    public String toString() {
        return file
                + (line > 0 ? ":" + line : "")
                + ": "
                + (path.isEmpty() ? "" : path + ": ")
                + problem
                + (repair.isEmpty() ? "" : "; " + repair);
    }
}
