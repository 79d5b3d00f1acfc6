package io.github.orgmilter.sendmail;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The {@code name=value} pairs of a daemon or a milter in sendmail.cf. */
final class Fields {

    private final Map<String, String> values = new LinkedHashMap<>();

    /** Reads those behind commas. A name counts by its first letter, as for Sendmail, unless it is longer and in full there. */
    static Fields of(String text) {
        Fields fields = new Fields();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.values.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            }
        }
        return fields;
    }

    Optional<String> get(String name) {
        return values.entrySet().stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name)
                        || (field.getKey().length() == 1 && field.getKey().charAt(0) == name.charAt(0)))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
