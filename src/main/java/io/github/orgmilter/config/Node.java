package io.github.orgmilter.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.github.orgmilter.identity.InvalidValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A value of the configuration and where it stands. What cannot be read as asked is reported, and read as nothing.
 */
record Node(Document document, ConfigValue value, Location location, Problems problems) {

    void error(String problem, String repair) {
        problems.error(location, problem, repair);
    }

    void error(InvalidValueException invalid) {
        problems.error(location, invalid);
    }

    boolean isText() {
        ConfigValueType type = type();
        return type == ConfigValueType.STRING || type == ConfigValueType.NUMBER;
    }

    boolean isObject() {
        return type() == ConfigValueType.OBJECT;
    }

    boolean isEmptyList() {
        return type() == ConfigValueType.LIST && ((ConfigList) value).isEmpty();
    }

    /** A string, or a number as it was written. */
    Optional<String> text() {
        if (!isText()) {
            return wrong("a string", "write it in double quotes");
        }
        return Optional.of(
                type() == ConfigValueType.STRING
                        ? (String) value.unwrapped()
                        : value.atKey("value").getString("value")); // unlike unwrapped(), it gives 0660 as 0660
    }

    /** A boolean; an environment variable can only hold it as a string. */
    Optional<Boolean> flag() {
        if (type() == ConfigValueType.BOOLEAN) {
            return Optional.of((Boolean) value.unwrapped());
        }
        if (type() == ConfigValueType.STRING) {
            switch (value.unwrapped().toString()) {
                case "true", "yes", "on" -> {
                    return Optional.of(true);
                }
                case "false", "no", "off" -> {
                    return Optional.of(false);
                }
                default -> {
                    error("\"" + value.unwrapped() + "\" is not true or false", "write true or false");
                    return Optional.empty();
                }
            }
        }
        return wrong("true or false", "write true or false");
    }

    /** A whole number from {@code least} to {@code most}. */
    Optional<Integer> number(int least, int most) {
        String repair = "write a whole number from " + least + " to " + most;
        if (!isText()) {
            return wrong("a number", repair);
        }
        String text = text().orElse("");
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            error("\"" + text + "\" is not such a number", repair);
            return Optional.empty();
        }
        return Optional.of(Integer.valueOf(text));
    }

    /** A number of octets, such as {@code 64KiB}. */
    Optional<Long> octets(long least, long most) {
        String repair = "write it in octets, or with its unit, such as 64KiB, from " + least + " to " + most;
        if (!isText()) {
            return wrong("a size", repair);
        }
        String text = text().orElse("");
        try {
            long octets = value.atKey("value").getBytes("value");
            if (octets >= least && octets <= most) {
                return Optional.of(octets);
            }
        } catch (ConfigException e) {
            // said below, with the repair
        }
        error("\"" + text + "\" is not such a size", repair);
        return Optional.empty();
    }

    /** A duration with its unit, such as {@code 30s}, from nothing to {@code most}. */
    Optional<Duration> duration(Duration most) {
        return duration(Duration.ZERO, most);
    }

    /** A duration with its unit, from {@code least} to {@code most}. */
    Optional<Duration> duration(Duration least, Duration most) {
        String repair = "write it with its unit, such as 30s or 2m, "
                + (least.isZero() ? "" : "from " + least.toSeconds() + "s ") + "up to " + most.toSeconds() + "s";
        if (!isText()) {
            return wrong("a duration", repair);
        }
        String text = text().orElse("");
        try {
            Duration duration = value.atKey("value").getDuration("value");
            if (text.matches(".*[a-z]") && duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return Optional.of(duration);
            }
        } catch (ConfigException e) {
            // said below, with the repair
        }
        error("\"" + text + "\" is not such a duration", repair);
        return Optional.empty();
    }

    /** One of the words that the constants are written as, such as {@code accept-inbound}. */
    <E extends Enum<E>> Optional<E> choice(Class<E> type) {
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            words.add(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        if (!isText()) {
            return wrong("a string", "write " + Text.either(words));
        }
        String text = text().orElse("");
        int index = words.indexOf(text);
        if (index < 0) {
            error("\"" + text + "\" is none of its values", "write " + Text.either(words));
            return Optional.empty();
        }
        return Optional.of(type.getEnumConstants()[index]);
    }

    List<Node> elements() {
        if (type() != ConfigValueType.LIST && isVariable()) {
            error(
                    "not a list but the text of an environment variable",
                    "write a list of variables with one value each, as in [ ${A}, ${B} ]");
            return List.of();
        }
        if (type() != ConfigValueType.LIST) {
            wrong("a list", isText() ? "write [ \"" + text().orElse("") + "\" ]" : "write [ \"...\", \"...\" ]");
            return List.of();
        }
        List<Node> elements = new ArrayList<>();
        ConfigOrigin origin = value.origin();
        Location place = document.ofElement(value, location);
        for (ConfigValue element : (ConfigList) value) {
            if (!element.origin().equals(origin)) { // what stands on one line has one place, also in memory
                origin = element.origin();
                place = document.ofElement(element, location);
            }
            Node node = new Node(document, element, place, problems);
            if (node.isResolved()) {
                elements.add(node);
            }
        }
        return elements;
    }

    /** A list that narrows something down, in which nothing would mean either all or none. */
    List<Node> elementsAtLeastOne() {
        if (isEmptyList()) {
            error("an empty list", "name at least one, or remove this key");
        }
        return elements();
    }

    private boolean isVariable() {
        return value.origin().description().contains("env variables"); // as the library calls it
    }

    /** An object with these keys and no others. */
    Optional<Section> section(Collection<String> keys) {
        return isObject()
                ? Optional.of(new Section(document, (ConfigObject) value, location, keys, problems))
                : wrong("an object", "write { " + keys.iterator().next() + " = ... }");
    }

    /** The members of an object whose keys are names, in the order as written. */
    List<Member> members() {
        if (!isObject()) {
            wrong("an object", "write name { ... }");
            return List.of();
        }
        return members(document, (ConfigObject) value, location, problems);
    }

    static List<Member> members(Document document, ConfigObject object, Location location, Problems problems) {
        List<Member> members = new ArrayList<>();
        object.forEach((name, value) -> {
            Node node = new Node(document, value, document.ofKey(location, name), problems);
            if (node.isResolved() && node.type() == ConfigValueType.NULL) {
                node.error("a name that is set to nothing", "give it its keys in braces, or remove it");
            } else if (node.isResolved()) {
                members.add(new Member(name, node));
            }
        });
        members.sort(Comparator.comparing(member -> member.node().location()));
        return members;
    }

    /** A value under a name that the administrator chose. */
    record Member(String name, Node node) {}

    /** False for a substitution that stands for nothing, which has been reported. */
    boolean isResolved() {
        try {
            if (value.valueType() == ConfigValueType.OBJECT) {
                int unused = ((ConfigObject) value).size(); // an object knows its type before it knows its content
            }
            return true;
        } catch (ConfigException.NotResolved e) {
            return false;
        }
    }

    ConfigValueType type() {
        return value.valueType();
    }

    private <T> Optional<T> wrong(String wanted, String repair) {
        error("not " + wanted + " but " + Text.describe(type()), repair);
        return Optional.empty();
    }
}
