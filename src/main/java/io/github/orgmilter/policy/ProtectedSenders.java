package io.github.orgmilter.policy;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.index.SortedPages;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/** Which organizations keep a sender to their own servers: docs/rules.md, section 5. Immutable. */
final class ProtectedSenders {

    private final AcceptedDomains acceptedDomains;
    private final SortedPages<Organization> ofRelay; // those in enforce first
    private final SortedPages<Organization> ofInbound;

    /** None. */
    ProtectedSenders(AcceptedDomains acceptedDomains) {
        this(
                acceptedDomains,
                new SortedPages<>(Comparator.comparing(Organization::mode).thenComparing(Organization::name)),
                new SortedPages<>(Comparator.comparing(Organization::mode).thenComparing(Organization::name)));
    }

    private ProtectedSenders(
            AcceptedDomains acceptedDomains, SortedPages<Organization> ofRelay, SortedPages<Organization> ofInbound) {
        this.acceptedDomains = acceptedDomains;
        this.ofRelay = ofRelay;
        this.ofInbound = ofInbound;
    }

    /** Those after a change. */
    ProtectedSenders with(
            Collection<Organization> removed, Collection<Organization> added, AcceptedDomains newAcceptedDomains) {
        return new ProtectedSenders(
                newAcceptedDomains,
                with(ofRelay, removed, added, ProtectedSenders::protectsRelay),
                with(ofInbound, removed, added, ProtectedSenders::protectsInbound));
    }

    private static SortedPages<Organization> with(
            SortedPages<Organization> protectors,
            Collection<Organization> removed,
            Collection<Organization> added,
            Predicate<Organization> protects) {
        return protectors.with(
                removed.stream().filter(protects).toList(),
                added.stream().filter(protects).toList());
    }

    private static boolean protectsRelay(Organization organization) {
        return organization.senderProtection() != SenderProtection.OFF;
    }

    private static boolean protectsInbound(Organization organization) {
        return organization.senderProtection() == SenderProtection.ALL;
    }

    /** 5.1: an organization that refuses inbound mail with its senders, unless one of its connectors identifies the client. */
    Optional<Organization> againstInbound(Address sender, Identification identification) {
        return againstInbound(sender, owner -> !identification.isIdentifiedBy(owner));
    }

    /** The same, if the header has what each connector requires. */
    Optional<Organization> againstInboundForCertain(Address sender, Identification identification) {
        return againstInbound(sender, owner -> !identification.mayBeIdentifiedBy(owner));
    }

    private Optional<Organization> againstInbound(Address sender, Predicate<Organization> isForeign) {
        Predicate<Organization> forbids = owner -> protectsInbound(owner) && isForeign.test(owner);
        return sender.isUncertain() // it could be any of theirs
                ? ofInbound.stream().filter(forbids).findFirst()
                : ownerOfAnyForm(sender, forbids);
    }

    /** 5.1: an organization that keeps the sender to its own connectors, for mail to the outside. */
    Optional<Organization> ofRelay(Address sender) {
        return sender.isUncertain()
                ? ofRelay.stream().findFirst()
                : ownerOfAnyForm(sender, ProtectedSenders::protectsRelay);
    }

    /** 5.1: an organization that keeps the sender from another organization's connector. */
    Optional<Organization> againstRelay(Address sender, Organization carrier) {
        Predicate<Organization> forbids = owner -> !owner.is(carrier) && protectsRelay(owner);
        return sender.isUncertain() ? ofRelay.stream().filter(forbids).findFirst() : ownerOfAnyForm(sender, forbids);
    }

    /** 8.2: whether an organization in enforce protects the sender and does not identify the client. */
    boolean isEnforcedAgainst(Address sender, Identification identification) {
        Predicate<Organization> forbids = owner -> protectsRelay(owner) && !identification.isIdentifiedBy(owner);
        return sender.isUncertain()
                ? ofRelay.stream()
                        .takeWhile(owner -> owner.mode() == Mode.ENFORCE)
                        .anyMatch(forbids)
                : ownerOfAnyForm(sender, forbids.and(owner -> owner.mode() == Mode.ENFORCE))
                        .isPresent();
    }

    /** 7.6: whether an undisputed owner of a form of the sender would keep it from inbound mail of the client. */
    boolean isInboundForbiddenByOwner(Address sender, Identification identification) {
        return sender.isUncertain()
                || isAnyForm(
                        sender,
                        name -> acceptedDomains
                                .undisputedOwner(name)
                                .filter(owner -> protectsInbound(owner) && !identification.mayBeIdentifiedBy(owner))
                                .isPresent());
    }

    /**
     * 7.6: whether an undisputed owner of a form of the sender keeps it from a connector.
     *
     * @param isAnother whether an organization is another one than the connector's
     */
    boolean isRelayForbiddenByOwner(Address sender, Predicate<Organization> isAnother) {
        return sender.isUncertain()
                ? ofRelay.stream().anyMatch(isAnother)
                : isAnyForm(
                        sender,
                        name -> acceptedDomains
                                .undisputedOwner(name)
                                .filter(isAnother)
                                .filter(ProtectedSenders::protectsRelay)
                                .isPresent());
    }

    private static boolean isAnyForm(Address sender, Predicate<DomainName> test) {
        return sender.domain().filter(test).isPresent()
                || sender.resolved().flatMap(ResolvedForm::domain).filter(test).isPresent();
    }

    /** 5.2: of two organizations that forbid the sender, the one in enforce decides. */
    private Optional<Organization> ownerOfAnyForm(Address sender, Predicate<Organization> forbids) {
        Optional<Organization> enforcing =
                claimantOfAnyForm(sender, forbids.and(owner -> owner.mode() == Mode.ENFORCE));
        return enforcing.isPresent() ? enforcing : claimantOfAnyForm(sender, forbids);
    }

    private Optional<Organization> claimantOfAnyForm(Address sender, Predicate<Organization> test) {
        Optional<Organization> ofGiven = sender.domain().flatMap(name -> acceptedDomains.claimant(name, test));
        return ofGiven.isPresent()
                ? ofGiven
                : sender.resolved().flatMap(ResolvedForm::domain).flatMap(name -> acceptedDomains.claimant(name, test));
    }
}
