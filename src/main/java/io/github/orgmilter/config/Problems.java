package io.github.orgmilter.config;

import io.github.orgmilter.identity.InvalidValueException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what is wrong, so that all of it can be said at once. */
final class Problems {

    private static final Comparator<Problem> ORDER =
            Comparator.comparing((Problem problem) -> problem.file().toString()).thenComparingInt(Problem::line);

    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    void error(Location location, String problem, String repair) {
        errors.add(location.problem(problem, repair));
    }

    void error(Location location, InvalidValueException invalid) {
        error(location, invalid.problem(), invalid.repair());
    }

    void warning(Location location, String problem, String repair) {
        warnings.add(location.problem(problem, repair));
    }

    /** How many errors there are so far. */
    int errors() {
        return errors.size();
    }

    /** Returns the warnings, ordered, if there is no error. */
    List<Problem> warningsUnlessErrors() throws ConfigurationException {
        List<Problem> ordered = warnings.stream().sorted(ORDER).toList();
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors.stream().sorted(ORDER).toList(), ordered);
        }
        return ordered;
    }
}
