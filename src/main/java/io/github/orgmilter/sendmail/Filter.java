package io.github.orgmilter.sendmail;

import io.github.orgmilter.asking.Place;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A milter: a line {@code X}.
 *
 * @param failure the letter of {@code F=}; empty if mail goes on without it
 */
public record Filter(String name, Place place, String failure) {

    private static final Pattern LINE = Pattern.compile("X([^,]+),(.*)");
    private static final Pattern TCP = Pattern.compile("inet6?:(\\d+)@(.+)");
    private static final Pattern UNIX = Pattern.compile("(?:local|unix):(.+)");

    static Optional<Filter> of(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Fields fields = Fields.of(matcher.group(2));
        return fields.get("Socket")
                .flatMap(Filter::place)
                .map(place -> new Filter(
                        matcher.group(1).strip(), place, fields.get("Flags").orElse("")));
    }

    /** A socket in Sendmail's notation. */
    static Optional<Place> place(String text) {
        Matcher tcp = TCP.matcher(text);
        if (tcp.matches()) {
            return Optional.of(
                    new Place.Tcp(tcp.group(2).replace("[", "").replace("]", ""), Integer.parseInt(tcp.group(1))));
        }
        Matcher unix = UNIX.matcher(text);
        return unix.matches() ? Optional.of(new Place.Unix(unix.group(1))) : Optional.empty();
    }
}
