package io.github.orgmilter.organization;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A change of organizations: those that go, and those that come or take the place of one that goes. */
public final class OrganizationChange {

    private final Organizations organizations;
    private final Collection<Organization> added;
    private final List<Organization> removed = new ArrayList<>();

    /**
     * Takes what is to change.
     *
     * @param put of two of the same name, the last one counts
     * @param gone names; one that is also put stays
     */
    public OrganizationChange(Organizations before, Collection<Organization> put, Collection<String> gone) {
        Map<String, Organization> latest = new LinkedHashMap<>(put.size() * 4 / 3 + 1);
        put.forEach(organization -> latest.put(organization.name(), organization));
        added = latest.values();
        if (before.isEmpty()) {
            organizations = before.with(added, List.of());
            return;
        }
        Set<String> names = new LinkedHashSet<>(gone);
        names.removeAll(latest.keySet());
        organizations = before.with(added, names);
        names.addAll(latest.keySet());
        names.forEach(name -> before.find(name).ifPresent(removed::add));
    }

    /** All of them afterwards. */
    public Organizations organizations() {
        return organizations;
    }

    public Collection<Organization> added() {
        return added;
    }

    public List<Organization> removed() {
        return removed;
    }
}
