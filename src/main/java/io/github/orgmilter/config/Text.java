package io.github.orgmilter.config;

import com.typesafe.config.ConfigValueType;
import java.util.Collection;
import java.util.List;

/** Words for messages. */
final class Text {

    private Text() {}

    /** {@code a, b or c}. */
    static String either(Collection<String> words) {
        List<String> list = List.copyOf(words);
        int last = list.size() - 1;
        return last < 1 ? String.join("", list) : String.join(", ", list.subList(0, last)) + " or " + list.get(last);
    }

    static String describe(ConfigValueType type) {
        return switch (type) {
            case OBJECT -> "an object";
            case LIST -> "a list";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case STRING -> "a string";
        };
    }
}
