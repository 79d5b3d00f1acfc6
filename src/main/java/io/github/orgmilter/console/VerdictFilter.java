package io.github.orgmilter.console;

import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.identification.Client;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which verdicts are shown: those that all fields with a value agree to. */
final class VerdictFilter {

    /** The fields by name, as a query has them, and what each compares. */
    private static final Map<String, BiPredicate<RecentVerdict, String>> FIELDS = fields();

    private final Map<String, String> values;
    private final List<Predicate<RecentVerdict>> conditions;

    private VerdictFilter(Map<String, String> values, List<Predicate<RecentVerdict>> conditions) {
        this.values = values;
        this.conditions = conditions;
    }

    private static Map<String, BiPredicate<RecentVerdict, String>> fields() {
        Map<String, BiPredicate<RecentVerdict, String>> fields = new LinkedHashMap<>();
        fields.put(
                "organization",
                (recent, text) -> recent.verdict()
                        .party()
                        .organization()
                        .filter(text::equals)
                        .isPresent());
        fields.put("verdict", (recent, text) -> recent.action().equals(text));
        fields.put("cause", (recent, text) -> recent.verdict().cause().key().equals(text));
        fields.put("client", (recent, text) -> {
            Client client = recent.client(); // made anew each time
            return contains(client.display(), text)
                    || contains(recent.helo(), text)
                    || client.certificateName()
                            .filter(name -> contains(name.text(), text))
                            .isPresent()
                    || client.login().filter(login -> contains(login, text)).isPresent();
        });
        fields.put(
                "address",
                (recent, text) -> contains(recent.senderText(), text)
                        || recent.recipientText()
                                .filter(recipient -> contains(recipient, text))
                                .isPresent());
        fields.put("session", (recent, text) -> recent.session().equals(text));
        fields.put("queue", (recent, text) -> recent.queueId().equals(text));
        return fields;
    }

    private static boolean contains(String whole, String part) {
        return whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    /**
     * The filter of a query.
     *
     * @param parameters what it has of each name
     */
    static VerdictFilter of(Function<String, Optional<String>> parameters) {
        Map<String, String> values = new LinkedHashMap<>();
        List<Predicate<RecentVerdict>> conditions = new ArrayList<>();
        FIELDS.forEach((name, field) -> parameters
                .apply(name)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> {
                    values.put(name, text);
                    conditions.add(recent -> field.test(recent, text));
                }));
        return new VerdictFilter(values, conditions);
    }

    boolean matches(RecentVerdict recent) {
        for (Predicate<RecentVerdict> condition : conditions) {
            if (!condition.test(recent)) {
                return false;
            }
        }
        return true;
    }

    /** The value of a field; empty if any will do. */
    String value(String field) {
        return values.getOrDefault(field, "");
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** The same as a query, without the question mark. */
    String query() {
        return values.entrySet().stream()
                .map(value -> value.getKey() + "=" + Show.encoded(value.getValue()))
                .collect(Collectors.joining("&"));
    }
}
