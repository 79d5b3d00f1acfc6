package io.github.orgmilter.organization;

import java.util.Optional;

/** A connector by its name and that of its organization, written {@code contoso/headquarters}. */
public record ConnectorName(String owner, String name) implements Party {

    @Override
    public Optional<String> organization() {
        return Optional.of(owner);
    }

    @Override
    public Optional<String> connector() {
        return Optional.of(name);
    }

    @Override
    public String toString() {
        return owner + "/" + name;
    }
}
