package io.github.orgmilter.policy;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.EnvelopeAddress.Malformed;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.verdict.Cause.Refusing;
import java.util.Optional;

/**
 * What the rules ask about one recipient. The numbers are those of docs/rules.md.
 *
 * <p>Each question is a method of its own, which {@link ExplainedDecision} overrides to note the answer. So the daemon, which has
 * no use for the notes, pays nothing for them.
 */
abstract class Questions {

    private final Policy policy;
    private final Identification identification;
    private final Envelope envelope;
    private final Address recipient;

    Questions(Policy policy, Identification identification, Envelope envelope, Address recipient) {
        this.policy = policy;
        this.identification = identification;
        this.envelope = envelope;
        this.recipient = recipient;
    }

    // 7.6
    boolean isDirectoryStale() {
        return policy.options().freshness().isStale();
    }

    // 7.6
    Optional<Organization> unreadable(Refusing cause) {
        return new DirectoryDoubt(policy, identification, sender()).unreadable(cause);
    }

    // 7.6
    boolean isByDispute(boolean inbound) {
        return new DirectoryDoubt(policy, identification, sender()).isByDispute(inbound);
    }

    // 7.3
    boolean isTrustedLogin() {
        return client().authentication().isPresent()
                && client().login()
                        .flatMap(policy.options().trustedLogins()::closest)
                        .isPresent();
    }

    boolean isExempt() {
        return client().address().isPresent()
                && policy.exemptClients().contains(client().address().get());
    }

    // 6.1
    boolean isRecipientWellFormed() {
        return recipient.given() instanceof Mailbox;
    }

    // 6.1
    boolean isSenderWellFormed() {
        return !(sender().given() instanceof Malformed);
    }

    // 6.2 to 6.5
    boolean isInbound() {
        return policy.isInbound(recipient);
    }

    // 3
    boolean isIdentified() {
        return identification.isIdentified();
    }

    // 3.11
    boolean mayBeIdentified() {
        return !identification.undecided().isEmpty();
    }

    // 5.1
    Optional<Organization> inboundProtector() {
        return policy.protectedSenders().againstInbound(sender(), identification);
    }

    // 5.1 and 7.7
    Optional<Organization> certainInboundProtector() {
        return policy.protectedSenders().againstInboundForCertain(sender(), identification);
    }

    // 4.1, ways 3 and 4, and 5.1
    boolean isAnyUndecidedAllowed() {
        return new UndecidedCarriers(policy, identification, sender()).isAnyAllowed();
    }

    // 5.1
    Optional<Organization> relayProtector(IdentityMatch match) {
        return policy.protectedSenders().againstRelay(sender(), match.organization());
    }

    // 15
    Optional<PartnerRestriction> partnerRestriction() {
        return PartnerRestriction.of(policy, identification, sender(), recipient, identification::isIdentifiedBy);
    }

    // 15 and 7.7
    Optional<PartnerRestriction> certainPartnerRestriction() {
        return PartnerRestriction.of(policy, identification, sender(), recipient, identification::mayBeIdentifiedBy);
    }

    // 4.2
    boolean isWithinSenderDomains(IdentityMatch match) {
        return DomainCondition.isWithinSenderDomains(match, sender());
    }

    // 4.1, way 1
    boolean isOwnSenderDomain(IdentityMatch match) {
        return DomainCondition.isOwnSenderDomain(policy.acceptedDomains(), match, sender());
    }

    // 4.1, way 2
    boolean isOwnCertificateDomain(IdentityMatch match) {
        return DomainCondition.isOwnCertificateDomain(policy.acceptedDomains(), match);
    }

    // 4.1, way 3
    boolean isAnyDomainAllowed(IdentityMatch match) {
        return DomainCondition.isAnyDomainAllowed(match);
    }

    // 4.1, way 4
    boolean isNullSenderAllowed(IdentityMatch match) {
        return DomainCondition.isNullSenderAllowed(match);
    }

    // 9.3
    boolean isCertificateKnown() {
        return client().presented().isPresent();
    }

    final Client client() {
        return identification.client();
    }

    final Address sender() {
        return envelope.sender();
    }
}
