package io.github.orgmilter.cli;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.Settings;
import io.github.orgmilter.policy.Connector;
import io.github.orgmilter.policy.Organization;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What differs between two configurations, in the words of a log. */
final class ConfigurationChange {

    private static final int NAMED = 20; // in one line, before "and so many more"

    private final List<String> lines = new ArrayList<>();

    ConfigurationChange(Configuration from, Configuration to) {
        Map<String, Organization> old = byName(from.policy().organizations(), Organization::name);
        Map<String, Organization> now = byName(to.policy().organizations(), Organization::name);
        compare("organization", old, now);
        compare("connector", connectors(old), connectors(now));
        if (!from.policy().options().equals(to.policy().options())) {
            lines.add("changed: settings for all organizations");
        }
        restartNeeded(from.settings(), to.settings());
        if (lines.isEmpty()) {
            lines.add("nothing changed");
        }
    }

    private static <T> Map<String, T> byName(Collection<T> values, Function<T, String> name) {
        return values.stream().collect(Collectors.toMap(name, Function.identity(), (a, b) -> a, TreeMap::new));
    }

    private static Map<String, Connector> connectors(Map<String, Organization> organizations) {
        Map<String, Connector> connectors = new TreeMap<>();
        organizations.values().forEach(organization -> organization
                .connectors()
                .forEach(connector -> connectors.put(organization.name() + "/" + connector.name(), connector)));
        return connectors;
    }

    private <T> void compare(String what, Map<String, T> old, Map<String, T> now) {
        TreeSet<String> removed = new TreeSet<>(old.keySet());
        removed.removeAll(now.keySet());
        TreeSet<String> added = new TreeSet<>(now.keySet());
        added.removeAll(old.keySet());
        List<String> changed = now.keySet().stream()
                .filter(old::containsKey)
                .filter(name -> !Objects.equals(old.get(name), now.get(name)))
                .toList();
        say("added", what, added);
        say("removed", what, removed);
        say("changed", what, changed);
    }

    private void say(String verb, String what, Collection<String> names) {
        if (!names.isEmpty()) {
            String listed = names.stream().limit(NAMED).collect(Collectors.joining(", "));
            String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
            lines.add(verb + ": " + what + (names.size() > 1 ? "s " : " ") + listed + more);
        }
    }

    private void restartNeeded(Settings from, Settings to) {
        if (!from.listen().equals(to.listen())) {
            lines.add("needs a restart: listen");
        }
        if (!from.adminListen().equals(to.adminListen())) {
            lines.add("needs a restart: admin-listen");
        }
        if (from.metricsOrganizations() != to.metricsOrganizations()) {
            lines.add("needs a restart: metrics-organizations");
        }
    }

    List<String> lines() {
        return lines;
    }
}
