package io.github.orgmilter.postfix;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings that count somewhere, with every {@code $name} replaced. */
public final class Settings {

    private static final Pattern SETTING = Pattern.compile("([A-Za-z0-9_]+) =(?: (.*))?");

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** From the lines that postconf prints. */
    static Settings of(List<String> lines) {
        Map<String, String> values = new HashMap<>();
        for (String line : lines) {
            Matcher setting = SETTING.matcher(line);
            if (setting.matches()) {
                values.put(
                        setting.group(1),
                        setting.group(2) == null ? "" : setting.group(2).strip());
            }
        }
        return new Settings(values);
    }

    /** The value; empty if this Postfix does not know the setting. */
    public String get(String name) {
        return values.getOrDefault(name, "");
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public boolean yes(String name) {
        return get(name).equalsIgnoreCase("yes");
    }

    /** The value's words: between commas and blanks, and whole where they are in braces. */
    public List<String> words(String name) {
        return Words.of(get(name));
    }
}
