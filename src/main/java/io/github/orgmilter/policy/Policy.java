package io.github.orgmilter.policy;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.domains.ClaimProblems;
import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Connectors;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identification.IdentityMatch;
import io.github.orgmilter.identification.SharedIdentity;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.index.AddressIndex;
import io.github.orgmilter.organization.AuthorProtectors;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.OrganizationChange;
import io.github.orgmilter.organization.Organizations;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.partner.PartnerUse;
import io.github.orgmilter.policy.explanation.Explanation;
import io.github.orgmilter.policy.indexes.Indexes;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Verdict;
import io.github.orgmilter.verdict.Verdict.Reject;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The rules of the service, immutable and complete: the indexes, and the entry points to identification and decision. */
public final class Policy {

    /** At once, and on several cores where that is worth it. */
    public static final Runnable WITHOUT_PAUSE = () -> {};

    private final AcceptedDomains acceptedDomains;
    private final Predicate<DomainName> inboundDomains;
    private final Connectors connectors;
    private final AddressIndex<AddressRange> exemptClients;
    private final ProtectedSenders protectedSenders;
    private final AuthorProtectors authorProtectors;
    private final PartnerUse partnerUse;
    private final Organizations organizations;
    private final PolicyOptions options;
    private final String revision;
    private final boolean ready;

    /**
     * Builds a policy.
     *
     * @param organizations those of files in the order as written, which decides last between connectors
     * @param revision the short id of its configuration
     * @throws IllegalArgumentException if files own a domain twice
     */
    public Policy(Collection<Organization> organizations, PolicyOptions options, String revision) {
        this(organizations, options, revision, WITHOUT_PAUSE);
    }

    /**
     * Builds it with pauses.
     *
     * @param pause is run very often, and may take its time, unless it is {@link #WITHOUT_PAUSE}
     */
    public Policy(Collection<Organization> organizations, PolicyOptions options, String revision, Runnable pause) {
        this(
                unready(options, revision),
                new OrganizationChange(new Organizations(), organizations, List.of()),
                options,
                revision,
                pause);
    }

    private Policy(Policy before, OrganizationChange change, PolicyOptions options, String revision, Runnable pause) {
        this.organizations = change.organizations();
        Indexes indexes = new Indexes(before.acceptedDomains, before.connectors).with(change, pause);
        this.acceptedDomains = indexes.acceptedDomains();
        this.connectors = indexes.connectors();
        this.inboundDomains = acceptedDomains::isInbound;
        this.exemptClients = before.options.exemptClients().equals(options.exemptClients())
                ? before.exemptClients
                : AddressIndex.of(options.exemptClients());
        this.protectedSenders = before.protectedSenders.with(change.removed(), change.added(), acceptedDomains);
        this.authorProtectors = before.authorProtectors.with(change.removed(), change.added());
        this.partnerUse = before.partnerUse.with(change.removed(), change.added());
        this.options = options;
        this.revision = revision;
        ready = true;
    }

    /** Whether it can decide. */
    public boolean isReady() {
        return ready;
    }

    private Policy(PolicyOptions options, String revision) {
        organizations = new Organizations();
        acceptedDomains = new AcceptedDomains(options.localDomains());
        inboundDomains = acceptedDomains::isInbound;
        connectors = new Connectors();
        exemptClients = AddressIndex.of(options.exemptClients());
        protectedSenders = new ProtectedSenders(acceptedDomains);
        authorProtectors = new AuthorProtectors();
        partnerUse = PartnerUse.NONE;
        this.options = options;
        this.revision = revision;
        ready = false;
    }

    /** One that cannot decide yet, as before a directory has been read: every recipient gets a temporary failure. */
    public static Policy unready(PolicyOptions options, String revision) {
        return new Policy(options, revision);
    }

    /**
     * The policy after a change, which shares with this one what stays. It costs what changes, whatever the number of organizations; all
     * of it if the local domains change.
     *
     * @param put organizations that are new, or replace the one of their name
     * @param removed names of organizations that are gone; one that is also put stays
     * @param newRevision the short id of the configuration with the change
     * @throws IllegalArgumentException if files own a domain twice
     */
    public Policy with(
            Collection<Organization> put, Collection<String> removed, PolicyOptions newOptions, String newRevision) {
        if (!newOptions.localDomains().equals(options.localDomains())) {
            return new Policy(organizations.with(put, removed).stream().toList(), newOptions, newRevision);
        }
        return new Policy(
                this, new OrganizationChange(organizations, put, removed), newOptions, newRevision, WITHOUT_PAUSE);
    }

    public Organizations organizations() {
        return organizations;
    }

    public PolicyOptions options() {
        return options;
    }

    /** The short id of its configuration. */
    public String revision() {
        return revision;
    }

    /** The organization that has a name as an accepted domain, or below one with its subdomains. */
    public Optional<Organization> acceptedDomainOwner(DomainName name) {
        return acceptedDomains.owner(name);
    }

    /** Those that have a name as an accepted domain, or below one with its subdomains: several if it is disputed. */
    public List<Organization> claimants(DomainName name) {
        return acceptedDomains.claimants(name);
    }

    /** Those that own a certificate's name, in A-labels, with the {@code *.} of a wildcard: several if it is disputed. */
    public List<Organization> certificateClaimants(String name) {
        return acceptedDomains.certificateClaimants(name);
    }

    /** The organizations that protect their domains in {@code From} fields. */
    public AuthorProtectors authorProtectors() {
        return authorProtectors;
    }

    /** Whether a connector has required header fields. */
    public boolean requiresHeaders() {
        return connectors.requireHeaders();
    }

    /** Whether a connector has such fields removed. */
    public boolean removesHeaders() {
        return connectors.removeHeaders();
    }

    /** The names of the fields that connectors require, as a set that only looks them up. */
    public Set<FieldName> requiredFields() {
        return connectors.requiredFields();
    }

    /** The first connector that identifies the client and whose organization owns the sender's domain (4.1, way 1). */
    public Optional<IdentityMatch> connectorOfSender(Identification identification, Envelope envelope) {
        return identification.matches().stream()
                .filter(match -> DomainCondition.isOwnSenderDomain(acceptedDomains, match, envelope.sender()))
                .findFirst();
    }

    /** Whether a name is one of the MTA's own. */
    public boolean isLocal(DomainName name) {
        return acceptedDomains.isLocal(name);
    }

    /** Whether a client may be identified, or exempt, by this address alone. */
    public boolean isKnownClient(IpAddress address) {
        return exemptClients.contains(address) || connectors.haveAddress(address);
    }

    /** What organizations of a directory claim and do not have. */
    public ClaimProblems claimProblems() {
        return new ClaimProblems(acceptedDomains, organizations);
    }

    /** Finds what organizations share: one pass over all, seconds for a million of them. */
    public void forEachShared(Consumer<SharedIdentity> receiver) {
        connectors.forEachShared(receiver);
    }

    /** Finds the connectors that identify a client. */
    public Identification identify(Client client) {
        return connectors.identify(client);
    }

    /** Decides one recipient of a message from a client that this policy has identified. */
    public Verdict decide(Identification identification, Envelope envelope, Address recipient) {
        return ready ? new Decision(this, identification, envelope, recipient).verdict() : tempfail();
    }

    /** Decides the same, and explains it. */
    public Explanation explain(Client client, Envelope envelope, Address recipient) {
        return new ExplainedDecision(this, identify(client), envelope, recipient).explanation();
    }

    /** The verdict where OrgMilter itself failed: the client must try again. */
    public Verdict tempfail() {
        return new Verdict.Tempfail(Cause.Refusing.INTERNAL, options.replies().internal());
    }

    /** The verdict on a message that has more or longer header fields than are looked at; it is the same at each try. */
    public Verdict headerLimit(Client client, Address sender) {
        Cause.Refusing cause = Cause.Refusing.HEADER_LIMIT;
        Reject reject =
                new Reject(cause, options.replies().reply(cause, client.display(), sender.shownDomain()), Party.NONE);
        return options.mode() == Mode.AUDIT ? new Verdict.Audit(reject) : reject;
    }

    AcceptedDomains acceptedDomains() {
        return acceptedDomains;
    }

    /** 6.2 to 6.5: whether the recipient is inbound. */
    public boolean isInbound(Address recipient) {
        if (!(recipient.given() instanceof Mailbox mailbox) || mailbox.hasRoutingCharacters()) {
            return false;
        }
        if (mailbox.qualified()) {
            return recipient.everyDomain(inboundDomains);
        }
        return mailbox.isPostmaster()
                || recipient.resolved().filter(ResolvedForm::local).isPresent()
                || recipient.isResolvedTo(acceptedDomains::isLocal);
    }

    /** 9.3: whether a client may turn out to be a pinned one, once its certificate is known. */
    public boolean mayBePinned(Identification identification) {
        return !identification.isIdentified() && options.policyDelegation() && connectors.havePins();
    }

    /** 8.2: that of the organization that an inbound recipient belongs to. */
    Mode modeOf(Address recipient) {
        return recipient.everyDomain(this::isInAudit) ? Mode.AUDIT : Mode.ENFORCE;
    }

    private boolean isInAudit(DomainName domain) {
        return acceptedDomains.owner(domain).isPresent()
                && acceptedDomains
                        .claimant(domain, owner -> owner.mode() == Mode.ENFORCE)
                        .isEmpty();
    }

    Connectors connectors() {
        return connectors;
    }

    AddressIndex<AddressRange> exemptClients() {
        return exemptClients;
    }

    ProtectedSenders protectedSenders() {
        return protectedSenders;
    }

    /** Whether any organization has partners. */
    public boolean havePartners() {
        return !partnerUse.isEmpty();
    }

    /** The organization whose accepted domain an address is in, as given. */
    Party owner(Address address) {
        Optional<Organization> owner = address.domain().flatMap(acceptedDomains::owner);
        return owner.isPresent() ? new Party.OrganizationName(owner.get().name()) : Party.NONE;
    }
}
