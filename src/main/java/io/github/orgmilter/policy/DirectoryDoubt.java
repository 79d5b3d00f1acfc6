package io.github.orgmilter.policy;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.verdict.Cause.Refusing;
import java.util.Optional;

/**
 * Whether a refusal may be none of the sender's making, but of a directory's rows: docs/rules.md, 7.6. Then the client must try again.
 */
final class DirectoryDoubt {

    private final Policy policy;
    private final AcceptedDomains domains;
    private final Identification identification;
    private final Address sender;

    DirectoryDoubt(Policy policy, Identification identification, Address sender) {
        this.policy = policy;
        this.domains = policy.acceptedDomains();
        this.identification = identification;
        this.sender = sender;
    }

    /** An organization with connectors that cannot be read, whose servers the refusal may concern. */
    Optional<Organization> unreadable(Refusing cause) {
        Optional<Organization> ofSender = unreadable(sender.domain())
                .or(() -> unreadable(sender.resolved().flatMap(ResolvedForm::domain)));
        boolean noCondition = cause == Refusing.DOMAIN_NOT_ACCEPTED
                || cause == Refusing.NULL_SENDER
                || cause == Refusing.HEADER_MISMATCH;
        return ofSender.isPresent() || !noCondition
                ? ofSender
                : identification.matches().stream()
                        .map(IdentityMatch::organization)
                        .filter(DirectoryDoubt::isUnreadable)
                        .findFirst();
    }

    private Optional<Organization> unreadable(Optional<DomainName> domain) {
        return domain.flatMap(name -> domains.claimant(name, DirectoryDoubt::isUnreadable));
    }

    private static boolean isUnreadable(Organization organization) {
        return organization.standing().connectorsUnreadable();
    }

    /** Whether the recipient of an identified client would pass but for a dispute about a domain. */
    boolean isByDispute(boolean inbound) {
        if (!identification.isIdentified() && identification.undecided().isEmpty()) {
            return false;
        }
        return inbound
                ? !policy.protectedSenders().isInboundForbiddenByOwner(sender, identification)
                : identification.matches().stream().anyMatch(this::couldCarry) || couldAnyUndecidedCarry();
    }

    private boolean couldAnyUndecidedCarry() {
        UndecidedCarriers carriers = new UndecidedCarriers(policy, identification, sender);
        return (carriers.needNoDomain() && !policy.protectedSenders().isRelayForbiddenByOwner(sender, owner -> true))
                || carriers.organizations().stream()
                        .flatMap(organization -> identification.undecided().of(organization).stream())
                        .anyMatch(this::couldCarry);
    }

    /** Whether the connector carried it if each dispute ended in its favour. */
    private boolean couldCarry(IdentityMatch match) {
        Organization own = match.organization();
        if (!sender.isNull()) {
            if (!match.connector().senderDomains().isEmpty() && !DomainCondition.isWithinSenderDomains(match, sender)) {
                return false;
            }
            if (!sender.isUncertain() && sender.everyDomain(name -> domains.isClaimedBy(own, name))) {
                return true;
            }
        }
        return hasWay(match) && !policy.protectedSenders().isRelayForbiddenByOwner(sender, owner -> !owner.is(own));
    }

    private boolean hasWay(IdentityMatch match) {
        Organization own = match.organization();
        return sender.everyDomain(name -> domains.isClaimedBy(own, name))
                || (match.certificate().isPresent()
                        && match.certificate().get().anyName(name -> domains.isCertificateClaimedBy(own, name)))
                || DomainCondition.isAnyDomainAllowed(match)
                || (sender.isNull() && DomainCondition.isNullSenderAllowed(match));
    }
}
