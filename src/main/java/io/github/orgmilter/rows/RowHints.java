package io.github.orgmilter.rows;

import io.github.orgmilter.document.Hints;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.identity.InvalidValueException;
import java.util.Optional;

/** Lets the first unknown keys of an organization be compared with those that there are: to compare thousands takes seconds. */
final class RowHints implements Hints {

    private static final int MOST_COMPARED = 20;

    private int unknown;

    @Override
    public Optional<InvalidValueException> misplaced(Node.Member member) {
        return Optional.empty();
    }

    @Override
    public Optional<InvalidValueException> misplaced(Node section, String key) {
        return ++unknown <= MOST_COMPARED
                ? Optional.empty()
                : Optional.of(new InvalidValueException("unknown key", "use a key of orgmilter.conf"));
    }

    @Override
    public Optional<String> repair(Node section, String key) {
        return Optional.empty();
    }
}
