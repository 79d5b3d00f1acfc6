package io.github.orgmilter.identification;

import io.github.orgmilter.identification.CertificateMatch.ByName;
import io.github.orgmilter.identification.CertificateMatch.ByPin;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import java.util.Comparator;
import java.util.Optional;

/**
 * A connector that identifies a client, and by what: docs/rules.md, section 3.
 *
 * @param certificate present for a certificate connector
 * @param login the closest matching pattern, present for a connector with logins
 * @param range the smallest matching range, present for a connector with addresses
 */
public record IdentityMatch(
        Member member,
        Optional<CertificateMatch> certificate,
        Optional<LoginPattern> login,
        Optional<AddressRange> range) {

    /** 3.8: which connector counts first. */
    static final Comparator<IdentityMatch> PRECEDENCE = Comparator.comparing(IdentityMatch::byHeader)
            .thenComparingInt(IdentityMatch::kind)
            .thenComparing(IdentityMatch::byPin)
            .thenComparing(IdentityMatch::byPattern)
            .thenComparing(IdentityMatch::byLogin)
            .thenComparing(IdentityMatch::byRange)
            .thenComparing(IdentityMatch::member, Member::compareOrder);

    public Organization organization() {
        return member.organization();
    }

    public Connector connector() {
        return member.connector();
    }

    public ConnectorName name() {
        return member.name();
    }

    private boolean byHeader() {
        return !member.connector().requiredHeaders().isEmpty();
    }

    /** A certificate, then a login, then an address: the more, the earlier. */
    private int kind() {
        return (certificate.isPresent() ? 0 : 4) + (login.isPresent() ? 0 : 2) + (range.isPresent() ? 0 : 1);
    }

    /** The pinned certificate, then the pinned key, then names. */
    private static int byPin(IdentityMatch one, IdentityMatch other) {
        return Integer.compare(one.pinRank(), other.pinRank());
    }

    private int pinRank() {
        if (certificate.isEmpty() || !(certificate.get() instanceof ByPin match)) {
            return 2;
        }
        return match.pin().kind() == Pin.Kind.CERTIFICATE ? 0 : 1;
    }

    /** The exact name, then the longer wildcard. */
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

    /** The exact login. */
    private static int byLogin(IdentityMatch one, IdentityMatch other) {
        return one.login.isEmpty() || other.login.isEmpty()
                ? 0
                : one.login.get().kind().compareTo(other.login.get().kind());
    }

    /** The smaller address range. */
    private static int byRange(IdentityMatch one, IdentityMatch other) {
        return one.range.isEmpty() || other.range.isEmpty()
                ? 0
                : one.range.get().compareSize(other.range.get());
    }
}
