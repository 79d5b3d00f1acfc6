package io.github.orgmilter.index;

import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Finds every pattern that a certificate name matches: one look-up for the name, and one pass over it for wildcards. Immutable: an
 * {@link Edit} makes the next one.
 */
public final class CertificateIndex<V> {

    private final MultiTable<CertificateNamePattern, V> exact;
    private final MultiTable<CertificateNamePattern, V> wildcard;
    private final MultiTable<CertificateNamePattern, V> unicode; // only names that are not ASCII, "*." included

    /** An empty one. */
    public CertificateIndex() {
        exact = new MultiTable<>();
        wildcard = new MultiTable<>();
        unicode = new MultiTable<>();
    }

    private CertificateIndex(Edit<V> edit) {
        exact = edit.exact.done();
        wildcard = edit.wildcard.done();
        unicode = edit.unicode.done();
    }

    /** Reports every pattern that the name matches, with the value that was added with it, in no particular order. */
    public void forEachMatching(CertificateName name, MultiTable.Match<CertificateNamePattern, V> match) {
        if (!name.ascii()) {
            unicode.forEach(name.text(), match);
            return;
        }
        if (!name.wildcard()) {
            exact.forEach(name.name(), match);
        }
        wildcard.forEachAbove(name.name(), match);
    }

    /** Reports all values of each pattern that has several. */
    public void forEachGroup(BiConsumer<CertificateNamePattern, List<V>> receiver) {
        exact.forEachGroup(receiver);
        wildcard.forEachGroup(receiver);
    }

    /** Begins the next index. */
    public Edit<V> edit() {
        return new Edit<>(this);
    }

    /** Changes to an index, which stays as it is. */
    public static final class Edit<V> {

        private final MultiTable.Edit<CertificateNamePattern, V> exact;
        private final MultiTable.Edit<CertificateNamePattern, V> wildcard;
        private final MultiTable.Edit<CertificateNamePattern, V> unicode;

        private Edit(CertificateIndex<V> index) {
            exact = index.exact.edit();
            wildcard = index.wildcard.edit();
            unicode = index.unicode.edit();
        }

        /** Makes room for so many more exact names, if there are none yet. */
        public void expect(int names) {
            exact.expect(names);
        }

        /** Adds a pattern with a value. */
        public void add(CertificateNamePattern pattern, V value) {
            (pattern.wildcard() ? wildcard : exact).add(pattern.domain().ascii(), pattern, value);
            if (hasUnicode(pattern)) {
                unicode.add(unicodeName(pattern), pattern, value);
            }
        }

        /** Removes a pattern with each value that passes. */
        public void remove(CertificateNamePattern pattern, Predicate<V> values) {
            (pattern.wildcard() ? wildcard : exact).remove(pattern.domain().ascii(), values);
            if (hasUnicode(pattern)) {
                unicode.remove(unicodeName(pattern), values);
            }
        }

        private static boolean hasUnicode(CertificateNamePattern pattern) {
            return !pattern.unicode().equals(pattern.domain().ascii());
        }

        private static String unicodeName(CertificateNamePattern pattern) {
            return (pattern.wildcard() ? "*." : "") + pattern.unicode();
        }

        public CertificateIndex<V> done() {
            return new CertificateIndex<>(this);
        }
    }
}
