package io.github.orgmilter.authors;

import io.github.orgmilter.header.FieldName;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/** The names of the fields that are looked at in one message, as a set that only looks them up: it is not copied for each message. */
final class AskedFields extends AbstractSet<FieldName> {

    private final boolean authors;
    private final Set<FieldName> required;
    private final Optional<FieldName> result;

    AskedFields(boolean authors, Set<FieldName> required, Optional<FieldName> result) {
        this.authors = authors;
        this.required = required;
        this.result = result;
    }

    @Override
    public boolean contains(Object name) {
        return (authors && name.equals(FieldName.FROM))
                || (result.isPresent() && name.equals(result.get()))
                || required.contains(name);
    }

    @Override
    public int size() {
        return (authors ? 1 : 0) + (result.isPresent() ? 1 : 0) + required.size();
    }

    @Override
    public Iterator<FieldName> iterator() {
        throw new UnsupportedOperationException("the names are only looked up");
    }
}
