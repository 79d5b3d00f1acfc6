package io.github.orgmilter.document;

import io.github.orgmilter.identity.InvalidValueException;
import java.util.Optional;

/** Explains what is in the wrong place. */
public interface Hints {

    Hints NONE = new Hints() {
        @Override
        public Optional<InvalidValueException> misplaced(Node.Member member) {
            return Optional.empty();
        }

        @Override
        public Optional<InvalidValueException> misplaced(Node section, String key) {
            return Optional.empty();
        }

        @Override
        public Optional<String> repair(Node section, String key) {
            return Optional.empty();
        }
    };

    /** What is wrong about a connector that is something else. */
    Optional<InvalidValueException> misplaced(Node.Member member);

    /** What is wrong, if the key would be right elsewhere. */
    Optional<InvalidValueException> misplaced(Node section, String key);

    /** What to do, if no key of the section is spelled like it. */
    Optional<String> repair(Node section, String key);
}
