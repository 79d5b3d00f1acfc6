package io.github.orgmilter.document;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.identity.InvalidValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A value and its location, whatever source it is from. A value that cannot be read as asked is reported, and read as none.
 */
public abstract class Node {

    /** What a value can be. */
    public enum Kind {
        OBJECT("an object"),
        LIST("a list"),
        STRING("a string"),
        NUMBER("a number"),
        BOOLEAN("a boolean"),
        NULL("null"),
        /** Several rows of one setting, where one is wanted. */
        ROWS("several rows"),
        /** It refers to something that does not exist, which has been reported. */
        UNDEFINED("undefined");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** A value under a name that the administrator chose; its location is that of the name. */
    public record Member(String name, Node node) {}

    private final Location location;
    private final Problems problems;

    protected Node(Location location, Problems problems) {
        this.location = location;
        this.problems = problems;
    }

    public final Location location() {
        return location;
    }

    public final Problems problems() {
        return problems;
    }

    public abstract Kind kind();

    /** A string, number or boolean as it was written. */
    protected abstract String scalar();

    /** The elements of a list. */
    protected abstract List<Node> items();

    /** The keys of an object; empty for anything else. */
    public abstract Set<String> names();

    /** The value of a key of an object, null as well. */
    public abstract Optional<Node> child(String name);

    /** The values of an object by name, each at the location of its name. */
    protected abstract List<Member> entries();

    /** Where a key of an object was written that has no value left. */
    protected Optional<Location> lost(String name) {
        return Optional.empty();
    }

    /** Whether the whole source could be read; if not, what is missing may only be unread. */
    public boolean isComplete() {
        return true;
    }

    /** Whether the source has nothing but texts, so that an element is one, as in a line of a text file. */
    public boolean isPlainText() {
        return false;
    }

    /** When the value was claimed, in microseconds since 1970; empty where the source does not date its values. */
    public OptionalLong since() {
        return OptionalLong.empty();
    }

    /** Whether it is the text of an environment variable. */
    protected boolean isVariable() {
        return false;
    }

    public void error(String problem, String repair) {
        problems.error(location, problem, repair);
    }

    public void error(InvalidValueException invalid) {
        problems.error(location, invalid);
    }

    public boolean isText() {
        return kind() == Kind.STRING || kind() == Kind.NUMBER;
    }

    public boolean isObject() {
        return kind() == Kind.OBJECT;
    }

    public boolean isEmptyList() {
        return kind() == Kind.LIST && items().isEmpty();
    }

    /** A string, or a number as it was written. */
    public Optional<String> text() {
        if (!isText()) {
            return wrong("a string", "write it in double quotes");
        }
        return Optional.of(scalar());
    }

    /** A boolean; an environment variable can only hold it as a string. */
    public Optional<Boolean> flag() {
        if (kind() != Kind.BOOLEAN && kind() != Kind.STRING) {
            return wrong("true or false", "write true or false");
        }
        switch (scalar()) {
            case "true", "yes", "on" -> {
                return Optional.of(true);
            }
            case "false", "no", "off" -> {
                return Optional.of(false);
            }
            default -> {
                error("\"" + scalar() + "\" is not true or false", "write true or false");
                return Optional.empty();
            }
        }
    }

    /** A whole number from {@code least} to {@code most}. */
    public Optional<Integer> number(int least, int most) {
        String repair = "write a whole number from " + least + " to " + most;
        if (!isText()) {
            return wrong("a number", repair);
        }
        String text = text().orElse("");
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            error("\"" + text + "\" is not a number in range", repair);
            return Optional.empty();
        }
        return Optional.of(Integer.valueOf(text));
    }

    /** A number of octets, such as {@code 64KiB}. */
    public Optional<Long> octets(long least, long most) {
        String repair = "write it in octets, or with its unit, such as 64KiB, from " + least + " to " + most;
        if (!isText()) {
            return wrong("a size", repair);
        }
        String text = text().orElse("");
        try {
            long octets = parsed(text).getBytes("value");
            if (octets >= least && octets <= most) {
                return Optional.of(octets);
            }
        } catch (ConfigException e) {
            // reported below, with the repair
        }
        error("\"" + text + "\" is not a size in range", repair);
        return Optional.empty();
    }

    // The units are those of HOCON, whatever the source.
    private static Config parsed(String text) {
        return ConfigValueFactory.fromAnyRef(text).atKey("value");
    }

    /** A duration with its unit, such as {@code 30s}, from nothing to {@code most}. */
    public Optional<Duration> duration(Duration most) {
        return duration(Duration.ZERO, most);
    }

    /** A duration with its unit, from {@code least} to {@code most}. */
    public Optional<Duration> duration(Duration least, Duration most) {
        String repair = "write it with its unit, such as 30s or 2m, "
                + (least.isZero() ? "" : "from " + least.toSeconds() + "s ") + "up to " + most.toSeconds() + "s";
        if (!isText()) {
            return wrong("a duration", repair);
        }
        String text = text().orElse("");
        try {
            Duration duration = parsed(text).getDuration("value");
            if (text.matches(".*[a-z]") && duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return Optional.of(duration);
            }
        } catch (ConfigException e) {
            // reported below, with the repair
        }
        error("\"" + text + "\" is not a duration in range", repair);
        return Optional.empty();
    }

    /** One of the words that the constants are written as, such as {@code accept-inbound}. */
    public <E extends Enum<E>> Optional<E> choice(Class<E> type) {
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
            error("\"" + text + "\" is not a possible value", "write " + Text.either(words));
            return Optional.empty();
        }
        return Optional.of(type.getEnumConstants()[index]);
    }

    public List<Node> elements() {
        if (kind() != Kind.LIST && isVariable()) {
            error(
                    "expected a list, found the text of an environment variable",
                    "write a list of variables with one value each, as in [ ${A}, ${B} ]");
            return List.of();
        }
        if (kind() != Kind.LIST) {
            wrong("a list", isText() ? "write [ \"" + scalar() + "\" ]" : "write [ \"...\", \"...\" ]");
            return List.of();
        }
        List<Node> elements = new ArrayList<>();
        for (Node item : items()) {
            if (item.kind() != Kind.UNDEFINED) {
                elements.add(item);
            }
        }
        return elements;
    }

    /** A list that narrows something down, which, empty, could mean all or none. */
    public List<Node> elementsAtLeastOne() {
        refuseEmptyList();
        return elements();
    }

    public void refuseEmptyList() {
        if (isEmptyList()) {
            error("an empty list", "list at least one entry, or remove this key");
        }
    }

    /** An object with these keys and no others. */
    public Optional<Section> section(Keys keys) {
        return section(keys, Hints.NONE);
    }

    /**
     * An object with these keys and no others.
     *
     * @param hints explains others
     */
    public Optional<Section> section(Keys keys, Hints hints) {
        return isObject()
                ? Optional.of(new Section(this, keys, hints))
                : wrong("an object", "write { " + keys.names().get(0) + " = ... }");
    }

    /** The members of an object whose keys are names, in the order as written. */
    public List<Member> members() {
        if (!isObject()) {
            wrong("an object", "write name { ... }");
            return List.of();
        }
        List<Member> members = new ArrayList<>();
        for (Member member : entries()) {
            if (member.node().kind() == Kind.NULL) {
                member.node().error("null is not allowed here", "give it its keys in braces, or remove it");
            } else if (member.node().kind() != Kind.UNDEFINED) {
                members.add(member);
            }
        }
        members.sort(Comparator.comparing(member -> member.node().location()));
        return members;
    }

    private <T> Optional<T> wrong(String wanted, String repair) {
        error("expected " + wanted + ", found " + kind().words, repair);
        return Optional.empty();
    }
}
