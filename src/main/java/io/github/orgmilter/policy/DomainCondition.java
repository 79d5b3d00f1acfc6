package io.github.orgmilter.policy;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import java.util.List;

/** What a connector's relaying depends on: docs/rules.md, section 4. */
final class DomainCondition {

    private DomainCondition() {}

    /** 4.2: whether the sender is one that the connector may send as, as far as that is limited. */
    static boolean isWithinSenderDomains(IdentityMatch match, Address sender) {
        List<AcceptedDomain> domains = match.connector().senderDomains();
        return sender.everyDomain(name -> domains.stream().anyMatch(domain -> domain.covers(name)));
    }

    /** 4.1, way 1. */
    static boolean isOwnSenderDomain(AcceptedDomains domains, IdentityMatch match, Address sender) {
        Organization own = match.organization();
        return sender.everyDomain(name -> domains.isOwnedBy(own, name));
    }

    /** 4.1, way 2. */
    static boolean isOwnCertificateDomain(AcceptedDomains domains, IdentityMatch match) {
        Organization own = match.organization();
        return match.certificate().isPresent()
                && match.certificate().get().anyName(name -> domains.isCertificateOf(own, name));
    }

    /** 4.1, way 3. */
    static boolean isAnyDomainAllowed(IdentityMatch match) {
        return !match.connector().requireAcceptedDomain();
    }

    /** 4.1, way 4. */
    static boolean isNullSenderAllowed(IdentityMatch match) {
        return match.connector().allowNullSender();
    }
}
