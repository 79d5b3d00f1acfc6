package io.github.orgmilter.config;

import io.github.orgmilter.document.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration with errors, all of them. */
public final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;
    private final transient List<Problem> warnings;

    ConfigurationException(List<Problem> problems, List<Problem> warnings) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    /** The errors, ordered by file and line. */
    public List<Problem> problems() {
        return problems;
    }

    /** The warnings, in the same order. */
    public List<Problem> warnings() {
        return warnings;
    }
}
