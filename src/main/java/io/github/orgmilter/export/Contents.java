package io.github.orgmilter.export;

import io.github.orgmilter.identity.Mta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What exported files say: by the name in their first line, every line that is no comment. Order, spacing and repetition
 * don't count. One text may hold several files.
 */
final class Contents {

    private static final int NAMED = 3;

    private static final Set<String> NAMES =
            Stream.of(Mta.values()).flatMap(mta -> Exports.files(mta).stream()).collect(Collectors.toUnmodifiableSet());
    private static final Pattern FIRST_LINE = Pattern.compile("(?:#|dnl) (\\S+): .*");
    private static final Pattern COMMENT = Pattern.compile("#.*|dnl(?: .*)?");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern VALUE = Pattern.compile(" (?:OK|RELAY)$");

    private final Map<String, Set<String>> entries = new LinkedHashMap<>();

    Contents(String text) {
        Set<String> current = new LinkedHashSet<>(); // what stands before the first name is somebody else's
        for (String line : text.lines().toList()) {
            Matcher first = FIRST_LINE.matcher(line);
            if (first.matches() && NAMES.contains(first.group(1))) {
                current = entries.computeIfAbsent(first.group(1), name -> new LinkedHashSet<>());
                continue;
            }
            String entry = SPACE.matcher(line.strip()).replaceAll(" ");
            if (!entry.isEmpty() && !COMMENT.matcher(entry).matches()) {
                current.add(entry);
            }
        }
    }

    Set<String> names() {
        return entries.keySet();
    }

    /** How this differs from what it should be; empty if it does not. */
    Optional<String> differenceFrom(Contents wanted) {
        List<String> differences = new ArrayList<>();
        // Of several files in one text none may be missing; one alone is looked at alone.
        Set<String> expected = names().size() > 1 ? wanted.names() : names();
        for (String name : expected) {
            if (!entries.containsKey(name)) {
                differences.add(name + " is missing");
                continue;
            }
            Set<String> is = of(name);
            Set<String> should = wanted.of(name);
            List<String> phrases = new ArrayList<>();
            named(without(should, is)).ifPresent(lacking -> phrases.add("lacks " + lacking));
            named(without(is, should))
                    .ifPresent(excess -> phrases.add("has " + excess + ", which the configuration does not"));
            if (!phrases.isEmpty()) {
                differences.add(name + " " + String.join(", and ", phrases));
            }
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", differences));
    }

    private Set<String> of(String name) {
        return entries.getOrDefault(name, Set.of());
    }

    private static List<String> without(Set<String> all, Set<String> some) {
        return all.stream().filter(entry -> !some.contains(entry)).toList();
    }

    private static Optional<String> named(List<String> list) {
        if (list.isEmpty()) {
            return Optional.empty();
        }
        String named = String.join(
                ", ",
                list.stream()
                        .limit(NAMED)
                        .map(entry -> VALUE.matcher(entry).replaceFirst(""))
                        .toList());
        return Optional.of(list.size() > NAMED ? named + " and " + (list.size() - NAMED) + " more" : named);
    }
}
