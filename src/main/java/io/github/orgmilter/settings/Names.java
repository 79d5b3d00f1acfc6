package io.github.orgmilter.settings;

import io.github.orgmilter.document.Node.Member;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.NameCharacters;
import io.github.orgmilter.identity.Visibility;
import java.util.List;
import java.util.Optional;

/** The names of organizations, connectors and partners, and the paths at which they are. */
public final class Names {

    public static final String ORGANIZATIONS = "organizations";
    public static final String CONNECTORS = "connectors";
    public static final String PARTNERS = "partners";

    /** What precedes the name of a partner where connectors have theirs. */
    public static final String PARTNER = "partner/";

    /** The key of an organization that has sessions ask for header fields. */
    public static final String HEADER_FROM = "header-from";

    /** The keys of a connector that do so. */
    public static final String REQUIRED_HEADERS = "required-headers";

    public static final String REMOVE_REQUIRED_HEADERS = "remove-required-headers";

    private Names() {}

    /** Whether an organization is defined at the path: {@code organizations.NAME}. */
    public static boolean isOrganization(List<String> path) {
        return path.size() == 2 && path.get(0).equals(ORGANIZATIONS);
    }

    /** Whether the path leads into an organization. */
    public static boolean isWithinOrganization(List<String> path) {
        return path.size() >= 2 && path.get(0).equals(ORGANIZATIONS);
    }

    /** Whether a connector is defined at the path: {@code organizations.NAME.connectors.NAME}. */
    public static boolean isConnector(List<String> path) {
        return path.size() == 4
                && path.get(0).equals(ORGANIZATIONS)
                && path.get(2).equals(CONNECTORS);
    }

    /** Whether a partner is defined at the path: {@code organizations.NAME.partners.NAME}. */
    public static boolean isPartner(List<String> path) {
        return path.size() == 4
                && path.get(0).equals(ORGANIZATIONS)
                && path.get(2).equals(PARTNERS);
    }

    /** A partner's name where connectors have theirs: {@code partner/NAME}. */
    public static String partner(String name) {
        return PARTNER + name;
    }

    /** What may be defined only once, and is at this path. */
    public static Optional<String> unique(List<String> path) {
        if (isOrganization(path)) {
            return Optional.of("organization");
        }
        if (isPartner(path)) {
            return Optional.of("partner");
        }
        return isConnector(path) ? Optional.of("connector") : Optional.empty();
    }

    /** Checks the name of an organization, a connector or a partner. */
    public static void check(Member member) {
        try {
            check(member.name());
        } catch (InvalidValueException e) {
            member.node().error(e);
        }
    }

    // It appears in log lines, as organization/connector.
    private static void check(String name) throws InvalidValueException {
        if (name.isEmpty()) {
            throw new InvalidValueException("an empty name", "write a name such as contoso");
        }
        if (name.indexOf('/') >= 0 || !isVisible(name)) {
            throw new InvalidValueException(
                    "the name \"" + name + "\" has a space, a slash or an unprintable character",
                    "use letters, digits, hyphens and dots: it appears in log lines");
        }
        NameCharacters.check(name);
    }

    private static boolean isVisible(String name) {
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            if (!Visibility.isVisible(name.codePointAt(i))) {
                return false;
            }
        }
        return true;
    }
}
