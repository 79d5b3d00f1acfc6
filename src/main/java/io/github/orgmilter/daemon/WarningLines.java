package io.github.orgmilter.daemon;

import io.github.orgmilter.document.Problem;
import java.util.List;
import java.util.stream.Stream;

/** Warnings about a configuration as lines of a log: a careless one may have a hundred thousand. */
final class WarningLines {

    /** So many are named; the others are counted. */
    static final int MOST = 100;

    private WarningLines() {}

    /**
     * The first warnings and, in a line of its own, how many more there are.
     *
     * @param what the warnings are called there, such as {@code warnings}
     */
    static List<String> of(List<Problem> warnings, String what) {
        Stream<String> first = warnings.stream().limit(MOST).map(Problem::toString);
        Stream<String> more = warnings.size() > MOST
                ? Stream.of(warnings.size() - MOST + " more " + what + "; run `orgmilter check`")
                : Stream.empty();
        return Stream.concat(first, more).toList();
    }
}
