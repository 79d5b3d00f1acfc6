package io.github.orgmilter.who;

import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the servers that a connector identifies may do, under one policy. */
public final class Server {

    private final Policy policy;
    private final Organization organization;
    private final Connector connector;

    private Server(Policy policy, Organization organization, Connector connector) {
        this.policy = policy;
        this.organization = organization;
        this.connector = connector;
    }

    /** Those of a connector; empty if there is none of this name. */
    public static Optional<Server> of(Policy policy, ConnectorName name) {
        return policy.organizations()
                .find(name.owner())
                .flatMap(organization -> organization.connectors().stream()
                        .filter(connector -> connector.name().equals(name.name()))
                        .findFirst()
                        .map(connector -> new Server(policy, organization, connector)));
    }

    public ConnectorName name() {
        return new ConnectorName(organization.name(), connector.name());
    }

    public Connector connector() {
        return connector;
    }

    /** What a client must have; empty if it identifies none, as when it is disabled. */
    public Optional<Identity> identity() {
        return new Identities(policy).of(organization, connector);
    }

    /** The accepted domains of its organization, as the stream is read. */
    public Stream<OwnDomain> ownDomains() {
        return organization.acceptedDomains().stream().map(accepted -> {
            Senders senders = new Senders(policy, new Sender.InDomain(accepted.domain()));
            return new OwnDomain(accepted, senders.owners(), senders.grants(organization, connector));
        });
    }

    /**
     * What it may relay as any domain that no organization has; as one of another organization, the same if that organization's
     * sender protection is {@code off}, and else nothing (docs/rules.md, 5.1).
     */
    public List<Grant> elsewhere() {
        return new Senders(policy, new Sender.Elsewhere()).grants(organization, connector);
    }

    /** What it may relay with the null sender. */
    public List<Grant> nullSender() {
        return new Senders(policy, new Sender.Null()).grants(organization, connector);
    }

    /** Whether another organization has partners, which restrict what its servers send there (docs/rules.md, section 15). */
    public boolean isRestrictedByPartners() {
        return policy.havePartners()
                && policy.organizations().stream()
                        .anyMatch(other ->
                                !other.is(organization) && !other.partners().isEmpty());
    }

    /** Whether refusals of its clients are not carried out where the rules allow for audit (docs/rules.md, 8.2). */
    public boolean isInAudit() {
        return connector.mode() == Mode.AUDIT || policy.options().mode() == Mode.AUDIT;
    }
}
