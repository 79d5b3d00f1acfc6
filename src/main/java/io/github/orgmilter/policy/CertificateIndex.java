package io.github.orgmilter.policy;

import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Finds every pattern that a certificate name matches: one hash look-up for the name, and one a label for wildcards. */
final class CertificateIndex {

    private record Entry(CertificateNamePattern pattern, int position) {}

    private final Map<String, List<Entry>> exact = new HashMap<>();
    private final Map<String, List<Entry>> wildcard = new HashMap<>();
    private final Map<String, List<Entry>> unicode = new HashMap<>(); // only names that are not ASCII, "*." included

    /** Adds a pattern; what {@link #forEachMatching} gives is the position that is given here. */
    void add(CertificateNamePattern pattern, int position) {
        Entry entry = new Entry(pattern, position);
        String domain = pattern.domain().ascii();
        add(pattern.wildcard() ? wildcard : exact, domain, entry);
        if (!pattern.unicode().equals(domain)) {
            add(unicode, (pattern.wildcard() ? "*." : "") + pattern.unicode(), entry);
        }
    }

    private static void add(Map<String, List<Entry>> entries, String key, Entry entry) {
        entries.computeIfAbsent(key, k -> new ArrayList<>(1)).add(entry);
    }

    /** Gives every pattern that the name matches, with its position, in no order. */
    void forEachMatching(CertificateName name, BiConsumer<CertificateNamePattern, Integer> match) {
        if (!name.ascii()) {
            give(unicode.get(name.text()), match);
            return;
        }
        if (!name.wildcard()) {
            give(exact.get(name.name()), match);
        }
        String suffix = name.name();
        give(wildcard.get(suffix), match);
        for (int dot = suffix.indexOf('.'); dot >= 0; dot = suffix.indexOf('.')) {
            suffix = suffix.substring(dot + 1);
            give(wildcard.get(suffix), match);
        }
    }

    private static void give(
            @Nullable List<Entry> entries, BiConsumer<CertificateNamePattern, Integer> match) {
        if (entries != null) {
            entries.forEach(entry -> match.accept(entry.pattern(), entry.position()));
        }
    }
}
