package io.github.orgmilter.config;

import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.NameCharacters;
import io.github.orgmilter.identity.Visibility;
import java.util.List;

/** The names of organizations and connectors. */
final class Names {

    static final String ORGANIZATIONS = "organizations";
    static final String CONNECTORS = "connectors";
    static final String TWICE_REPAIR = "put everything into one block, or rename one of them";

    private Names() {}

    /** Whether an organization is defined at the path: {@code organizations.NAME}. */
    static boolean isOrganization(List<String> path) {
        return path.size() == 2 && path.get(0).equals(ORGANIZATIONS);
    }

    /** Whether the path leads into an organization. */
    static boolean isWithinOrganization(List<String> path) {
        return path.size() >= 2 && path.get(0).equals(ORGANIZATIONS);
    }

    /** Whether a connector is defined at the path: {@code organizations.NAME.connectors.NAME}. */
    static boolean isConnector(List<String> path) {
        return path.size() == 4
                && path.get(0).equals(ORGANIZATIONS)
                && path.get(2).equals(CONNECTORS);
    }

    static String definedTwice(String what, String name, Location first) {
        return what + " \"" + name + "\" is defined twice, first at " + first.place();
    }

    /** Checks a name that will stand in log lines, as {@code organization/connector}. */
    static void check(String name) throws InvalidValueException {
        if (name.isEmpty()) {
            throw new InvalidValueException("an empty name", "write a name such as contoso");
        }
        if (name.indexOf('/') >= 0 || !name.codePoints().allMatch(Visibility::isVisible)) {
            throw new InvalidValueException(
                    "the name \"" + name + "\" holds a space, a slash or an unprintable character",
                    "use letters, digits, hyphens and dots: it stands in log lines");
        }
        NameCharacters.check(name);
    }
}
