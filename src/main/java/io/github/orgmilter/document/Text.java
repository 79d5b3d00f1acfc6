package io.github.orgmilter.document;

import io.github.orgmilter.identity.Visibility;
import java.util.Collection;
import java.util.List;

/** Words for messages. */
public final class Text {

    private static final int MOST_CHARACTERS = 1000;
    private static final int KEPT_CHARACTERS = 400;

    private Text() {}

    /** {@code a, b or c}. */
    public static String either(Collection<String> words) {
        List<String> list = List.copyOf(words);
        int last = list.size() - 1;
        return last < 1 ? String.join("", list) : String.join(", ", list.subList(0, last)) + " or " + list.get(last);
    }

    /** The text without the blanks and invisible characters around it. */
    public static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && !Visibility.isVisible(text.charAt(start)) && !Character.isSurrogate(text.charAt(start))) {
            start++;
        }
        while (start < end
                && !Visibility.isVisible(text.charAt(end - 1))
                && !Character.isSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** The text without its middle, if it is longer than any message needs to be. */
    public static String shortened(String text) {
        return text.length() <= MOST_CHARACTERS
                ? text
                : text.substring(0, KEPT_CHARACTERS) + "..." + text.substring(text.length() - KEPT_CHARACTERS);
    }

    /** The text with every character escaped that would act on a terminal or a log. */
    public static String visible(String text) {
        if (text.codePoints().allMatch(Text::isVisible)) {
            return text;
        }
        StringBuilder visible = new StringBuilder();
        text.codePoints()
                .forEach(c -> visible.append(isVisible(c) ? Character.toString(c) : String.format("\\u%04x", c)));
        return visible.toString();
    }

    private static boolean isVisible(int c) {
        return c == ' ' || Visibility.isVisible(c);
    }
}
