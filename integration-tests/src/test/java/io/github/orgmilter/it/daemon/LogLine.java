package io.github.orgmilter.it.daemon;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code key=value} pairs of one line of the milter's log, in whatever order. */
public record LogLine(String text, Map<String, String> fields) {

    /** A value in angle brackets may hold spaces, as a quoted local part does. */
    private static final Pattern FIELD = Pattern.compile("(?<=\\s)([a-z-]+)=(<.*?>(?=\\s|$)|\\S+)");

    public static LogLine parse(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher field = FIELD.matcher(text);
        while (field.find()) {
            fields.putIfAbsent(field.group(1), field.group(2));
        }
        return new LogLine(text, fields);
    }

    public boolean isVerdict() {
        return fields.containsKey("verdict");
    }

    /** The value, or {@code -} where the line has none. */
    public String get(String key) {
        return fields.getOrDefault(key, "-");
    }

    @Override
    public String toString() {
        return text;
    }
}
