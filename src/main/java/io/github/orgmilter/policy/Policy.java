package io.github.orgmilter.policy;

import io.github.orgmilter.identification.AcceptedDomains;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.ConnectorOutcomes;
import io.github.orgmilter.identification.Connectors;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.index.AddressIndex;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import io.github.orgmilter.organization.Party;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of the service, immutable and complete: the indexes, and the entry points to identification and decision. */
public final class Policy {

    private final AcceptedDomains acceptedDomains;
    private final Predicate<DomainName> inboundDomains;
    private final Connectors connectors;
    private final AddressIndex exemptClients;
    private final ProtectedSenders protectedSenders;
    private final Organizations organizations;
    private final PolicyOptions options;
    private final String revision;

    /**
     * Builds a policy.
     *
     * @param organizations those of files in the order as written, which decides last between connectors
     * @param revision the short id of its configuration
     * @throws IllegalArgumentException if a domain is owned twice
     */
    public Policy(Collection<Organization> organizations, PolicyOptions options, String revision) {
        this(organizations, options, revision, () -> {});
    }

    /**
     * Builds it with pauses.
     *
     * @param pause is run very often, and may take its time
     */
    public Policy(Collection<Organization> organizations, PolicyOptions options, String revision, Runnable pause) {
        this(new Organizations(organizations), options, revision, pause);
    }

    private Policy(Organizations organizations, PolicyOptions options, String revision, Runnable pause) {
        this.acceptedDomains = new AcceptedDomains(organizations, options.localDomains(), pause);
        this.inboundDomains = acceptedDomains::isInbound;
        this.connectors = new Connectors(organizations, acceptedDomains, pause);
        this.exemptClients = new AddressIndex(options.exemptClients());
        this.protectedSenders = new ProtectedSenders(organizations, acceptedDomains);
        this.organizations = organizations;
        this.options = options;
        this.revision = revision;
    }

    /**
     * The policy after a change.
     *
     * @param put organizations that are new, or replace the one of their name
     * @param removed names of organizations that are gone; one that is also put stays
     * @param newRevision the short id of the configuration with the change
     * @throws IllegalArgumentException if files own a domain twice
     */
    public Policy with(
            Collection<Organization> put, Collection<String> removed, PolicyOptions newOptions, String newRevision) {
        return new Policy(organizations.with(put, removed), newOptions, newRevision, () -> {});
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

    /** Whether a name is one of the MTA's own. */
    public boolean isLocal(DomainName name) {
        return acceptedDomains.isLocal(name);
    }

    /** Whether a client may be identified, or exempt, by this address alone. */
    public boolean isKnownClient(IpAddress address) {
        return exemptClients.contains(address) || connectors.haveAddress(address);
    }

    /** Finds the connectors that identify a client. */
    public Identification identify(Client client) {
        return connectors.identify(client);
    }

    /** Decides one recipient of a message from a client that this policy has identified. */
    public Verdict decide(Identification identification, Envelope envelope, Address recipient) {
        return new Decision(this, identification, envelope, recipient).verdict();
    }

    /** Decides the same, and explains it. */
    public Explanation explain(Client client, Envelope envelope, Address recipient) {
        Identification identification = identify(client);
        ExplainedDecision decision = new ExplainedDecision(this, identification, envelope, recipient);
        Verdict verdict = decision.verdict();
        Set<String> concerned = Stream.of(owner(envelope.sender()), owner(recipient), identification.foremost())
                .flatMap(party -> party.organization().stream())
                .collect(Collectors.toSet());
        return new Explanation(
                verdict, new ConnectorOutcomes(connectors, identification).of(concerned), decision.facts());
    }

    /** The verdict where OrgMilter itself failed: the client must try again. */
    public Verdict tempfail() {
        return new Verdict.Tempfail(Cause.Refusing.INTERNAL, options.replies().internal());
    }

    AcceptedDomains acceptedDomains() {
        return acceptedDomains;
    }

    /** The domains in which a recipient is inbound. */
    Predicate<DomainName> inboundDomains() {
        return inboundDomains;
    }

    Connectors connectors() {
        return connectors;
    }

    AddressIndex exemptClients() {
        return exemptClients;
    }

    ProtectedSenders protectedSenders() {
        return protectedSenders;
    }

    /** The organization whose accepted domain an address is in, as given. */
    Party owner(Address address) {
        Optional<Organization> owner = address.domain().flatMap(acceptedDomains::owner);
        return owner.isPresent() ? new Party.OrganizationName(owner.get().name()) : Party.NONE;
    }
}
