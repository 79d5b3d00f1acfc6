package io.github.orgmilter.organization;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FieldValue;
import io.github.orgmilter.header.HeaderFields;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header fields that a message of a connector must have: docs/rules.md, 3.11. Each must come exactly once, with one of its values.
 *
 * @param fields the values by name; empty for a connector that does not look at the header
 * @param removed whether the fields are removed from the messages of the connector's clients
 */
public record RequiredHeaders(Map<FieldName, Set<FieldValue>> fields, boolean removed) {

    public static final RequiredHeaders NONE = new RequiredHeaders(Map.of(), false);

    public RequiredHeaders {
        Map<FieldName, Set<FieldValue>> copy = new LinkedHashMap<>();
        fields.forEach((name, values) -> copy.put(name, Set.copyOf(values)));
        fields = Collections.unmodifiableMap(copy);
        if (fields.values().stream().anyMatch(Set::isEmpty)) {
            throw new IllegalArgumentException("a required header field without a value");
        }
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Whether a message with these fields has what is required. */
    public boolean hold(HeaderFields message) {
        for (Map.Entry<FieldName, Set<FieldValue>> field : fields.entrySet()) {
            if (message.value(field.getKey()).filter(field.getValue()::contains).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** The names in alphabetical order, for people. */
    public List<String> names() {
        return fields.keySet().stream()
                .map(FieldName::text)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** The names only: a value may be a secret. */
    @Override
    public String toString() {
        return names().toString();
    }
}
