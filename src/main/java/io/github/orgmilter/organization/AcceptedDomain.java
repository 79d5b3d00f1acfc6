package io.github.orgmilter.organization;

import io.github.orgmilter.identity.DomainName;

/** A domain that belongs to an organization, alone or with everything below it. */
public record AcceptedDomain(DomainName domain, boolean subdomains) {

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
