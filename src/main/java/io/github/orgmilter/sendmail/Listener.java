package io.github.orgmilter.sendmail;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A daemon: {@code DaemonPortOptions}.
 *
 * @param text as written
 * @param address empty for every address
 * @param modifiers the letters of {@code M=}
 * @param filters the names of its milters; empty if those of all daemons count
 */
public record Listener(String text, String address, String modifiers, Optional<List<String>> filters) {

    static Listener of(String text) {
        Fields fields = Fields.of(text);
        boolean own = text.matches("(?i).*\\b(InputMailFilters|I)=.*");
        return new Listener(
                text,
                fields.get("Addr").orElse(""),
                fields.get("Modify").orElse(fields.get("M").orElse("")),
                own
                        ? Optional.of(Stream.of(fields.get("InputMailFilters")
                                        .orElse("")
                                        .split(";"))
                                .map(String::strip)
                                .filter(name -> !name.isEmpty())
                                .toList())
                        : Optional.empty());
    }

    public boolean isLoopbackOnly() {
        return address.startsWith("127.")
                || address.equals("localhost")
                || address.replaceFirst("(?i)^IPv6:", "").equals("::1");
    }

    /** Whether a client must log in before it may send. */
    public boolean requiresLogin() {
        return modifiers.contains("a");
    }
}
