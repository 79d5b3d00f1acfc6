package io.github.orgmilter.policy;

import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.verdict.Cause.Accepting;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.Condition;
import io.github.orgmilter.verdict.Verdict;
import io.github.orgmilter.verdict.Verdict.Accept;
import io.github.orgmilter.verdict.Verdict.Reject;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The decision on one recipient: the steps of docs/rules.md, 7.2, in their order. The other numbers are those of that page, too. */
class Decision extends Outcomes {

    private final Policy policy;
    private final Identification identification;
    private final Address recipient;
    private Set<Condition> conditions = Set.of(); // of 7.7

    Decision(Policy policy, Identification identification, Envelope envelope, Address recipient) {
        super(policy, identification, envelope, recipient);
        this.policy = policy;
        this.identification = identification;
        this.recipient = recipient;
    }

    final Verdict verdict() {
        if (isTrustedLogin()) { // 7.2, step 1
            return accept(Accepting.AUTHENTICATED);
        }
        if (isExempt()) { // step 2
            return accept(Accepting.EXEMPT_CLIENT);
        }
        if (!isRecipientWellFormed()) { // step 3
            return refuse(Refusing.BAD_RECIPIENT, Mode.ENFORCE);
        }
        if (!isSenderWellFormed()) { // step 4
            return refuse(Refusing.BAD_SENDER, Mode.ENFORCE);
        }
        return provisional(isInbound() ? defer(inbound(), true) : defer(relayed(), false));
    }

    /** 7.7: what refuses the whole message, by a condition that its header does not meet. */
    final Optional<Verdict> atEndOfHeader(Condition condition) {
        Optional<Verdict> refusal = switch (condition) {
            case RELAY -> Optional.of(relayAtEndOfHeader());
            case PROTECTION -> protectedInbound();
            case RESTRICTION -> restrictedByPartner();
            case IDENTIFICATION -> unidentifiedInbound();
        };
        return refusal.filter(verdict -> !(verdict instanceof Accept))
                .map(verdict -> defer(verdict, condition != Condition.RELAY));
    }

    /** 7.7: what becomes of a relayed recipient; a refusal that only the header brings about has a cause of its own. */
    final Verdict relayAtEndOfHeader() {
        Verdict verdict = relay();
        boolean refused = verdict instanceof Reject
                || (verdict instanceof Verdict.Audit && policy.options().mode() == Mode.AUDIT);
        return refused ? refuse(Refusing.HEADER_MISMATCH, Mode.ENFORCE) : verdict;
    }

    private void add(Condition condition) {
        if (conditions.isEmpty()) {
            conditions = Set.of(condition); // as most messages have it
        } else {
            Set<Condition> more = EnumSet.copyOf(conditions);
            more.add(condition);
            conditions = more;
        }
    }

    private Verdict provisional(Verdict verdict) {
        return conditions.isEmpty() || verdict.reply().isPresent()
                ? verdict
                : new Verdict.Provisional(verdict, conditions);
    }

    private Verdict inbound() {
        Optional<Verdict> refusal = protectedInbound(); // step 5
        if (mayGoOn(refusal)) {
            refusal = first(refusal, unidentifiedInbound()); // step 6
        }
        if (mayGoOn(refusal)) {
            refusal = first(refusal, restrictedByPartner()); // step 6a
        }
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return identification.isIdentified() // step 7
                ? accept(Accepting.INBOUND)
                : new Accept(Accepting.INBOUND, policy.owner(recipient));
    }

    // 8.3: what one rule's audit lets pass, the next rule may still refuse.
    private static boolean mayGoOn(Optional<Verdict> refusal) {
        return refusal.isEmpty() || refusal.get() instanceof Verdict.Audit;
    }

    private static Optional<Verdict> first(Optional<Verdict> refusal, Optional<Verdict> next) {
        return refusal.isEmpty() || (next.isPresent() && !(next.get() instanceof Verdict.Audit)) ? next : refusal;
    }

    private Optional<Verdict> protectedInbound() {
        Optional<Organization> protector = inboundProtector();
        if (protector.isEmpty() || !mayBeIdentified()) {
            return protector.map(this::refuseProtected);
        }
        Optional<Organization> certain = certainInboundProtector();
        if (certain.isEmpty() || !certain.get().is(protector.get())) {
            add(Condition.PROTECTION);
        }
        return certain.map(this::refuseProtected);
    }

    private Optional<Verdict> unidentifiedInbound() {
        if (policy.options().unidentifiedMail() != UnidentifiedMail.REJECT || isIdentified()) {
            return Optional.empty();
        }
        if (mayBeIdentified()) {
            add(Condition.IDENTIFICATION);
            return Optional.empty();
        }
        return Optional.of(refuse(tlsOr(Refusing.UNIDENTIFIED_INBOUND), modeOfRecipient()));
    }

    private Optional<Verdict> restrictedByPartner() {
        Optional<PartnerRestriction> restriction = policy.havePartners() ? partnerRestriction() : Optional.empty();
        if (restriction.isEmpty() || !mayBeIdentified()) {
            return restriction.map(this::refuseRestricted);
        }
        Optional<PartnerRestriction> certain = certainPartnerRestriction();
        if (certain.isEmpty()
                || !certain.get().organization().is(restriction.get().organization())) {
            add(Condition.RESTRICTION);
        }
        return certain.map(this::refuseRestricted);
    }

    /** 6.3: what leads out of an organization's domain is mail to it all the same, where that forbids something. */
    private Verdict relayed() {
        Verdict relay = relay();
        if (relay.reply().isPresent()) {
            return relay;
        }
        Optional<Verdict> restricted = restrictedByPartner(); // step 9a
        boolean carriedOut = restricted.isPresent() && !(restricted.get() instanceof Verdict.Audit);
        return carriedOut || relay instanceof Accept ? restricted.orElse(relay) : relay;
    }

    private Verdict relay() {
        boolean mayBeIdentified = mayBeIdentified();
        if (!isIdentified() && !mayBeIdentified) { // step 8
            return refuse(tlsOr(Refusing.NOT_IDENTIFIED), Mode.ENFORCE);
        }
        Optional<Organization> protector = Optional.empty();
        boolean stale = false;
        List<IdentityMatch> matches = identification.matches();
        for (int i = 0; i < matches.size(); i++) { // in the order of 3.8
            IdentityMatch match = matches.get(i);
            Optional<Accepting> way = way(match);
            if (way.isEmpty()) {
                continue;
            }
            // A sender of the connector's own organization is not protected from it.
            Optional<Organization> against = protector(match, way.get());
            if (against.isEmpty()) { // step 9
                stale = stale || (match.organization().standing().ofDirectory() && isDirectoryStale());
                if (!stale || !match.organization().standing().ofDirectory()) {
                    return new Accept(way.get(), match.name());
                }
                continue; // 7.6: a connector of a file may carry it all the same
            }
            // One connector whose mail only an organization in audit would refuse is enough.
            protector = protector.filter(first -> first.mode() == Mode.AUDIT).or(() -> against);
        }
        Optional<Verdict> undecided = mayBeIdentified ? undecidedRelay() : Optional.empty();
        if (undecided.isPresent()) {
            add(Condition.RELAY);
            return undecided.get();
        }
        if (stale) {
            return tempfail(Refusing.STALE_DIRECTORY);
        }
        if (protector.isPresent()) { // step 10
            return refuseProtected(protector.get());
        }
        return refuse( // steps 11 and 12
                sender().isNull() ? Refusing.NULL_SENDER : Refusing.DOMAIN_NOT_ACCEPTED, modeOfIdentified());
    }

    /** 7.7: whether a connector with required header fields may carry the recipient; in the name of its organization. */
    private Optional<Verdict> undecidedRelay() {
        UndecidedCarriers carriers = new UndecidedCarriers(policy, identification, sender());
        Optional<Organization> owner = carriers.owner(); // nearly always the one
        Optional<Verdict> byOwner = owner.isEmpty() ? Optional.empty() : undecidedRelay(owner.get());
        if (byOwner.isPresent()) {
            return byOwner;
        }
        for (Organization organization : carriers.organizations()) {
            boolean asked = owner.isPresent() && owner.get().is(organization);
            Optional<Verdict> verdict = asked ? Optional.empty() : undecidedRelay(organization);
            if (verdict.isPresent()) {
                return verdict;
            }
        }
        return isAnyUndecidedAllowed()
                ? Optional.of(new Accept(
                        sender().isNull() ? Accepting.NULL_SENDER_ALLOWED : Accepting.ANY_DOMAIN, Party.NONE))
                : Optional.empty();
    }

    private Optional<Verdict> undecidedRelay(Organization organization) {
        for (IdentityMatch match : identification.undecided().of(organization)) {
            Optional<Accepting> way = way(match);
            if (way.isPresent() && protector(match, way.get()).isEmpty()) {
                return Optional.of(new Accept(way.get(), new Party.OrganizationName(organization.name())));
            }
        }
        return Optional.empty();
    }

    /** Whoever keeps the sender from the connector: nobody, if it is its own organization's. */
    private Optional<Organization> protector(IdentityMatch match, Accepting way) {
        return way == Accepting.SENDER_DOMAIN && !sender().isUncertain() ? Optional.empty() : relayProtector(match);
    }

    /** 4.1: the way by which the connector may relay for the sender, before sender protection. */
    private Optional<Accepting> way(IdentityMatch match) {
        if (!sender().isNull()) {
            if (!match.connector().senderDomains().isEmpty() && !isWithinSenderDomains(match)) { // 4.2
                return Optional.empty();
            }
            if (isOwnSenderDomain(match)) {
                return Optional.of(Accepting.SENDER_DOMAIN);
            }
        }
        if (isOwnCertificateDomain(match)) {
            return Optional.of(Accepting.CERTIFICATE_DOMAIN);
        }
        if (isAnyDomainAllowed(match)) {
            return Optional.of(Accepting.ANY_DOMAIN);
        }
        return sender().isNull() && isNullSenderAllowed(match) // 4.3
                ? Optional.of(Accepting.NULL_SENDER_ALLOWED)
                : Optional.empty();
    }

    private Verdict defer(Verdict verdict, boolean inbound) {
        return deferIfInDoubt(deferIfCertificateUnknown(verdict), inbound);
    }

    /** 9.3: a client that no connector identifies may be a pinned one until its certificate is known. */
    private Verdict deferIfCertificateUnknown(Verdict verdict) {
        boolean mayBePinned = verdict instanceof Reject && policy.mayBePinned(identification);
        return mayBePinned && !isCertificateKnown() ? tempfail(Refusing.NO_POLICY_DATA) : verdict;
    }

    /** 7.6: what a directory's rows leave open refuses nothing for good. */
    private Verdict deferIfInDoubt(Verdict verdict, boolean inbound) {
        if (!policy.organizations().haveDirectory() || !(verdict instanceof Reject reject)) {
            return verdict;
        }
        return unreadable(reject.cause()).isPresent() || (mayBeByDispute(reject.cause()) && isByDispute(inbound))
                ? tempfail(Refusing.DISPUTED_DOMAIN)
                : verdict;
    }

    // Not of partners: what others claim of their organization's domains has been considered.
    private static boolean mayBeByDispute(Refusing cause) {
        return cause != Refusing.PARTNER_RESTRICTION && cause != Refusing.TLS_REQUIRED;
    }
}
