package io.github.orgmilter.identification;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.ConnectorName;

/** What keeps a wildcard from a name that it would match otherwise: docs/rules.md, section 3.2. */
public sealed interface WildcardLimit {

    /** The name is at or below another organization's accepted domain. */
    record ForeignDomain(DomainName domain, String organization) implements WildcardLimit {}

    /** The name is closer to a certificate name of another organization's connector. */
    record ForeignName(ConnectorName connector) implements WildcardLimit {}
}
