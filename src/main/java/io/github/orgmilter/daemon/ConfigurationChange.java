package io.github.orgmilter.daemon;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.Settings;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What differs between two configurations, in the words of a log. */
final class ConfigurationChange {

    private static final String RESTART = "needs a restart: ";
    private static final int NAMED = 20; // in one line, before "and so many more"

    private final List<String> lines = new ArrayList<>();

    /**
     * Compares.
     *
     * @param running the settings that the daemon was started with, of which some stay until it is started again
     */
    ConfigurationChange(Configuration from, Configuration to, Settings running) {
        Map<String, Organization> old = alone(from.policy().organizations());
        Map<String, Organization> now = alone(to.policy().organizations());
        compare("organization", old, now);
        Map<String, Connector> oldConnectors = connectors(from.policy().organizations());
        Map<String, Connector> nowConnectors = connectors(to.policy().organizations());
        compare("connector", oldConnectors, nowConnectors);
        if (!order(old, now).equals(order(now, old))
                || !order(oldConnectors, nowConnectors).equals(order(nowConnectors, oldConnectors))) {
            lines.add("changed: the order of organizations or connectors");
        }
        if (!from.policy().options().equals(to.policy().options())) {
            lines.add("changed: settings for all organizations");
        }
        if (from.settings().policyGrantsRelay() != to.settings().policyGrantsRelay()) {
            lines.add("changed: policy-grants-relay");
        }
        if (!from.settings().deliveredDomains().equals(to.settings().deliveredDomains())) {
            lines.add("changed: delivered-domains");
        }
        if (!from.settings().adminToken().equals(to.settings().adminToken())) {
            lines.add("changed: admin-token-file");
        }
        if (!from.settings().adminHosts().equals(to.settings().adminHosts())) {
            lines.add("changed: admin-hosts");
        }
        if (!from.settings().shutdownTimeout().equals(to.settings().shutdownTimeout())) {
            lines.add("changed: shutdown-timeout");
        }
        Limits limits = from.settings().limits();
        if (!limits.equals(to.settings().limits().withConsoleOf(limits))) {
            lines.add("changed: limits, for new connections");
        }
        if (!from.settings().directory().equals(to.settings().directory())) {
            lines.add("changed: directory");
        }
        restartNeeded(running, to.settings());
        if (lines.isEmpty()) {
            lines.add("nothing changed");
        }
    }

    // Without their connectors, which are compared by themselves.
    private static Map<String, Organization> alone(Organizations organizations) {
        Map<String, Organization> alone = new LinkedHashMap<>();
        organizations.forEach(each -> alone.put(
                each.name(),
                new Organization(
                        each.name(),
                        each.acceptedDomains(),
                        List.of(),
                        each.senderProtection(),
                        each.headerFrom(),
                        each.partners(),
                        each.mode(),
                        each.standing())));
        return alone;
    }

    private static Map<String, Connector> connectors(Organizations organizations) {
        Map<String, Connector> connectors = new LinkedHashMap<>();
        organizations.forEach(organization -> organization
                .connectors()
                .forEach(connector -> connectors.put(organization.name() + "/" + connector.name(), connector)));
        return connectors;
    }

    /** The names that both have, in the order of the first: the last word between connectors. */
    private static List<String> order(Map<String, ?> names, Map<String, ?> others) {
        return names.keySet().stream().filter(others::containsKey).toList();
    }

    private <T> void compare(String what, Map<String, T> old, Map<String, T> now) {
        TreeSet<String> removed = new TreeSet<>(old.keySet());
        removed.removeAll(now.keySet());
        TreeSet<String> added = new TreeSet<>(now.keySet());
        added.removeAll(old.keySet());
        List<String> changed = now.keySet().stream()
                .filter(old::containsKey)
                .filter(name -> !Objects.equals(old.get(name), now.get(name)))
                .sorted()
                .toList();
        list("added", what, added);
        list("removed", what, removed);
        list("changed", what, changed);
    }

    private void list(String verb, String what, Collection<String> names) {
        if (!names.isEmpty()) {
            String listed = names.stream().limit(NAMED).collect(Collectors.joining(", "));
            String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
            lines.add(verb + ": " + what + (names.size() > 1 ? "s " : " ") + listed + more);
        }
    }

    private void restartNeeded(Settings running, Settings to) {
        Map<String, ListenAddress> old = listeners(running);
        Map<String, ListenAddress> now = listeners(to);
        now.forEach((name, listener) -> {
            if (!old.containsKey(name)) {
                lines.add(RESTART + "listen on " + name);
            } else if (!listener.equals(old.get(name))) {
                lines.add(RESTART + "mode and group of " + name);
            }
        });
        old.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> lines.add(RESTART + "stop listening on " + name));
        if (!running.adminListen().equals(to.adminListen())) {
            lines.add(RESTART + "admin-listen");
        }
        if (running.metricsOrganizations() != to.metricsOrganizations()) {
            lines.add(RESTART + "metrics-organizations");
        }
        if (running.limits().recentVerdicts() != to.limits().recentVerdicts()) {
            lines.add(RESTART + "limits.recent-verdicts");
        }
        if (running.limits().followedOrganizations() != to.limits().followedOrganizations()) {
            lines.add(RESTART + "limits.followed-organizations");
        }
    }

    private static Map<String, ListenAddress> listeners(Settings settings) {
        Map<String, ListenAddress> listeners = new LinkedHashMap<>();
        settings.listen().forEach(listener -> listeners.put(listener.toString(), listener));
        settings.policyListen().forEach(listener -> listeners.put(listener + " for policy queries", listener));
        settings.mapListen().forEach(listener -> listeners.put(listener + " for map look-ups", listener));
        return listeners;
    }

    List<String> lines() {
        return lines;
    }
}
