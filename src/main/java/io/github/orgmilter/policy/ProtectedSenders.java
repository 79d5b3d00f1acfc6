package io.github.orgmilter.policy;

import io.github.orgmilter.identification.AcceptedDomains;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import io.github.orgmilter.organization.SenderProtection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which organizations keep a sender to their own servers: docs/rules.md, section 5. */
final class ProtectedSenders {

    private final AcceptedDomains acceptedDomains;
    private final List<Organization> protectors; // those in enforce first, and among them those that protect most

    ProtectedSenders(Organizations organizations, AcceptedDomains acceptedDomains) {
        this.acceptedDomains = acceptedDomains;
        this.protectors = organizations.stream()
                .filter(ProtectedSenders::protectsRelay)
                .sorted(Comparator.comparing(Organization::mode)
                        .thenComparing(Organization::senderProtection, Comparator.reverseOrder()))
                .toList();
    }

    /** 5.1: an organization that refuses inbound mail with its senders, unless one of its connectors identifies the client. */
    Optional<Organization> againstInbound(Address sender, Identification identification) {
        return protector(
                sender,
                owner -> owner.senderProtection() == SenderProtection.ALL && !identification.isIdentifiedBy(owner));
    }

    /** 5.1: an organization that keeps the sender from another organization's connector. */
    Optional<Organization> againstRelay(Address sender, Organization carrier) {
        return protector(sender, owner -> !owner.is(carrier) && protectsRelay(owner));
    }

    /** 8.2: whether an organization in enforce protects the sender and does not identify the client. */
    boolean isEnforcedAgainst(Address sender, Identification identification) {
        return protector(
                        sender,
                        owner -> owner.mode() == Mode.ENFORCE
                                && protectsRelay(owner)
                                && !identification.isIdentifiedBy(owner))
                .isPresent();
    }

    private static boolean protectsRelay(Organization organization) {
        return organization.senderProtection() != SenderProtection.OFF;
    }

    /** 5.2: of two organizations that forbid the sender, the one in enforce decides. */
    private Optional<Organization> protector(Address sender, Predicate<Organization> forbids) {
        if (sender.isUncertain()) {
            return protectors.stream().filter(forbids).findFirst(); // it could be any of theirs
        }
        return ownerOfAnyForm(sender, forbids.and(owner -> owner.mode() == Mode.ENFORCE))
                .or(() -> ownerOfAnyForm(sender, forbids));
    }

    private Optional<Organization> ownerOfAnyForm(Address sender, Predicate<Organization> test) {
        return sender.domain()
                .flatMap(acceptedDomains::owner)
                .filter(test)
                .or(() -> sender.resolved()
                        .flatMap(ResolvedForm::domain)
                        .flatMap(acceptedDomains::owner)
                        .filter(test));
    }
}
