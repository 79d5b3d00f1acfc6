package io.github.orgmilter.organization;

import io.github.orgmilter.identity.DomainName;

/**
 * A domain that belongs to an organization, alone or with everything below it.
 *
 * @param since when it was claimed, in microseconds since 1970: of two claims in a directory, the older one counts
 */
public record AcceptedDomain(DomainName domain, boolean subdomains, long since) {

    /** Before any claim of a directory. */
    public static final long OF_FILE = Long.MIN_VALUE;

    /** Of a directory that does not say when. */
    public static final long UNDATED = Long.MAX_VALUE;

    /** One of a file. */
    public AcceptedDomain(DomainName domain, boolean subdomains) {
        this(domain, subdomains, OF_FILE);
    }

    /** The same, claimed at this time. */
    public AcceptedDomain claimed(long time) {
        return new AcceptedDomain(domain, subdomains, time);
    }

    public boolean covers(DomainName name) {
        return subdomains ? name.isAtOrBelow(domain) : name.equals(domain);
    }

    /** Whether every name that the other entry covers is covered here too. */
    public boolean covers(AcceptedDomain other) {
        return covers(other.domain) && (subdomains || !other.subdomains);
    }

    @Override
    public String toString() {
        return subdomains ? domain + " and below" : domain.ascii();
    }
}
