package io.github.orgmilter.authors;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.Organization;

/**
 * An author's domain that an organization protects.
 *
 * @param applies whether the organization's {@code header-from} concerns this message
 * @param identifies whether a connector of the organization identifies the client
 * @param disputed whether others claim the domain, too
 */
public record Protection(
        DomainName domain, Organization organization, boolean applies, boolean identifies, boolean disputed) {

    /** Whether the organization keeps the message from passing. */
    public boolean forbids() {
        return applies && !identifies;
    }
}
