package io.github.orgmilter.organization;

import java.util.Optional;

/** Whom a verdict concerns: a connector, an organization alone, or no customer at all. Its text is the name in logs. */
public sealed interface Party permits ConnectorName, Party.OrganizationName, Party.None {

    Party NONE = new None();

    Optional<String> organization();

    Optional<String> connector();

    /** An organization, without a connector. */
    record OrganizationName(String name) implements Party {
        @Override
        public Optional<String> organization() {
            return Optional.of(name);
        }

        @Override
        public Optional<String> connector() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** No customer. */
    record None() implements Party {
        @Override
        public Optional<String> organization() {
            return Optional.empty();
        }

        @Override
        public Optional<String> connector() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "";
        }
    }
}
