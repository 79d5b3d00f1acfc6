package io.github.orgmilter.settings.headers;

import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.settings.CrossChecks;
import io.github.orgmilter.settings.CrossChecks.Owned;
import io.github.orgmilter.settings.OrganizationDraft;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Warns of values by which connectors of two organizations know their servers. Where some of them require header fields, the server is
 * a shared one, and the others take the mail of all of them; where all do, nothing is wrong.
 */
public final class Sharing<T> {

    public static final String REQUIRE_HEADERS =
            "add required-headers to those without, or list only their own servers";

    private static final int NAMED = 5; // organizations, before "and so many more"

    /** The connectors with a value. */
    private static final class Sharers<T> {
        private final List<Owned<T>> open = new ArrayList<>(1); // without required header fields
        private @Nullable Owned<T> narrow; // the first one that has them
    }

    private final Problems problems;
    private final Function<T, String> words;
    private final Map<T, Sharers<T>> values = new LinkedHashMap<>();

    /**
     * Before the first value.
     *
     * @param words for a value
     */
    public Sharing(Problems problems, Function<T, String> words) {
        this.problems = problems;
        this.words = words;
    }

    public void add(OrganizationDraft organization, ConnectorDraft connector, T value, Location location) {
        Sharers<T> sharers = values.computeIfAbsent(value, any -> new Sharers<>());
        Owned<T> owned = new Owned<>(organization, value, location);
        if (connector.requiredHeaders().isEmpty()) {
            sharers.open.add(owned);
        } else if (sharers.narrow == null) {
            sharers.narrow = owned;
        }
    }

    public void warn() {
        values.values().forEach(this::warn);
    }

    private void warn(Sharers<T> sharers) {
        if (sharers.open.isEmpty()) {
            return;
        }
        Owned<T> first = sharers.open.get(0);
        Owned<T> narrow = sharers.narrow;
        if (narrow != null && CrossChecks.isAnother(narrow.owner(), first.owner())) {
            problems.warning(
                    first.location(),
                    words.apply(first.value()) + " is also in organization \""
                            + narrow.owner().name() + "\", at "
                            + narrow.location().place() + ", with required-headers; without them in "
                            + names(sharers.open),
                    REQUIRE_HEADERS);
            return;
        }
        for (Owned<T> other : sharers.open) {
            if (CrossChecks.isAnother(first.owner(), other.owner())) {
                problems.warning(
                        other.location(),
                        words.apply(other.value()) + " is also in organization \""
                                + first.owner().name() + "\", at "
                                + first.location().place(),
                        CrossChecks.NOT_SHARED);
            }
        }
    }

    private static String names(List<? extends Owned<?>> open) {
        List<String> names = open.stream()
                .map(owned -> "\"" + owned.owner().name() + "\"")
                .distinct()
                .toList();
        String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
    }
}
