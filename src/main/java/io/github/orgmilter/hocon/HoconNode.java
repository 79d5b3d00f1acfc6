package io.github.orgmilter.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A value of a HOCON file. */
public final class HoconNode extends Node {

    private final Document document;
    private final ConfigValue value;
    private Map<String, Node> children = Map.of(); // made when one is asked for

    HoconNode(Document document, ConfigValue value, Location location, Problems problems) {
        super(location, problems);
        this.document = document;
        this.value = value;
    }

    public Document document() {
        return document;
    }

    @Override
    public Kind kind() {
        try {
            return switch (value.valueType()) {
                case OBJECT -> {
                    int unused = ((ConfigObject) value).size(); // an object has a type before it has its content
                    yield Kind.OBJECT;
                }
                case LIST -> Kind.LIST;
                case STRING -> Kind.STRING;
                case NUMBER -> Kind.NUMBER;
                case BOOLEAN -> Kind.BOOLEAN;
                case NULL -> Kind.NULL;
            };
        } catch (ConfigException.NotResolved e) {
            return Kind.UNDEFINED;
        }
    }

    @Override
    protected String scalar() {
        return kind() == Kind.NUMBER
                ? value.atKey("value").getString("value") // unlike unwrapped(), it gives 0660 as 0660
                : String.valueOf(value.unwrapped());
    }

    @Override
    protected List<Node> items() {
        List<Node> items = new ArrayList<>();
        ConfigOrigin origin = value.origin();
        Location place = document.ofElement(value, location());
        for (ConfigValue element : (ConfigList) value) {
            if (!element.origin().equals(origin)) { // elements on one line share one location, also in memory
                origin = element.origin();
                place = document.ofElement(element, location());
            }
            items.add(new HoconNode(document, element, place, problems()));
        }
        return items;
    }

    @Override
    public Set<String> names() {
        return kind() == Kind.OBJECT ? ((ConfigObject) value).keySet() : Set.of();
    }

    // A reader asks for a key several times, and for most of those that a file does not set.
    @Override
    public Optional<Node> child(String name) {
        if (children.isEmpty() && kind() == Kind.OBJECT && !((ConfigObject) value).isEmpty()) {
            Map<String, Node> made = new HashMap<>();
            ConfigObject object = (ConfigObject) value;
            for (String key : object.keySet()) { // entrySet() hashes all that is below
                ConfigValue child = object.get(key);
                made.put(key, new HoconNode(document, child, document.ofMember(child, location(), key), problems()));
            }
            children = Map.copyOf(made); // which another thread sees whole
        }
        return Optional.ofNullable(children.get(name));
    }

    @Override
    protected List<Member> entries() {
        ConfigObject object = (ConfigObject) value;
        List<Member> entries = new ArrayList<>(object.size());
        for (String name : object.keySet()) {
            entries.add(entry(name, object.get(name)));
        }
        // Members by a substitution are at one place: their order is that of the set, which hashes all that is below.
        if (!areApart(entries)) {
            entries.clear();
            object.entrySet().forEach(each -> entries.add(entry(each.getKey(), each.getValue())));
        }
        return entries;
    }

    private Member entry(String name, ConfigValue child) {
        return new Member(name, new HoconNode(document, child, document.ofKey(location(), name), problems()));
    }

    private static boolean areApart(List<Member> entries) {
        List<Location> places = new ArrayList<>(entries.size());
        entries.forEach(entry -> places.add(entry.node().location()));
        Collections.sort(places);
        for (int i = 1; i < places.size(); i++) {
            if (places.get(i - 1).compareTo(places.get(i)) == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    protected Optional<Location> lost(String name) {
        return document.definition(location().path(), name);
    }

    @Override
    public boolean isComplete() {
        return document.complete();
    }

    @Override
    protected boolean isVariable() {
        return value.origin().description().contains("env variables"); // as the library calls it
    }
}
