package io.github.orgmilter.policy;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

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

    /** A presented name and the pattern that it matches. */
    record CertificateMatch(CertificateName presented, CertificateNamePattern pattern) {

        /** Whether the domain of the presented name passes: the name itself, or its parent domain. */
        boolean anyDomain(Predicate<DomainName> test) {
            // A name with non-ASCII octets equals its pattern, whose A-labels are the ones to look up.
            DomainName domain = presented.ascii() ? new DomainName(presented.name()) : pattern.domain();
            return test.test(domain)
                    || (!presented.wildcard() && domain.parent().filter(test).isPresent());
        }
    }

    /** Certificate and address together, then certificate, then address; the most specific first; then as written. */
    static final Comparator<IdentityMatch> PRECEDENCE = Comparator.comparingInt(IdentityMatch::kind)
            .thenComparing(IdentityMatch::byPattern)
            .thenComparing(IdentityMatch::byRange)
            .thenComparingInt(IdentityMatch::position);

    private int kind() {
        if (certificate.isEmpty()) {
            return 2;
        }
        return range.isPresent() ? 0 : 1;
    }

    private static int byPattern(IdentityMatch one, IdentityMatch other) {
        if (one.certificate.isEmpty() || other.certificate.isEmpty()) {
            return 0;
        }
        CertificateNamePattern a = one.certificate.get().pattern();
        CertificateNamePattern b = other.certificate.get().pattern();
        int exactFirst = Boolean.compare(a.wildcard(), b.wildcard());
        return exactFirst != 0
                ? exactFirst
                : Integer.compare(b.domain().ascii().length(), a.domain().ascii().length());
    }

    private static int byRange(IdentityMatch one, IdentityMatch other) {
        return one.range.isEmpty() || other.range.isEmpty()
                ? 0
                : one.range.get().compareSize(other.range.get());
    }
}
