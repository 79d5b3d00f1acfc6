package io.github.orgmilter.who;

import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Partner;
import java.util.List;

/**
 * What the partners of an organization require of mail to it (docs/rules.md, section 15), beside trusted logins, exempt clients and
 * those that a connector of the organization identifies.
 *
 * @param organization whose recipients are meant, by any form of their address, with routing characters as well
 * @param partners those with the closest entry for the sender; all kinds of one of them must hold
 */
public record Restriction(Organization organization, List<Partner> partners) {
    public Restriction {
        partners = List.copyOf(partners);
    }
}
