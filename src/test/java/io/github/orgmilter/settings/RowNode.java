package io.github.orgmilter.settings;

import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.document.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings from rows {@code (organization, connector, setting, value)}: a source that is not a file. */
final class RowNode extends Node {

    private static final Source TABLE = new Source() {
        @Override
        public String describe(List<String> path) {
            List<String> words = new ArrayList<>(path);
            words.remove(0);
            words.set(0, "organization " + words.get(0));
            if (words.size() > 2) {
                words.set(2, "connector " + words.get(2));
                words.remove(1);
            }
            return String.join(", ", words);
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "table";
        }
    };

    private final Object value; // a text, a list of texts, or a map of these

    private RowNode(Object value, Location location, Problems problems) {
        super(location, problems);
        this.value = value;
    }

    /** The organization in rows that all have its name. */
    static Member organization(Problems problems, List<List<String>> rows) {
        Map<String, Object> settings = new LinkedHashMap<>();
        Map<String, Object> connectors = new LinkedHashMap<>();
        for (List<String> row : rows) {
            Map<String, Object> target = row.get(1).isEmpty() ? settings : map(connectors, row.get(1));
            if (row.get(2).matches("accepted-domains|addresses|certificate-names")) {
                list(target, row.get(2)).add(row.get(3));
            } else {
                target.put(row.get(2), row.get(3));
            }
        }
        settings.put(Names.CONNECTORS, connectors);
        String name = rows.get(0).get(0);
        Location location = new Location(TABLE, 0, 0, List.of(Names.ORGANIZATIONS, name));
        return new Member(name, new RowNode(settings, location, problems));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> parent, String key) {
        return (Map<String, Object>) parent.computeIfAbsent(key, any -> new LinkedHashMap<String, Object>());
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Map<String, Object> parent, String key) {
        return (List<Object>) parent.computeIfAbsent(key, any -> new ArrayList<>());
    }

    @Override
    public Kind kind() {
        return value instanceof Map ? Kind.OBJECT : value instanceof List ? Kind.LIST : Kind.STRING;
    }

    @Override
    protected String scalar() {
        return value.toString();
    }

    @Override
    protected List<Node> items() {
        List<Node> items = new ArrayList<>();
        ((List<?>) value).forEach(item -> items.add(new RowNode(item, location(), problems())));
        return items;
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        if (value instanceof Map<?, ?> map) {
            map.keySet().forEach(name -> names.add(name.toString()));
        }
        return names;
    }

    @Override
    public Optional<Node> child(String name) {
        Object child = value instanceof Map<?, ?> map ? map.get(name) : null;
        return child == null
                ? Optional.empty()
                : Optional.of(new RowNode(child, location().below(name), problems()));
    }

    @Override
    protected List<Member> entries() {
        return names().stream()
                .map(name -> new Member(name, child(name).orElseThrow()))
                .toList();
    }
}
