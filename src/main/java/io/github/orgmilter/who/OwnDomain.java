package io.github.orgmilter.who;

import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import java.util.List;

/**
 * An accepted domain of a connector's own organization.
 *
 * @param owners the organizations whose it is; several if it is disputed, none if it is a local domain
 * @param grants by which rules the connector's clients relay as it, if by any
 */
public record OwnDomain(AcceptedDomain domain, List<Organization> owners, List<Grant> grants) {
    public OwnDomain {
        owners = List.copyOf(owners);
        grants = List.copyOf(grants);
    }
}
