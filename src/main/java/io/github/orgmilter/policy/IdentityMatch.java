package io.github.orgmilter.policy;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A connector whose identity condition holds for a client, and by what.
 *
 * @param position the connector's place among all connectors: files by name, lines within them
 * @param certificate present for a certificate connector
 * @param range the smallest matching range, present for a connector with addresses
 */
record IdentityMatch(
        Organization organization,
        Connector connector,
        int position,
        Optional<CertificateMatch> certificate,
        Optional<AddressRange> range) {

    /** By what a certificate identifies. */
    sealed interface CertificateMatch {

        /** Whether a name that the certificate is for passes: in A-labels, with the {@code *.} of a wildcard. */
        boolean anyName(Predicate<String> test);

        /** The names that it is for, as far as they are known, for people. */
        List<String> names();
    }

    /** A verified name and the pattern that it matches. */
    record ByName(CertificateName presented, CertificateNamePattern pattern) implements CertificateMatch {

        @Override
        public boolean anyName(Predicate<String> test) {
            // A name with non-ASCII octets equals its pattern, whose A-labels are the ones to look up.
            return test.test(presented.ascii() ? ascii(presented) : pattern.toString());
        }

        @Override
        public List<String> names() {
            return List.of(presented.text());
        }
    }

    /**
     * A pin that the presented certificate satisfies.
     *
     * @param verified the certificate's name, if the MTA verified it as well
     */
    record ByPin(Pin pin, Optional<CertificateName> verified) implements CertificateMatch {

        @Override
        public boolean anyName(Predicate<String> test) {
            return pin.names().stream().anyMatch(name -> test.test(name.toString()))
                    || verified.filter(CertificateName::ascii)
                            .filter(name -> test.test(ascii(name)))
                            .isPresent();
        }

        @Override
        public List<String> names() {
            return Stream.concat(
                            verified.map(CertificateName::text).stream(),
                            pin.names().stream().map(CertificateNamePattern::toString))
                    .distinct()
                    .toList();
        }
    }

    private static String ascii(CertificateName name) {
        return name.wildcard() ? "*." + name.name() : name.name();
    }

    /** Certificate and address together, then certificate, then address; the most specific first; then as written. */
    static final Comparator<IdentityMatch> PRECEDENCE = Comparator.comparingInt(IdentityMatch::kind)
            .thenComparing(IdentityMatch::byPin)
            .thenComparing(IdentityMatch::byPattern)
            .thenComparing(IdentityMatch::byRange)
            .thenComparingInt(IdentityMatch::position);

    private int kind() {
        if (certificate.isEmpty()) {
            return 2;
        }
        return range.isPresent() ? 0 : 1;
    }

    /** The very certificate before its key, its key before any name. */
    private static int byPin(IdentityMatch one, IdentityMatch other) {
        return Integer.compare(one.pinRank(), other.pinRank());
    }

    private int pinRank() {
        if (certificate.isEmpty() || !(certificate.get() instanceof ByPin match)) {
            return 2;
        }
        return match.pin().kind() == Pin.Kind.CERTIFICATE ? 0 : 1;
    }

    private static int byPattern(IdentityMatch one, IdentityMatch other) {
        if (one.certificate.isEmpty()
                || other.certificate.isEmpty()
                || !(one.certificate.get() instanceof ByName first)
                || !(other.certificate.get() instanceof ByName second)) {
            return 0;
        }
        CertificateNamePattern a = first.pattern();
        CertificateNamePattern b = second.pattern();
        int exactFirst = Boolean.compare(a.wildcard(), b.wildcard());
        return exactFirst != 0
                ? exactFirst
                : Integer.compare(
                        b.domain().ascii().length(), a.domain().ascii().length());
    }

    private static int byRange(IdentityMatch one, IdentityMatch other) {
        return one.range.isEmpty() || other.range.isEmpty()
                ? 0
                : one.range.get().compareSize(other.range.get());
    }
}
