package io.github.orgmilter.policy;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.EnvelopeAddress.Malformed;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.index.AddressIndex;
import io.github.orgmilter.policy.Verdict.Accept;
import io.github.orgmilter.policy.Verdict.Reject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The rules of the service: immutable, and whole. One recipient is decided at a time; what a message or a session does to the
 * next is nobody's business here.
 */
public final class Policy {

    private final AcceptedDomains acceptedDomains;
    private final Predicate<DomainName> isInbound;
    private final Connectors connectors;
    private final AddressIndex exemptClients;
    private final List<Organization> organizations;
    private final List<Organization> protectors; // those that keep their sender domains, the ones not in audit first
    private final PolicyOptions options;
    private final String revision;

    /**
     * Builds a policy.
     *
     * @param organizations in the order as written, which is the last word between connectors
     * @param revision the short id of the configuration that it comes from
     * @throws IllegalArgumentException if a domain is owned twice
     */
    public Policy(List<Organization> organizations, PolicyOptions options, String revision) {
        this(organizations, options, revision, () -> {});
    }

    /**
     * Builds it with pauses.
     *
     * @param pause is run very often, and may take its time
     */
    public Policy(List<Organization> organizations, PolicyOptions options, String revision, Runnable pause) {
        this.acceptedDomains = new AcceptedDomains(organizations, options.localDomains(), pause);
        this.isInbound = acceptedDomains::isInbound;
        this.connectors = new Connectors(organizations, acceptedDomains, pause);
        this.exemptClients = new AddressIndex(options.exemptClients());
        this.organizations = List.copyOf(organizations);
        this.protectors = organizations.stream()
                .filter(organization -> organization.senderProtection() != SenderProtection.OFF)
                .sorted(Comparator.comparing(Organization::mode)
                        .thenComparing(Organization::senderProtection, Comparator.reverseOrder()))
                .toList();
        this.options = options;
        this.revision = revision;
    }

    public List<Organization> organizations() {
        return organizations;
    }

    public PolicyOptions options() {
        return options;
    }

    /** The short id of the configuration that it comes from. */
    public String revision() {
        return revision;
    }

    /** Finds the connectors that identify a client. */
    public Identification identify(Client client) {
        return connectors.identify(client);
    }

    /** Decides one recipient of a message from a client that this policy has identified. */
    public Verdict decide(Identification identification, Envelope envelope, Address recipient) {
        return decide(identification, envelope, recipient, Trace.NONE);
    }

    /** Decides the same, and says how it came to that. */
    public Explanation explain(Client client, Envelope envelope, Address recipient) {
        Identification identification = identify(client);
        ReasonWriter reasons = new ReasonWriter(acceptedDomains, connectors.wildcardLimits(), envelope.sender());
        connectors
                .candidates(List.of(
                        owner(envelope.sender().domain()),
                        owner(recipient.domain()),
                        identification.foremost().map(IdentityMatch::organization)))
                .forEach(candidate -> reasons.connector(candidate, identification));
        Verdict verdict = decide(identification, envelope, recipient, reasons);
        return new Explanation(verdict, reasons.connectors(), reasons.steps());
    }

    private Optional<Organization> owner(Optional<DomainName> domain) {
        return domain.flatMap(acceptedDomains::owner);
    }

    private Verdict decide(Identification identification, Envelope envelope, Address recipient, Trace trace) {
        Client client = identification.client();
        Address sender = envelope.sender();
        if (trace.answer(Question.LOGGED_IN, envelope.authentication(), isTrustedLogin(envelope))) {
            return accept(Ground.AUTHENTICATED, identification);
        }
        boolean exempt = client.address().isPresent()
                && exemptClients.contains(client.address().get());
        if (trace.answer(Question.EXEMPT, client, exempt)) {
            return accept(Ground.EXEMPT_CLIENT, identification);
        }
        if (!trace.answer(Question.RECIPIENT_READABLE, recipient, recipient.given() instanceof Mailbox)) {
            return reject(Cause.BAD_RECIPIENT, identification, sender);
        }
        if (!trace.answer(Question.SENDER_READABLE, sender, !(sender.given() instanceof Malformed))) {
            return reject(Cause.BAD_SENDER, identification, sender);
        }
        Verdict verdict = trace.answer(Question.INBOUND, recipient, isInbound(recipient))
                ? inbound(identification, sender, recipient, trace)
                : relay(identification, sender, trace);
        return unlessUntold(verdict, identification, sender, trace);
    }

    private boolean isTrustedLogin(Envelope envelope) {
        return options.trustAuthenticated()
                && envelope.authentication().isPresent()
                && envelope.authentication().get().isLogin();
    }

    /** The verdict where something of our own went wrong: the client is to try again. */
    public Verdict tempfail() {
        return new Verdict.Tempfail(Cause.INTERNAL, options.replies().internal());
    }

    private boolean isInbound(Address recipient) {
        if (!(recipient.given() instanceof Mailbox mailbox) || mailbox.hasRoutingCharacters()) {
            return false;
        }
        if (mailbox.qualified()) {
            return recipient.everyDomain(isInbound);
        }
        return mailbox.isPostmaster()
                || recipient.resolved().filter(ResolvedForm::local).isPresent()
                || recipient.isResolvedTo(acceptedDomains::isLocal);
    }

    private Verdict inbound(Identification identification, Address sender, Address recipient, Trace trace) {
        Optional<Verdict> refusal = protectedInbound(identification, sender, trace);
        // What somebody's audit lets pass by one rule, the next one may still refuse.
        if (refusal.isEmpty() || refusal.get() instanceof Verdict.Audit) {
            Optional<Verdict> next = unidentifiedInbound(identification, sender, recipient, trace);
            if (refusal.isEmpty() || next.filter(Reject.class::isInstance).isPresent()) {
                refusal = next;
            }
        }
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Optional<String> receiver =
                recipient.domain().flatMap(acceptedDomains::owner).map(Organization::name);
        return identification.isIdentified()
                ? accept(Ground.INBOUND, identification)
                : new Accept(Ground.INBOUND, receiver, Optional.empty());
    }

    private Optional<Verdict> protectedInbound(Identification identification, Address sender, Trace trace) {
        Optional<Organization> protectedBy = protectorOf(
                sender,
                owner -> owner.senderProtection() == SenderProtection.ALL && !identification.isIdentifiedBy(owner));
        if (protectedBy.isEmpty()) {
            return Optional.empty();
        }
        trace.answer(Question.PROTECTED_INBOUND, protectedBy.get(), true);
        return Optional.of(protectedSender(identification, sender, protectedBy.get()));
    }

    private Optional<Verdict> unidentifiedInbound(
            Identification identification, Address sender, Address recipient, Trace trace) {
        if (options.unidentifiedMail() != UnidentifiedMail.REJECT
                || trace.answer(Question.IDENTIFIED, identification, identification.isIdentified())) {
            return Optional.empty();
        }
        Cause cause = identification.isTlsMissing() ? Cause.TLS_REQUIRED : Cause.UNIDENTIFIED_INBOUND;
        return Optional.of(refuse(modeOfRecipient(recipient), refusal(cause, identification, sender)));
    }

    private Verdict relay(Identification identification, Address sender, Trace trace) {
        if (!trace.answer(Question.IDENTIFIED, identification, identification.isIdentified())) {
            Cause cause = identification.isTlsMissing() ? Cause.TLS_REQUIRED : Cause.NOT_IDENTIFIED;
            return reject(cause, identification, sender);
        }
        Optional<Organization> protector = Optional.empty();
        List<IdentityMatch> matches = identification.matches();
        for (int i = 0; i < matches.size(); i++) {
            IdentityMatch match = matches.get(i);
            Optional<Ground> ground = ground(match, sender, trace);
            if (ground.isEmpty()) {
                continue;
            }
            Optional<Organization> protectedFrom = protectorAgainst(match, ground.get(), sender);
            if (protectedFrom.isEmpty()) {
                return new Accept(
                        ground.get(),
                        Optional.of(match.organization().name()),
                        Optional.of(match.connector().name()));
            }
            trace.answer(Question.PROTECTED_RELAY, protectedFrom.get(), true);
            // Where only organizations in audit stand in the way of one connector, nobody else's refusal is softened.
            protector = protector.filter(first -> first.mode() == Mode.AUDIT).or(() -> protectedFrom);
        }
        if (protector.isPresent()) {
            return protectedSender(identification, sender, protector.get());
        }
        return reject(sender.isNull() ? Cause.NULL_SENDER : Cause.DOMAIN_NOT_ACCEPTED, identification, sender);
    }

    /**
     * Turns a client that nothing identifies away for now and not for good, where a pin may identify it and nobody has told which
     * certificate it presented.
     */
    private Verdict unlessUntold(Verdict verdict, Identification identification, Address sender, Trace trace) {
        Client client = identification.client();
        boolean matters = verdict instanceof Reject
                && !identification.isIdentified()
                && options.policyDelegation()
                && connectors.havePins();
        return matters
                        && !trace.answer(
                                Question.CERTIFICATE_TOLD,
                                client,
                                client.presented().isPresent())
                ? new Verdict.Tempfail(
                        Cause.NO_POLICY_DATA, options.replies().reply(Cause.NO_POLICY_DATA, client, sender))
                : verdict;
    }

    /** By which domain condition this connector may relay for the sender, before sender protection. */
    private Optional<Ground> ground(IdentityMatch match, Address sender, Trace trace) {
        Connector connector = match.connector();
        if (!sender.isNull()) {
            if (!connector.senderDomains().isEmpty()
                    && !trace.answer(
                            Question.SENDER_WITHIN_LIMIT,
                            match,
                            sender.everyDomain(name -> covers(connector.senderDomains(), name)))) {
                return Optional.empty();
            }
            boolean own = sender.everyDomain(name -> acceptedDomains.isOwnedBy(match.organization(), name));
            if (trace.answer(Question.SENDER_DOMAIN, match, own)) {
                return Optional.of(Ground.SENDER_DOMAIN);
            }
        }
        boolean certificateDomain = match.certificate()
                .filter(certificate ->
                        certificate.anyName(name -> acceptedDomains.isCertificateOf(match.organization(), name)))
                .isPresent();
        if (trace.answer(Question.CERTIFICATE_DOMAIN, match, certificateDomain)) {
            return Optional.of(Ground.CERTIFICATE_DOMAIN);
        }
        if (trace.answer(Question.ANY_DOMAIN, match, !connector.requireAcceptedDomain())) {
            return Optional.of(Ground.ANY_DOMAIN);
        }
        return sender.isNull() && trace.answer(Question.NULL_SENDER_ALLOWED, match, connector.allowNullSender())
                ? Optional.of(Ground.NULL_SENDER_ALLOWED)
                : Optional.empty();
    }

    /** Another organization that keeps its domains from this connector; a sender of the connector's own is no such case. */
    private Optional<Organization> protectorAgainst(IdentityMatch match, Ground ground, Address sender) {
        return ground == Ground.SENDER_DOMAIN
                ? Optional.empty()
                : protectorOf(
                        sender,
                        owner -> !owner.is(match.organization()) && owner.senderProtection() != SenderProtection.OFF);
    }

    /** Of two organizations that forbid a sender, the one that is not in audit: it forbids whatever the other one tries out. */
    private Optional<Organization> protectorOf(Address sender, Predicate<Organization> forbids) {
        if (sender.isUncertain()) {
            return protectors.stream().filter(forbids).findFirst(); // it could be any of theirs
        }
        return ownerOfAnyForm(sender, forbids.and(owner -> owner.mode() == Mode.ENFORCE))
                .or(() -> ownerOfAnyForm(sender, forbids));
    }

    private Optional<Organization> ownerOfAnyForm(Address address, Predicate<Organization> test) {
        return address.domain()
                .flatMap(acceptedDomains::owner)
                .filter(test)
                .or(() -> address.resolved()
                        .flatMap(ResolvedForm::domain)
                        .flatMap(acceptedDomains::owner)
                        .filter(test));
    }

    private static boolean covers(List<AcceptedDomain> domains, DomainName name) {
        return domains.stream().anyMatch(domain -> domain.covers(name));
    }

    private static Accept accept(Ground ground, Identification identification) {
        return new Accept(ground, foremostOrganization(identification), foremostConnector(identification));
    }

    private Verdict reject(Cause cause, Identification identification, Address sender) {
        // Who is not identified relays, and what cannot be read passes, only while the whole service is in audit.
        boolean ofIdentified = cause == Cause.DOMAIN_NOT_ACCEPTED || cause == Cause.NULL_SENDER;
        return refuse(
                ofIdentified ? modeOf(identification, sender) : Mode.ENFORCE, refusal(cause, identification, sender));
    }

    private Reject refusal(Cause cause, Identification identification, Address sender) {
        return new Reject(
                cause,
                options.replies().reply(cause, identification.client(), sender),
                foremostOrganization(identification),
                foremostConnector(identification));
    }

    private Verdict protectedSender(Identification identification, Address sender, Organization protector) {
        return refuse(
                protector.mode(),
                new Reject(
                        Cause.PROTECTED_SENDER,
                        options.replies().reply(Cause.PROTECTED_SENDER, identification.client(), sender),
                        foremostOrganization(identification)
                                .or(() -> sender.isUncertain() ? Optional.empty() : Optional.of(protector.name())),
                        foremostConnector(identification)));
    }

    private Verdict refuse(Mode mode, Reject reject) {
        return mode == Mode.AUDIT || options.mode() == Mode.AUDIT ? new Verdict.Audit(reject) : reject;
    }

    /**
     * The mode in which clients are refused that connectors identify: audit, if all of these are in it, and if nobody else, whose
     * refusals are carried out, keeps the sender's domain.
     */
    private Mode modeOf(Identification identification, Address sender) {
        boolean audit = identification.matches().stream()
                .allMatch(match -> match.connector().mode() == Mode.AUDIT);
        boolean kept = protectorOf(
                        sender,
                        owner -> owner.mode() == Mode.ENFORCE
                                && owner.senderProtection() != SenderProtection.OFF
                                && !identification.isIdentifiedBy(owner))
                .isPresent();
        return audit && !kept ? Mode.AUDIT : Mode.ENFORCE;
    }

    /** The mode in which inbound mail is refused: its recipient's organization has the word. Anybody can write any sender. */
    private Mode modeOfRecipient(Address recipient) {
        return recipient.everyDomain(name -> acceptedDomains
                        .owner(name)
                        .filter(owner -> owner.mode() == Mode.AUDIT)
                        .isPresent())
                ? Mode.AUDIT
                : Mode.ENFORCE;
    }

    private static Optional<String> foremostOrganization(Identification identification) {
        return identification.foremost().map(match -> match.organization().name());
    }

    private static Optional<String> foremostConnector(Identification identification) {
        return identification.foremost().map(match -> match.connector().name());
    }
}
