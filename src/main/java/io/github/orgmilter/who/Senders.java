package io.github.orgmilter.who;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.partner.SenderForms;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.who.Proof.Domain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Who may send as a domain, or with the null sender, under one policy. The numbers are those of docs/rules.md. */
public final class Senders {

    private final Policy policy;
    private final Identities identities;
    private final Sender sender;
    private final List<Organization> owners;

    public Senders(Policy policy, Sender sender) {
        this.policy = policy;
        this.identities = new Identities(policy);
        this.sender = sender;
        owners = sender instanceof Sender.InDomain in ? policy.claimants(in.domain()) : List.of();
    }

    public Sender sender() {
        return sender;
    }

    /** The organizations whose accepted domain it is: several if it is disputed (2.5). */
    public List<Organization> owners() {
        return owners;
    }

    /** Whether it is one of the MTA's own names (2.2). */
    public boolean isLocal() {
        return sender instanceof Sender.InDomain in && policy.isLocal(in.domain());
    }

    /** 8.2: whether the whole service is in audit, so that nobody is refused. */
    public boolean isServiceInAudit() {
        return policy.options().mode() == Mode.AUDIT;
    }

    /** 7.2, step 1: the logins that may send anything. */
    public List<LoginPattern> trustedLogins() {
        return policy.options().trustedLogins().all();
    }

    /** 7.2, step 2: the addresses that may send anything. */
    public List<AddressRange> exemptClients() {
        return policy.options().exemptClients();
    }

    /** 7.6: the owners some of whose connectors cannot be read, so that the answer may lack them. */
    public List<Organization> unreadable() {
        return owners.stream()
                .filter(owner -> owner.standing().connectorsUnreadable())
                .toList();
    }

    /** The owners in enforce whose sender protection keeps it from other organizations' connectors (5.1). */
    public List<Organization> keepers() {
        return owners.stream()
                .filter(Senders::protectsRelay)
                .filter(owner -> owner.mode() == Mode.ENFORCE)
                .toList();
    }

    /** The owners that keep authors of the domain to their own servers (14.1). */
    public List<Organization> authorKeepers() {
        return owners.stream()
                .filter(owner -> owner.headerFrom() != HeaderFrom.OFF)
                .toList();
    }

    /**
     * The connectors whose clients may relay, beside trusted logins and exempt clients, in the order of organizations: those of the
     * owners if these keep the domain, else of all, found as the stream is read (seconds for a million organizations).
     */
    public Stream<Grant> relay() {
        Stream<Organization> candidates = keepers().isEmpty() ? policy.organizations().stream() : owners.stream();
        return candidates.flatMap(organization ->
                organization.connectors().stream().flatMap(connector -> grants(organization, connector).stream()));
    }

    /** Beside trusted logins and exempt clients. */
    public Inbound inbound() {
        List<Organization> protectors = owners.stream()
                .filter(owner -> owner.senderProtection() == SenderProtection.ALL)
                .filter(owner -> owner.mode() == Mode.ENFORCE)
                .toList();
        if (isServiceInAudit()) {
            return new Inbound.Anybody();
        }
        if (!protectors.isEmpty()) {
            return new Inbound.IdentifiedBy(protectors);
        }
        return policy.options().unidentifiedMail() == UnidentifiedMail.REJECT
                ? new Inbound.Identified()
                : new Inbound.Anybody();
    }

    /** The connectors that identify clients for some organizations: what {@link Inbound.IdentifiedBy} requires. */
    public Stream<Identified> identifiedBy(List<Organization> organizations) {
        return organizations.stream()
                .flatMap(organization -> organization.connectors().stream()
                        .flatMap(connector -> identities.of(organization, connector).stream()
                                .map(identity -> new Identified(
                                        new ConnectorName(organization.name(), connector.name()), identity))));
    }

    /**
     * The organizations whose partners restrict mail to them, in the order of organizations, found as the stream is read: what may keep
     * out those that {@link #inbound} names, and those that {@link #relay} does where a recipient leads out of the organization's domain.
     */
    public Stream<Restriction> restrictions() {
        return !policy.havePartners() || sender instanceof Sender.Null
                ? Stream.empty()
                : policy.organizations().stream()
                        .map(organization -> new Restriction(organization, form().concerned(organization.partners())))
                        .filter(restriction -> !restriction.partners().isEmpty());
    }

    /** 15.2 */
    private SenderForms.Form form() {
        return sender instanceof Sender.InDomain in
                ? new SenderForms.Form(Optional.of(in.domain()), isLocal())
                : new SenderForms.Form(Optional.empty(), false);
    }

    /** What an organization's connector lets its clients relay. */
    List<Grant> grants(Organization organization, Connector connector) {
        // First: most connectors of most organizations are about other domains, and their identity takes look-ups.
        boolean possible = isOwn(organization)
                || connector.isCertificateConnector()
                || withoutDomain(connector).isPresent()
                || connector.mode() == Mode.AUDIT;
        return possible
                ? identities
                        .of(organization, connector)
                        .map(identity -> grants(organization, connector, identity))
                        .orElse(List.of())
                : List.of();
    }

    private List<Grant> grants(Organization organization, Connector connector, Identity identity) {
        Optional<Organization> protector = protector(organization);
        boolean kept = protector.filter(owner -> owner.mode() == Mode.ENFORCE).isPresent();
        List<Grant> grants = new ArrayList<>();
        List<Proof> left = identity.proofs(); // those that no way carries whatever the certificate's name is
        boolean whole = false;
        if (isOwn(organization) && isWithinLimit(connector)) {
            grants.add(grant(organization, connector, Rule.SENDER_DOMAIN, identity, protector));
            whole = true;
        } else if (isWithinLimit(connector)) {
            List<Proof> domains = only(identity, proof -> proof.domain() != Domain.NONE);
            if (!domains.isEmpty()) {
                grants.add(grant(organization, connector, Rule.CERTIFICATE_DOMAIN, identity.by(domains), protector));
                left = only(identity, proof -> proof.domain() != Domain.OWN);
                whole = left.isEmpty();
            }
            Optional<Rule> alone = withoutDomain(connector);
            if (!whole && alone.isPresent()) {
                grants.add(grant(organization, connector, alone.get(), identity.by(left), protector));
                whole = true;
            }
        }
        if (kept) {
            grants.clear(); // 7.2, step 10
        }
        if (!whole && isAuditEnough(organization, connector)) {
            ConnectorName name = new ConnectorName(organization.name(), connector.name());
            grants.add(new Grant(name, Rule.AUDIT, identity.by(left), Optional.empty(), false));
        }
        return grants;
    }

    private Grant grant(
            Organization organization,
            Connector connector,
            Rule rule,
            Identity identity,
            Optional<Organization> protector) {
        boolean stale = organization.standing().ofDirectory()
                && policy.options().freshness().isStale();
        return new Grant(
                new ConnectorName(organization.name(), connector.name()),
                rule,
                identity,
                protector.map(Organization::name),
                stale && protector.isEmpty());
    }

    /** 4.1, ways 3 and 4. */
    private Optional<Rule> withoutDomain(Connector connector) {
        if (!connector.requireAcceptedDomain()) {
            return Optional.of(Rule.ANY_DOMAIN);
        }
        return sender instanceof Sender.Null && connector.allowNullSender()
                ? Optional.of(Rule.NULL_SENDER_ALLOWED)
                : Optional.empty();
    }

    /** 4.1, way 1. */
    private boolean isOwn(Organization organization) {
        return owners.size() == 1 && owners.get(0).is(organization);
    }

    /** 4.2 */
    private boolean isWithinLimit(Connector connector) {
        return connector.senderDomains().isEmpty()
                || sender instanceof Sender.Null
                || (sender instanceof Sender.InDomain in
                        && connector.senderDomains().stream().anyMatch(domain -> domain.covers(in.domain())));
    }

    /** 5.2: who keeps the sender from the organization's connectors, one in enforce before one in audit. */
    private Optional<Organization> protector(Organization carrier) {
        return owners.stream()
                .filter(owner -> !owner.is(carrier) && protectsRelay(owner))
                .min(Comparator.comparing(Organization::mode));
    }

    /** 8.2: whether an audit lets its clients pass that no way carries, if the other connectors that identify them allow. */
    private boolean isAuditEnough(Organization organization, Connector connector) {
        List<Organization> keepers = keepers();
        return connector.mode() == Mode.AUDIT
                && (keepers.isEmpty() || keepers.stream().anyMatch(organization::is));
    }

    private static boolean protectsRelay(Organization owner) {
        return owner.senderProtection() != SenderProtection.OFF;
    }

    private static List<Proof> only(Identity identity, Predicate<Proof> test) {
        return identity.proofs().stream().filter(test).toList();
    }
}
