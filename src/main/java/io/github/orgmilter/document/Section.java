package io.github.orgmilter.document;

import io.github.orgmilter.document.Node.Kind;
import io.github.orgmilter.identity.InvalidValueException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** An object with a fixed set of keys; any other key in it is an error. */
public final class Section {

    private final Node object;
    private final Set<String> refusedNulls = new HashSet<>();

    Section(Node object, Keys keys, Hints hints) {
        this.object = object;
        for (String name : object.names()) {
            if (!keys.names().contains(name)) {
                reportUnknown(name, keys, hints);
            }
        }
        if (!keys.nullAllowed() && !object.isPlainText()) { // which has no null
            keys.names().forEach(this::refuseNull);
        }
    }

    private void refuseNull(String key) {
        Optional<Node> value = object.child(key);
        Optional<Location> place = value.isEmpty()
                ? object.lost(key)
                : value.filter(node -> node.kind() == Node.Kind.NULL).map(Node::location);
        if (place.isPresent()) {
            refusedNulls.add(key);
            object.problems().error(place.get(), "null is not allowed here", "give the key a value, or remove it");
        }
    }

    private void reportUnknown(String key, Keys keys, Hints hints) {
        Location place = object.child(key).map(Node::location).orElseGet(object::location);
        Optional<InvalidValueException> misplaced = hints.misplaced(object, key);
        if (misplaced.isPresent()) {
            object.problems().error(place, misplaced.get());
            return;
        }
        String repair = Spelling.nearest(key, keys.names())
                .map(nearest -> "perhaps you should use " + nearest)
                .or(() -> hints.repair(object, key))
                .orElseGet(() -> "use " + Text.either(keys.names()));
        object.problems().error(place, "unknown key", repair);
    }

    public Location location() {
        return object.location();
    }

    public Problems problems() {
        return object.problems();
    }

    /** Whether the key has any value but null, or what is wrong with it has been reported. */
    boolean has(String key) {
        return refusedNulls.contains(key)
                || object.child(key).filter(node -> node.kind() != Kind.NULL).isPresent();
    }

    /** The value of a key, if it has one that is not null. */
    Optional<Node> get(String key) {
        return object.child(key).filter(node -> node.kind() != Kind.NULL && node.kind() != Kind.UNDEFINED);
    }

    /** Reports something that is missing, unless it may only be unread. */
    public void missing(String problem, String repair) {
        if (object.isComplete()) {
            object.error(problem, repair);
        }
    }
}
