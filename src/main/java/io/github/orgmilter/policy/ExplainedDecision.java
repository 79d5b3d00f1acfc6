package io.github.orgmilter.policy;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.identification.CertificateMatch;
import io.github.orgmilter.identification.ConnectorOutcomes;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.PartnerRestriction.Receiver;
import io.github.orgmilter.policy.explanation.Explanation;
import io.github.orgmilter.policy.explanation.Fact;
import io.github.orgmilter.policy.explanation.Fact.Place;
import io.github.orgmilter.policy.explanation.Fact.RecipientForm;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The same decision, which notes every answer. */
final class ExplainedDecision extends Decision {

    private final Policy policy;
    private final AcceptedDomains acceptedDomains;
    private final Identification identification;
    private final Envelope envelope;
    private final Address recipient;
    private final List<Fact> facts = new ArrayList<>();

    ExplainedDecision(Policy policy, Identification identification, Envelope envelope, Address recipient) {
        super(policy, identification, envelope, recipient);
        this.policy = policy;
        this.acceptedDomains = policy.acceptedDomains();
        this.identification = identification;
        this.envelope = envelope;
        this.recipient = recipient;
    }

    Explanation explanation() {
        Verdict verdict = verdict();
        Set<String> concerned = Stream.of(
                        policy.owner(envelope.sender()), policy.owner(recipient), identification.foremost())
                .flatMap(party -> party.organization().stream())
                .collect(Collectors.toSet());
        return new Explanation(
                verdict,
                new ConnectorOutcomes(policy.connectors(), acceptedDomains, policy.organizations(), identification)
                        .of(concerned),
                facts);
    }

    private boolean noted(Fact fact) {
        facts.add(fact);
        return fact.holds();
    }

    @Override
    boolean isTrustedLogin() {
        return noted(new Fact.Login(client().authentication(), super.isTrustedLogin()));
    }

    @Override
    boolean isExempt() {
        return noted(new Fact.ExemptClient(super.isExempt()));
    }

    @Override
    boolean isRecipientWellFormed() {
        return noted(new Fact.WellFormedRecipient(super.isRecipientWellFormed()));
    }

    @Override
    boolean isSenderWellFormed() {
        return noted(new Fact.WellFormedSender(super.isSenderWellFormed()));
    }

    @Override
    boolean isInbound() {
        return noted(new Fact.Inbound(form(), super.isInbound()));
    }

    private RecipientForm form() {
        if (!(recipient.given() instanceof Mailbox mailbox) || mailbox.hasRoutingCharacters()) {
            return new RecipientForm.Routed();
        }
        return mailbox.qualified()
                ? new RecipientForm.InDomain(
                        place(mailbox.domain(), mailbox.mapped()),
                        recipient.resolved().map(form -> place(form.domain(), form.mapped())))
                : new RecipientForm.Unqualified();
    }

    private Place place(Optional<DomainName> domain, boolean mapped) {
        if (domain.isEmpty()) {
            return new Place.NotADomain();
        }
        DomainName name = domain.get();
        if (mapped) {
            return new Place.Mapped(name);
        }
        if (acceptedDomains.isLocal(name)) {
            return new Place.Local(name);
        }
        List<String> owners = names(acceptedDomains.claimants(name));
        return switch (owners.size()) {
            case 0 -> new Place.Elsewhere(name);
            case 1 -> new Place.Accepted(name, owners.get(0));
            default -> new Place.Disputed(name, owners);
        };
    }

    private static List<String> names(List<Organization> organizations) {
        return organizations.stream().map(Organization::name).toList();
    }

    @Override
    boolean isIdentified() {
        List<ConnectorName> connectors =
                identification.matches().stream().map(IdentityMatch::name).toList();
        return noted(new Fact.Identified(connectors, identification.isTlsMissing()));
    }

    @Override
    boolean mayBeIdentified() {
        Fact fact = new Fact.MayBeIdentified();
        boolean holds = super.mayBeIdentified();
        return holds && (facts.contains(fact) || noted(fact));
    }

    @Override
    boolean isAnyUndecidedAllowed() {
        return super.isAnyUndecidedAllowed() && noted(new Fact.AnyUndecidedAllowed());
    }

    @Override
    Optional<Organization> inboundProtector() {
        return notedInbound(super.inboundProtector());
    }

    @Override
    Optional<Organization> certainInboundProtector() {
        return notedInbound(super.certainInboundProtector());
    }

    private Optional<Organization> notedInbound(Optional<Organization> protector) {
        protector.ifPresent(it ->
                facts.add(new Fact.ProtectedInbound(it.name(), envelope.sender().isUncertain())));
        return protector;
    }

    @Override
    Optional<Organization> relayProtector(IdentityMatch match) {
        Optional<Organization> protector = super.relayProtector(match);
        protector.ifPresent(it ->
                facts.add(new Fact.ProtectedRelay(it.name(), envelope.sender().isUncertain())));
        return protector;
    }

    @Override
    Optional<PartnerRestriction> partnerRestriction() {
        for (Receiver receiver : PartnerRestriction.receivers(policy, recipient)) {
            Organization organization = receiver.organization();
            if (PartnerRestriction.isOwnServer(identification, receiver)) {
                facts.add(new Fact.OwnServer(organization.name()));
                continue;
            }
            PartnerRestriction.forms(policy, envelope.sender())
                    .explained(organization.partners(), PartnerRestriction.client(policy, identification))
                    .forEach(outcome -> facts.add(new Fact.OfPartner(
                            organization.name(), outcome.partner(), envelope.sender(), outcome.mismatches())));
        }
        return super.partnerRestriction();
    }

    @Override
    boolean isWithinSenderDomains(IdentityMatch match) {
        return noted(new Fact.SenderWithinLimit(match.name(), envelope.sender(), super.isWithinSenderDomains(match)));
    }

    @Override
    boolean isOwnSenderDomain(IdentityMatch match) {
        return noted(new Fact.SenderDomain(match.name(), envelope.sender(), super.isOwnSenderDomain(match)));
    }

    @Override
    boolean isOwnCertificateDomain(IdentityMatch match) {
        boolean own = super.isOwnCertificateDomain(match);
        List<String> names = match.certificate().map(CertificateMatch::names).orElse(List.of());
        List<List<String>> owners = new ArrayList<>();
        match.certificate()
                .ifPresent(certificate -> certificate.anyName(name -> {
                    owners.add(names(acceptedDomains.certificateClaimants(name)));
                    return false;
                }));
        return noted(
                new Fact.CertificateDomain(match.name(), match.certificate().isPresent(), names, owners, own));
    }

    @Override
    boolean isAnyDomainAllowed(IdentityMatch match) {
        return noted(new Fact.AnyDomain(match.name(), super.isAnyDomainAllowed(match)));
    }

    @Override
    boolean isNullSenderAllowed(IdentityMatch match) {
        return noted(new Fact.NullSenderAllowed(match.name(), super.isNullSenderAllowed(match)));
    }

    @Override
    boolean isDirectoryStale() {
        return noted(new Fact.DirectoryStale(super.isDirectoryStale()));
    }

    @Override
    Optional<Organization> unreadable(Refusing cause) {
        Optional<Organization> organization = super.unreadable(cause);
        organization.ifPresent(it -> facts.add(new Fact.Unreadable(it.name())));
        return organization;
    }

    @Override
    boolean isByDispute(boolean inbound) {
        return noted(new Fact.ByDispute(super.isByDispute(inbound)));
    }

    @Override
    boolean isCertificateKnown() {
        return noted(new Fact.CertificateKnown(super.isCertificateKnown()));
    }
}
