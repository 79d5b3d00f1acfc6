package io.github.orgmilter.policy;

import java.util.List;

/** A customer of the mail service: what it may use, and how its servers are recognised. */
public record Organization(
        String name, List<AcceptedDomain> acceptedDomains, List<Connector> connectors, SenderProtection senderProtection) {

    public Organization {
        acceptedDomains = List.copyOf(acceptedDomains);
        connectors = List.copyOf(connectors);
        if (acceptedDomains.isEmpty()) {
            throw new IllegalArgumentException("organization " + name + " has no accepted domain");
        }
    }

    /** Whether both are the same organization: a name is unique in a policy. */
    boolean is(Organization other) {
        return name.equals(other.name);
    }
}
