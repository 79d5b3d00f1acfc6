package io.github.orgmilter.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.github.orgmilter.identity.InvalidValueException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object of the configuration with a fixed set of keys; any other key in it is an error. */
final class Section {

    private final Document document;
    private final ConfigObject object;
    private final Location location;
    private final Problems problems;
    private final Set<String> nothing = new HashSet<>();

    Section(Document document, ConfigObject object, Location location, Collection<String> keys, Problems problems) {
        this.document = document;
        this.object = object;
        this.location = location;
        this.problems = problems;
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            if (!keys.contains(entry.getKey())) {
                reportUnknown(entry.getKey(), entry.getValue(), keys);
            }
        }
        if (Names.isWithinOrganization(location.path())) {
            List<String> path = new ArrayList<>(location.path());
            path.add("");
            for (String key : keys) {
                path.set(path.size() - 1, key);
                refuseNothing(key, path);
            }
        }
    }

    // The key that was to narrow a connector down would be gone, and it would identify more than was meant.
    private void refuseNothing(String key, List<String> path) {
        @Nullable ConfigValue value = object.get(key);
        @Nullable Location written = value == null ? document.definitions().get(path) : place(key, value);
        if (written != null && (value == null || isNull(key, value))) {
            nothing.add(key);
            problems.error(written, "a key that is set to nothing", "give it a value, or remove it");
        }
    }

    private boolean isNull(String key, ConfigValue value) {
        return isResolved(key, value) && value.valueType() == ConfigValueType.NULL;
    }

    private void reportUnknown(String key, ConfigValue value, Collection<String> keys) {
        Misplaced places = new Misplaced(document);
        Optional<InvalidValueException> misplaced = places.key(location, key, value);
        if (misplaced.isPresent()) {
            problems.error(place(key, value), misplaced.get());
            return;
        }
        // One named after its domain is easily written without the quotes, and then is an object in an object.
        Optional<String> unquoted = places.unquotedName(location, key, value);
        Optional<String> nearest = Spelling.nearest(key, keys);
        String repair;
        if (nearest.isPresent()) {
            repair = "perhaps you should use " + nearest.get();
        } else if (unquoted.isPresent()) {
            repair = "a name with dots needs quotes, as in \"" + unquoted.get() + "\"";
        } else {
            repair = "use " + Text.either(List.copyOf(keys));
        }
        problems.error(place(key, value), "unknown key", repair);
    }

    private Location place(String key, ConfigValue value) {
        return document.ofMember(value, location, key);
    }

    Location location() {
        return location;
    }

    /** Whether the key is there with any value but null, or what is wrong with it has been reported. */
    boolean has(String key) {
        @Nullable ConfigValue value = object.get(key);
        return nothing.contains(key) || (value != null && !isNull(key, value));
    }

    private boolean isResolved(String key, ConfigValue value) {
        return new Node(document, value, location.below(key), problems).isResolved();
    }

    /** The value of a key, if it is there and is not null. */
    Optional<Node> get(String key) {
        @Nullable ConfigValue value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        Node node = new Node(document, value, place(key, value), problems);
        return node.isResolved() && node.type() != ConfigValueType.NULL ? Optional.of(node) : Optional.empty();
    }

    /** Reports something that is not there, unless it may only be unread. */
    void missing(String problem, String repair) {
        if (document.complete()) {
            problems.error(location, problem, repair);
        }
    }
}
