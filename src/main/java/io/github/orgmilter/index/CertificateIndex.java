package io.github.orgmilter.index;

import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds every pattern that a certificate name matches: one look-up for the name, and one pass over it for wildcards. */
public final class CertificateIndex {

    /** Receives a pattern that the name matches, and the value that was added with it. */
    public interface Match {
        void accept(CertificateNamePattern pattern, int value);
    }

    /** Patterns of one name: a list that is rarely longer than one. */
    private record Entry(
            CertificateNamePattern pattern,
            int value,
            @Nullable Entry next) {}

    private final SuffixTable<Entry> exact = new SuffixTable<>();
    private final SuffixTable<Entry> wildcard = new SuffixTable<>();
    private final Map<String, Entry> unicode = new HashMap<>(); // only names that are not ASCII, "*." included

    /** Adds a pattern with a value. */
    public void add(CertificateNamePattern pattern, int value) {
        SuffixTable<Entry> table = pattern.wildcard() ? wildcard : exact;
        String domain = pattern.domain().ascii();
        table.put(domain, new Entry(pattern, value, table.get(domain)));
        if (!pattern.unicode().equals(domain)) {
            String name = (pattern.wildcard() ? "*." : "") + pattern.unicode();
            unicode.put(name, new Entry(pattern, value, unicode.get(name)));
        }
    }

    /** Reports every pattern that the name matches, in no particular order. */
    public void forEachMatching(CertificateName name, Match match) {
        if (!name.ascii()) {
            report(unicode.get(name.text()), match);
            return;
        }
        if (!name.wildcard()) {
            report(exact.get(name.name()), match);
        }
        wildcard.longest(name.name(), (entry, start) -> {
            report(entry, match);
            return false;
        });
    }

    private static void report(@Nullable Entry first, Match match) {
        for (Entry entry = first; entry != null; entry = entry.next()) {
            match.accept(entry.pattern(), entry.value());
        }
    }
}
