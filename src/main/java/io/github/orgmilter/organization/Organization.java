package io.github.orgmilter.organization;

import java.util.List;

/**
 * A customer of the mail service: its accepted domains, and how its servers are recognised.
 *
 * @param partners whose mail to it must come from known servers
 * @param mode whether refusals on its account are carried out
 */
public record Organization(
        String name,
        List<AcceptedDomain> acceptedDomains,
        List<Connector> connectors,
        SenderProtection senderProtection,
        HeaderFrom headerFrom,
        Partners partners,
        Mode mode,
        Standing standing) {

    public Organization {
        acceptedDomains = List.copyOf(acceptedDomains);
        connectors = List.copyOf(connectors);
        if (acceptedDomains.isEmpty() && !standing.ofDirectory()) {
            throw new IllegalArgumentException("organization " + name + " has no accepted domain");
        }
    }

    /** One without partners, which does not protect its domains in {@code From} fields. */
    public Organization(
            String name,
            List<AcceptedDomain> acceptedDomains,
            List<Connector> connectors,
            SenderProtection senderProtection,
            Mode mode,
            Standing standing) {
        this(name, acceptedDomains, connectors, senderProtection, HeaderFrom.OFF, Partners.NONE, mode, standing);
    }

    /** The same, of a file. */
    public Organization(
            String name,
            List<AcceptedDomain> acceptedDomains,
            List<Connector> connectors,
            SenderProtection senderProtection,
            Mode mode) {
        this(name, acceptedDomains, connectors, senderProtection, mode, Standing.OF_FILE);
    }

    /** The same, with these partners. */
    public Organization with(Partners its) {
        return new Organization(name, acceptedDomains, connectors, senderProtection, headerFrom, its, mode, standing);
    }

    /** Whether both are the same organization: a name is unique in a policy. */
    public boolean is(Organization other) {
        return name.equals(other.name);
    }
}
