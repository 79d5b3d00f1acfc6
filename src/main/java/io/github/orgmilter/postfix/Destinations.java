package io.github.orgmilter.postfix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The domains for which a Postfix takes mail from anybody (ADDRESS_CLASS_README). Its smtpds ask trivial-rewrite(8) about them, so that
 * those of main.cf count, whatever a service has of its own.
 */
public final class Destinations {

    /** The settings that name them. */
    public static final List<String> SETTINGS =
            List.of("mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains");

    private final Tables tables;
    private final boolean parents;
    private final Set<String> names = new LinkedHashSet<>();
    private final List<String> all = new ArrayList<>();
    private final List<String> relayTables = new ArrayList<>();
    private final Set<String> relayNames = new LinkedHashSet<>();

    private Destinations(Tables tables, boolean parents) {
        this.tables = tables;
        this.parents = parents;
    }

    public static Destinations of(Instance instance) throws IOException {
        Settings settings = instance.main();
        Destinations destinations = new Destinations(
                instance.tables(),
                settings.words("parent_domain_matches_subdomains").contains("relay_domains"));
        for (String setting : SETTINGS) {
            destinations.add(settings.words(setting), setting.equals("relay_domains"), 0);
        }
        return destinations;
    }

    private void add(List<String> words, boolean relay, int depth) throws IOException {
        for (String word : words) {
            if (word.startsWith("/") && depth < 2) {
                add(
                        tables.file(word)
                                .orElse("")
                                .lines()
                                .map(line -> line.replaceFirst("#.*", ""))
                                .flatMap(line -> Words.of(line).stream())
                                .toList(),
                        relay,
                        depth + 1);
            } else if (Tables.isTable(word)) {
                (relay ? relayTables : all).add(word);
            } else {
                (relay ? relayNames : names).add(word.toLowerCase(Locale.ROOT));
            }
        }
    }

    /** Whether parents of a domain in {@code relay_domains} count. */
    public boolean parentsCount() {
        return parents && !(relayNames.isEmpty() && relayTables.isEmpty());
    }

    /** Whether mail to this domain is taken; false as well if a table that may have it cannot be asked. */
    public boolean take(String domain) throws IOException {
        List<String> domains = List.of(domain);
        return !among(domains).isEmpty();
    }

    /** Whether a table cannot be asked, so that it may have any domain. */
    public boolean unsure() throws IOException {
        for (String table : tables()) {
            if (tables.find(table, List.of("localhost")).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private List<String> tables() {
        List<String> every = new ArrayList<>(all);
        every.addAll(relayTables);
        return every;
    }

    /** Those of these domains to which mail is taken. */
    public Set<String> among(List<String> domains) throws IOException {
        Set<String> taken = new LinkedHashSet<>();
        Set<String> keys = new LinkedHashSet<>();
        for (String domain : domains) {
            keys.addAll(forms(domain));
        }
        Set<String> found = new LinkedHashSet<>(relayNames);
        for (String table : relayTables) {
            found.addAll(tables.find(table, keys).map(Map::keySet).orElse(Set.of()));
        }
        Set<String> whole = new LinkedHashSet<>(names);
        for (String table : all) {
            whole.addAll(tables.find(table, domains).map(Map::keySet).orElse(Set.of()));
        }
        for (String domain : domains) {
            if (whole.contains(domain) || forms(domain).stream().anyMatch(found::contains)) {
                taken.add(domain);
            }
        }
        return taken;
    }

    // What is looked up in relay_domains: the domain, and what is above it with a dot or, by default, without.
    private List<String> forms(String domain) {
        List<String> forms = new ArrayList<>(List.of(domain));
        for (int dot = domain.indexOf('.'); dot > 0; dot = domain.indexOf('.', dot + 1)) {
            forms.add(domain.substring(parents ? dot + 1 : dot));
        }
        return forms;
    }

    /** Every domain that is listed by its name or in a table that has a list; those that begin with a dot as they are. */
    public Set<String> listed() throws IOException {
        Set<String> listed = new LinkedHashSet<>(names);
        listed.addAll(relayNames);
        for (String table : tables()) {
            Optional<Map<String, String>> every = tables.all(table);
            every.ifPresent(entries -> listed.addAll(entries.keySet()));
        }
        return listed;
    }
}
