package io.github.orgmilter.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.github.orgmilter.identity.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys and objects that would be right in another place, mostly since a brace was closed too late or too early: what is wrong then is
 * not what stands there but what stands above.
 */
final class Misplaced {

    private static final Set<String> OF_BOTH = Set.of("mode", "enabled"); // by these alone neither is recognised

    private final Document document;

    Misplaced(Document document) {
        this.document = document;
    }

    /** What is wrong about a key that the section at this place does not know. */
    Optional<InvalidValueException> key(Location section, String first, ConfigValue outermost) {
        List<String> path = section.path();
        boolean own = !isDotted(path, first);
        Dotted dotted = dotted(path, first, outermost);
        String key = dotted.name();
        ConfigValue value = dotted.value();
        if (Names.isWithinOrganization(path)) {
            if (own && isOrganization(value)) {
                return Optional.of(organizationInside(path, key));
            }
            if (Names.isConnector(path) && own && isConnector(value)) {
                return Optional.of(new InvalidValueException(
                        "connector \"" + key + "\" is inside connector \"" + path.get(3) + "\"",
                        "close the brace before it that is opened at " + opened(path)));
            }
            if (Names.isOrganization(path) && own && isConnector(value)) {
                return Optional.of(new InvalidValueException(
                        "a connector outside connectors { }",
                        "write connectors { " + ConfigUtil.joinPath(key) + " { ... } }"));
            }
            return keyInOrganization(path, key);
        }
        if (!path.isEmpty()) {
            return Optional.empty();
        }
        if (own && isOrganization(value)) {
            return Optional.of(new InvalidValueException(
                    "an organization outside organizations { }",
                    "move it into them; perhaps a brace above is closed too early"));
        }
        boolean ofOrganization =
                OrganizationReader.KEYS.contains(key) || OrganizationReader.CONNECTOR_KEYS.contains(key);
        return ofOrganization
                ? Optional.of(new InvalidValueException(
                        "this key belongs inside an organization",
                        "write organizations { contoso { ... } }; perhaps a brace above is closed too early"))
                : Optional.empty();
    }

    private Optional<InvalidValueException> keyInOrganization(List<String> path, String key) {
        if (Names.isOrganization(path) && OrganizationReader.CONNECTOR_KEYS.contains(key)) {
            return Optional.of(new InvalidValueException(
                    "this key belongs inside a connector", "write connectors { mail-server { " + key + " = ... } }"));
        }
        if (Names.isConnector(path) && OrganizationReader.KEYS.contains(key)) {
            return Optional.of(new InvalidValueException(
                    "this key belongs outside the connector, in its organization",
                    "close the brace before it that is opened at " + opened(path)));
        }
        return ConfigurationReader.KEYS.contains(key)
                ? Optional.of(outside("this key belongs outside organizations { }", path.subList(0, 2)))
                : Optional.empty();
    }

    /** What is wrong about something inside organizations that has the name of a key and is no organization. */
    Optional<InvalidValueException> organization(Node.Member member) {
        if (isOrganization(member.node().value())) {
            return Optional.empty();
        }
        if (OrganizationReader.KEYS.contains(member.name())) {
            return Optional.of(new InvalidValueException(
                    "this key belongs inside an organization",
                    "move it into one; perhaps a brace above is closed too early"));
        }
        return ConfigurationReader.KEYS.contains(member.name())
                ? Optional.of(outside("this key belongs outside organizations { }", List.of(Names.ORGANIZATIONS)))
                : Optional.empty();
    }

    /** What is wrong about a connector that is an organization. */
    Optional<InvalidValueException> connector(Node.Member member) {
        List<String> path = member.node().location().path();
        return isOrganization(member.node().value())
                ? Optional.of(organizationInside(path.subList(0, path.size() - 1), member.name()))
                : Optional.empty();
    }

    private InvalidValueException organizationInside(List<String> path, String name) {
        return outside(
                "organization \"" + name + "\" is inside organization \"" + path.get(1) + "\"", path.subList(0, 2));
    }

    private InvalidValueException outside(String problem, List<String> opened) {
        return new InvalidValueException(
                problem,
                "a closing brace is missing above it, for the one opened at " + opened(opened) + " or one inside");
    }

    private String opened(List<String> path) {
        return document.definitions().getOrDefault(path, document.location()).place();
    }

    // An organization that is named after its domain, without quotes, is an object in an object, too.
    private boolean isDotted(List<String> parent, String key) {
        List<String> path = new ArrayList<>(parent);
        path.add(key);
        @Nullable Location outer = document.definitions().get(parent);
        @Nullable Location inner = document.definitions().get(path);
        return outer != null && inner != null && outer.compareTo(inner) == 0;
    }

    /** The name of an organization or a connector of which what stands behind a dot was read as a key in it. */
    Optional<String> unquotedName(Location section, String key, ConfigValue value) {
        List<String> path = section.path();
        boolean named = Names.isOrganization(path) || Names.isConnector(path);
        return named && isDotted(path, key)
                ? Optional.of(path.get(path.size() - 1) + "."
                        + dotted(path, key, value).name())
                : Optional.empty();
    }

    private record Dotted(String name, ConfigValue value) {}

    // What was written as one name with dots, from its first part on.
    private Dotted dotted(List<String> parent, String key, ConfigValue value) {
        List<String> path = new ArrayList<>(parent);
        path.add(key);
        if (children(value).size() == 1
                && value instanceof ConfigObject object
                && !isOrganization(value)
                && !isConnector(value)) {
            Map.Entry<String, ConfigValue> only = object.entrySet().iterator().next();
            if (isDotted(path, only.getKey())) {
                Dotted rest = dotted(path, only.getKey(), only.getValue());
                return new Dotted(key + "." + rest.name(), rest.value());
            }
        }
        return new Dotted(key, value);
    }

    private static Set<String> children(ConfigValue value) {
        try {
            return value instanceof ConfigObject object ? object.keySet() : Set.of();
        } catch (ConfigException.NotResolved e) {
            return Set.of();
        }
    }

    private static boolean isOrganization(ConfigValue value) {
        return hasKey(value, OrganizationReader.KEYS::contains) && !isConnector(value);
    }

    private static boolean isConnector(ConfigValue value) {
        return hasKey(value, OrganizationReader.CONNECTOR_KEYS::contains);
    }

    private static boolean hasKey(ConfigValue value, Predicate<String> known) {
        return children(value).stream().anyMatch(key -> known.test(key) && !OF_BOTH.contains(key));
    }
}
