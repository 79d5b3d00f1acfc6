package io.github.orgmilter.config;

import com.typesafe.config.ConfigUtil;
import io.github.orgmilter.document.Hints;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Node.Member;
import io.github.orgmilter.hocon.Document;
import io.github.orgmilter.hocon.HoconNode;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.settings.ConnectorReader;
import io.github.orgmilter.settings.Names;
import io.github.orgmilter.settings.OrganizationReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keys and objects that would be right in another place, mostly because a brace is closed too late or too early: then the mistake is
 * not there but above.
 */
final class Misplaced implements Hints {

    private static final Set<String> OF_BOTH = Set.of("mode", "enabled"); // these alone identify neither

    @Override
    public Optional<InvalidValueException> misplaced(Node section, String first) {
        return section instanceof HoconNode hocon ? misplaced(hocon, first) : Optional.empty();
    }

    private static Optional<InvalidValueException> misplaced(HoconNode section, String first) {
        Document document = section.document();
        List<String> path = section.location().path();
        boolean own = !isDotted(document, path, first);
        Dotted dotted = dotted(section, path, first);
        String key = dotted.name();
        Node value = dotted.value();
        if (Names.isWithinOrganization(path)) {
            if (own && isOrganization(value)) {
                return Optional.of(organizationInside(document, path, key));
            }
            if (isNamed(path) && own && isConnector(value)) {
                String what = what(path);
                return Optional.of(new InvalidValueException(
                        what + " \"" + key + "\" is inside " + what + " \"" + path.get(3) + "\"",
                        "close the brace opened at " + opened(document, path)));
            }
            if (Names.isOrganization(path) && own && isConnector(value)) {
                return Optional.of(new InvalidValueException(
                        "a connector outside connectors { }",
                        "write connectors { " + ConfigUtil.joinPath(key) + " { ... } }"));
            }
            return keyInOrganization(document, path, key);
        }
        if (!path.isEmpty()) {
            return Optional.empty();
        }
        if (own && isOrganization(value)) {
            return Optional.of(new InvalidValueException(
                    "an organization outside organizations { }",
                    "move it into them; perhaps a brace above is closed too early"));
        }
        boolean ofOrganization = OrganizationReader.KEYS.names().contains(key)
                || ConnectorReader.KEYS.names().contains(key);
        return ofOrganization
                ? Optional.of(new InvalidValueException(
                        "this key belongs inside an organization",
                        "write organizations { contoso { ... } }; perhaps a brace above is closed too early"))
                : Optional.empty();
    }

    private static Optional<InvalidValueException> keyInOrganization(Document document, List<String> path, String key) {
        if (Names.isOrganization(path) && ConnectorReader.KEYS.names().contains(key)) {
            return Optional.of(new InvalidValueException(
                    "this key belongs inside a connector", "write connectors { mail-server { " + key + " = ... } }"));
        }
        if (isNamed(path) && OrganizationReader.KEYS.names().contains(key)) {
            return Optional.of(new InvalidValueException(
                    "this key belongs outside the " + what(path) + ", in its organization",
                    "close the brace opened at " + opened(document, path)));
        }
        return ServiceReader.KEYS.names().contains(key)
                ? Optional.of(outside(document, "this key belongs outside organizations { }", path.subList(0, 2)))
                : Optional.empty();
    }

    private static boolean isNamed(List<String> path) {
        return Names.isConnector(path) || Names.isPartner(path);
    }

    private static String what(List<String> path) {
        return Names.isPartner(path) ? "partner" : "connector";
    }

    /** What is wrong about something inside organizations that has the name of a key and is not an organization. */
    Optional<InvalidValueException> organization(Member member) {
        if (!(member.node() instanceof HoconNode node) || isOrganization(node)) {
            return Optional.empty();
        }
        if (OrganizationReader.KEYS.names().contains(member.name())) {
            return Optional.of(new InvalidValueException(
                    "this key belongs inside an organization",
                    "move it into one; perhaps a brace above is closed too early"));
        }
        return ServiceReader.KEYS.names().contains(member.name())
                ? Optional.of(outside(
                        node.document(), "this key belongs outside organizations { }", List.of(Names.ORGANIZATIONS)))
                : Optional.empty();
    }

    @Override
    public Optional<InvalidValueException> misplaced(Member connector) {
        if (!(connector.node() instanceof HoconNode node) || !isOrganization(node)) {
            return Optional.empty();
        }
        List<String> path = node.location().path();
        return Optional.of(organizationInside(node.document(), path.subList(0, path.size() - 1), connector.name()));
    }

    private static InvalidValueException organizationInside(Document document, List<String> path, String name) {
        return outside(
                document,
                "organization \"" + name + "\" is inside organization \"" + path.get(1) + "\"",
                path.subList(0, 2));
    }

    private static InvalidValueException outside(Document document, String problem, List<String> opened) {
        return new InvalidValueException(
                problem,
                "a closing brace is missing above it, for the one opened at " + opened(document, opened)
                        + " or one inside");
    }

    private static String opened(Document document, List<String> path) {
        return document.definedAt(path).place();
    }

    // An organization named after its domain, without quotes, is an object in an object, too.
    private static boolean isDotted(Document document, List<String> parent, String key) {
        Optional<Location> outer = document.definition(parent);
        Optional<Location> inner = document.definition(below(parent, key));
        return outer.isPresent() && inner.isPresent() && outer.get().compareTo(inner.get()) == 0;
    }

    private static List<String> below(List<String> parent, String key) {
        List<String> path = new ArrayList<>(parent);
        path.add(key);
        return path;
    }

    // The name of an organization or a connector may have been written without quotes: what is behind a dot is then a
    // key in it.
    @Override
    public Optional<String> repair(Node section, String key) {
        List<String> path = section.location().path();
        boolean named = Names.isOrganization(path) || isNamed(path);
        return named && section instanceof HoconNode hocon && isDotted(hocon.document(), path, key)
                ? Optional.of("a name with dots needs quotes, as in \"" + path.get(path.size() - 1) + "."
                        + dotted(hocon, path, key).name() + "\"")
                : Optional.empty();
    }

    private record Dotted(String name, Node value) {}

    // What was written as one name with dots, from its first part on.
    private static Dotted dotted(HoconNode parent, List<String> parentPath, String key) {
        Node value = parent.child(key).orElse(parent);
        List<String> path = below(parentPath, key);
        if (value instanceof HoconNode object
                && object.names().size() == 1
                && !isOrganization(value)
                && !isConnector(value)) {
            String only = object.names().iterator().next();
            if (isDotted(parent.document(), path, only)) {
                Dotted rest = dotted(object, path, only);
                return new Dotted(key + "." + rest.name(), rest.value());
            }
        }
        return new Dotted(key, value);
    }

    private static boolean isOrganization(Node value) {
        return hasKey(value, OrganizationReader.KEYS.names()) && !isConnector(value);
    }

    private static boolean isConnector(Node value) {
        return hasKey(value, ConnectorReader.KEYS.names());
    }

    private static boolean hasKey(Node value, List<String> known) {
        for (String key : value.names()) {
            if (known.contains(key) && !OF_BOTH.contains(key)) {
                return true;
            }
        }
        return false;
    }
}
