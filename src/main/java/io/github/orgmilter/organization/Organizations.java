package io.github.orgmilter.organization;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All organizations by name, immutable, in the order of docs/rules.md, 3.8: those of files as written, then those of a directory by
 * name.
 */
public final class Organizations implements Iterable<Organization> {

    private final Map<String, Organization> byName = new LinkedHashMap<>();

    /**
     * Takes them, those of files in the order as written.
     *
     * @throws IllegalArgumentException if two have the same name
     */
    public Organizations(Collection<Organization> organizations) {
        List<Organization> ordered = new ArrayList<>(organizations);
        ordered.sort(Comparator.comparing((Organization each) -> each.standing().ofDirectory())
                .thenComparing(each -> each.standing().ofDirectory() ? each.name() : ""));
        for (Organization organization : ordered) {
            if (byName.put(organization.name(), organization) != null) {
                throw new IllegalArgumentException("organization " + organization.name() + " is there twice");
            }
        }
    }

    /** These, with some put, each in the place of one of its name, and some removed. */
    public Organizations with(Collection<Organization> put, Collection<String> removed) {
        Map<String, Organization> all = new LinkedHashMap<>(byName);
        removed.forEach(all::remove);
        put.forEach(organization -> all.put(organization.name(), organization));
        return new Organizations(all.values());
    }

    public Optional<Organization> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public int size() {
        return byName.size();
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    @Override
    public Iterator<Organization> iterator() {
        return stream().iterator();
    }

    public Stream<Organization> stream() {
        return byName.values().stream();
    }
}
