package io.github.orgmilter.it.mta;

/** Where the MTA keeps the accepted domains: it reads routed addresses in its own domains differently. */
public enum DomainsIn {
    RELAY_DOMAINS,
    MYDESTINATION
}
