package io.github.orgmilter.policy;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.shared.UndecidedConnectors;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.organization.Organization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whose undecided connectors may carry a relayed recipient: docs/rules.md, 7.7. Only the organizations whose domain the sender's or
 * the certificate's is are looked at, and of all others together whether one of them needs neither.
 */
final class UndecidedCarriers {

    private final Policy policy;
    private final UndecidedConnectors undecided;
    private final Address sender;

    UndecidedCarriers(Policy policy, Identification identification, Address sender) {
        this.policy = policy;
        this.undecided = identification.undecided();
        this.sender = sender;
    }

    /** The organization that owns the sender's domain, as given. */
    Optional<Organization> owner() {
        Optional<DomainName> domain = sender.domain();
        return domain.isEmpty() ? Optional.empty() : policy.acceptedDomains().owner(domain.get());
    }

    /** Those whose connectors may have a way by a domain, or are the only ones that sender protection lets pass. */
    List<Organization> organizations() {
        List<Organization> organizations = new ArrayList<>(2);
        if (undecided.isEmpty()) {
            return organizations;
        }
        AcceptedDomains domains = policy.acceptedDomains();
        add(sender.domain(), organizations);
        add(sender.resolved().flatMap(ResolvedForm::domain), organizations);
        undecided.anyCertificateName(name -> {
            add(domains.certificateClaimants(name), organizations);
            return false;
        });
        policy.protectedSenders().ofRelay(sender).ifPresent(protector -> add(List.of(protector), organizations));
        return organizations;
    }

    private void add(Optional<DomainName> domain, List<Organization> organizations) {
        if (domain.isPresent()) {
            add(policy.acceptedDomains().claimants(domain.get()), organizations);
            // Those that only sender-domains bring in; a local domain is nobody's.
            add(policy.acceptedDomains().covering(domain.get()), organizations);
        }
    }

    private static void add(List<Organization> more, List<Organization> organizations) {
        for (Organization organization : more) {
            if (organizations.stream().noneMatch(organization::is)) {
                organizations.add(organization);
            }
        }
    }

    /** Whether one of any organization needs no domain, and sender protection is not in its way. */
    boolean isAnyAllowed() {
        return needNoDomain() && policy.protectedSenders().ofRelay(sender).isEmpty();
    }

    /** Whether one of any organization needs no domain. */
    boolean needNoDomain() {
        return sender.isNull() ? undecided.allowNullSender() : undecided.allowAnyDomain();
    }
}
