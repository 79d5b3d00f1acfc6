package io.github.orgmilter.policy;

import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.EnvelopeAddress.Malformed;
import io.github.orgmilter.identity.EnvelopeAddress.Null;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.organization.RequiredHeaders;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.verdict.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules once more, from the specification's text alone: linear searches, no index, nothing shared with {@link Policy} but the
 * records that hold a configuration. Where the two differ, one of them has a bug.
 */
final class RuleModel {

    /** {@code relay}: the recipient is relayed only if the header has what a connector requires. */
    record Outcome(
            String action, String cause, Optional<String> organization, Optional<String> connector, boolean relay) {

        Outcome(String action, String cause, Optional<String> organization, Optional<String> connector) {
            this(action, cause, organization, connector, false);
        }
    }

    /** {@code pin}: 0 by the certificate, 1 by the key, 2 by no pin. {@code login}: 0 exactly, 1 by its domain, 2 by none. */
    private record Match(
            Organization organization,
            Connector connector,
            int kind,
            int pin,
            int pattern,
            int login,
            Optional<AddressRange> range) {}

    private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9_-]{1,63}([.][a-z0-9_-]{1,63})*");

    private final List<Organization> organizations;
    private final PolicyOptions options;
    private final ClaimModel claims;
    private final Set<String> reached = new TreeSet<>();
    private List<Match> identified = List.of(); // of the client that is decided on
    private List<Match> undecided = List.of(); // by the header
    private Predicate<Connector> considered =
            any -> true; // all, or once the header has ended those whose fields it has

    RuleModel(List<Organization> organizations, PolicyOptions options) {
        // Those of files as written, those of a directory by name, and so their connectors.
        this.organizations = Stream.concat(
                        organizations.stream().filter(o -> !o.standing().ofDirectory()),
                        organizations.stream()
                                .filter(o -> o.standing().ofDirectory())
                                .sorted(Comparator.comparing(Organization::name)))
                .toList();
        this.options = options;
        claims = new ClaimModel(organizations, options.localDomains());
    }

    /** The branches of the rules for partners and for the end of the header that were reached. */
    Set<String> reached() {
        return reached;
    }

    Outcome decide(Client client, Envelope envelope, Address recipient) {
        identified = allMatches(client, false, c -> c.requiredHeaders().isEmpty());
        undecided = allMatches(client, false, c -> !c.requiredHeaders().isEmpty());
        considered = any -> true;
        return decideWhatIsUndecided(client, envelope, recipient);
    }

    private Outcome decideWhatIsUndecided(Client client, Envelope envelope, Address recipient) {
        Outcome outcome = decideWithWhatIsKnown(client, envelope, recipient);
        boolean syntax =
                outcome.cause().equals("bad-recipient") || outcome.cause().equals("bad-sender");
        if (syntax) {
            return outcome;
        }
        return unlessInDoubt(
                client, envelope.sender(), recipient, identified.isEmpty() ? unlessUntold(client, outcome) : outcome);
    }

    private Outcome decideWithWhatIsKnown(Client client, Envelope envelope, Address recipient) {
        List<Match> matches = identified;
        Optional<String> byOrganization =
                matches.stream().findFirst().map(m -> m.organization().name());
        Optional<String> byConnector =
                matches.stream().findFirst().map(m -> m.connector().name());
        // 1. Exempt.
        if (login(client)
                .filter(l -> options.trustedLogins().all().stream().anyMatch(p -> accepts(p, l)))
                .isPresent()) {
            return new Outcome("accept", "authenticated", byOrganization, byConnector);
        }
        if (client.address().isPresent()
                && options.exemptClients().stream()
                        .anyMatch(r -> r.contains(client.address().get()))) {
            return new Outcome("accept", "exempt-client", byOrganization, byConnector);
        }
        // 2. Syntax.
        if (recipient.given() instanceof Malformed || recipient.given() instanceof Null) {
            return refuse("bad-recipient", false, byOrganization, byConnector);
        }
        if (envelope.sender().given() instanceof Malformed) {
            return refuse("bad-sender", false, byOrganization, byConnector);
        }
        // 3. Inbound.
        if (isInbound(recipient)) {
            // 3a to 3c: whichever is carried out, else whichever is not.
            List<Outcome> refusals = Stream.of(
                            ofProtection(envelope.sender()),
                            ofIdentification(client, recipient),
                            byPartners(client, envelope.sender(), recipient))
                    .flatMap(Optional::stream)
                    .toList();
            if (!refusals.isEmpty()) {
                return refusals.stream()
                        .filter(r -> !r.action().equals("audit"))
                        .findFirst()
                        .orElse(refusals.get(0));
            }
            Optional<String> receiver = domain(recipient).stream()
                    .flatMap(d -> owners(d).stream())
                    .findFirst()
                    .map(Organization::name);
            return new Outcome("accept", "inbound", byOrganization.or(() -> receiver), byConnector);
        }
        // 4 and 5, and a recipient that leads out of the domain of an organization with partners.
        Outcome relay = relay(client, envelope);
        if (!relay.action().equals("accept") && !relay.action().equals("audit")) {
            return relay;
        }
        Optional<Outcome> byPartners = byPartners(client, envelope.sender(), recipient);
        if (byPartners.isPresent()) {
            reached.add("relayed");
        }
        return byPartners
                .filter(r -> !r.action().equals("audit") || relay.action().equals("accept"))
                .map(r -> new Outcome(
                        r.action(),
                        r.cause(),
                        r.organization(),
                        r.connector(),
                        relay.relay() && r.action().equals("audit")))
                .orElse(relay);
    }

    private static Optional<String> organization(List<Match> matches) {
        return matches.stream().findFirst().map(m -> m.organization().name());
    }

    private static Optional<String> connector(List<Match> matches) {
        return matches.stream().findFirst().map(m -> m.connector().name());
    }

    private boolean isTlsMissing(Client client) {
        return identified.isEmpty() && !allMatches(client, true, considered).isEmpty();
    }

    private boolean mayBeOf(Organization organization) {
        return Stream.concat(identified.stream(), undecided.stream()).anyMatch(m -> m.organization() == organization);
    }

    /** 3a. */
    private Optional<Outcome> ofProtection(Address sender) {
        boolean uncertain = isUncertain(sender);
        List<Organization> protectors = (uncertain ? organizations : ownersOfAnyForm(sender))
                .stream()
                        .filter(o -> o.senderProtection() == SenderProtection.ALL)
                        .filter(o -> !mayBeOf(o))
                        .sorted(Comparator.comparing(RuleModel::isAudited))
                        .toList();
        if (protectors.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> protector = Optional.of(protectors.get(0).name());
        boolean audited = protectors.stream().allMatch(RuleModel::isAudited);
        Optional<String> named =
                uncertain ? organization(identified) : organization(identified).or(() -> protector);
        return Optional.of(refuse("protected-sender", audited, named, connector(identified)));
    }

    /** 3b. */
    private Optional<Outcome> ofIdentification(Client client, Address recipient) {
        if (options.unidentifiedMail() != UnidentifiedMail.REJECT || !identified.isEmpty() || !undecided.isEmpty()) {
            return Optional.empty();
        }
        boolean audited = bothForms(
                recipient, d -> !owners(d).isEmpty() && owners(d).stream().allMatch(RuleModel::isAudited));
        String cause = isTlsMissing(client) ? "tls-required" : "unidentified-inbound";
        return Optional.of(refuse(cause, audited, Optional.empty(), Optional.empty()));
    }

    private Outcome relay(Client client, Envelope envelope) {
        boolean uncertain = isUncertain(envelope.sender());
        List<Organization> senders = uncertain ? organizations : ownersOfAnyForm(envelope.sender());
        Optional<String> byOrganization = organization(identified);
        Optional<String> byConnector = connector(identified);
        boolean tlsMissing = isTlsMissing(client);
        List<Match> matches = identified;
        // 4. Relay, not identified.
        if (matches.isEmpty() && undecided.isEmpty()) {
            return refuse(tlsMissing ? "tls-required" : "not-identified", false, byOrganization, byConnector);
        }
        // 5. Relay, identified.
        boolean stale = false;
        boolean onlyProtection = false;
        boolean onlyAuditedProtection = false;
        for (Match match : matches) {
            Optional<String> ground = ground(match, client, envelope.sender());
            List<Organization> protectors = ground.equals(Optional.of("sender-domain")) && !uncertain
                    ? List.of()
                    : senders.stream()
                            .filter(o -> o != match.organization() && o.senderProtection() != SenderProtection.OFF)
                            .toList();
            if (ground.isPresent()
                    && protectors.isEmpty()
                    && match.organization().standing().ofDirectory()
                    && options.freshness().isStale()) {
                stale = true;
                continue;
            }
            if (ground.isPresent() && protectors.isEmpty()) {
                return new Outcome(
                        "accept",
                        ground.get(),
                        Optional.of(match.organization().name()),
                        Optional.of(match.connector().name()));
            }
            onlyProtection |= ground.isPresent();
            onlyAuditedProtection |= ground.isPresent() && protectors.stream().allMatch(RuleModel::isAudited);
        }
        boolean headerDecides = undecided.stream()
                .anyMatch(m -> ground(m, client, envelope.sender())
                        .filter(g -> (g.equals("sender-domain") && !uncertain)
                                || senders.stream()
                                        .allMatch(o ->
                                                o == m.organization() || o.senderProtection() == SenderProtection.OFF))
                        .isPresent());
        if (headerDecides) {
            return new Outcome("accept", "", Optional.empty(), Optional.empty(), true);
        }
        if (stale) {
            return new Outcome("tempfail", "stale-directory", Optional.empty(), Optional.empty());
        }
        if (onlyProtection) {
            return refuse("protected-sender", onlyAuditedProtection, byOrganization, byConnector);
        }
        boolean fromNull = envelope.sender().given() instanceof Null;
        boolean kept = senders.stream()
                .filter(o -> !isAudited(o) && o.senderProtection() != SenderProtection.OFF && !fromNull)
                .anyMatch(o -> matches.stream().noneMatch(m -> m.organization() == o));
        boolean audited = !kept
                && !matches.isEmpty()
                && matches.stream().allMatch(m -> m.connector().mode() == Mode.AUDIT);
        return refuse(fromNull ? "null-sender" : "domain-not-accepted", audited, byOrganization, byConnector);
    }

    /** How well a partner knows a client: 0 by all kinds, 1 perhaps by a pin, 2 but for encryption, 3 not. */
    private int level(Partner partner, Client client) {
        boolean asksForCertificate = !partner.certificateNames().isEmpty()
                || !partner.pins().isEmpty()
                || !partner.issuers().isEmpty();
        boolean address = partner.addresses().ranges().isEmpty()
                || client.address()
                        .flatMap(a -> smallest(partner.addresses().ranges(), a))
                        .isPresent();
        boolean issuer = partner.issuers().isEmpty()
                || client.certificateIssuer()
                        .filter(partner.issuers()::contains)
                        .isPresent();
        boolean name = client.certificateName()
                .filter(n -> partner.certificateNames().stream().anyMatch(p -> rank(p, n) >= 0))
                .isPresent();
        boolean pin = pinned(partner.pins(), client).findAny().isPresent();
        boolean neither = partner.certificateNames().isEmpty() && partner.pins().isEmpty();
        boolean told = client.presented().isPresent() || !options.policyDelegation();
        if (address && !asksForCertificate) {
            return client.encrypted() || !partner.requireTls() ? 0 : 2;
        }
        if (!address || !issuer || !client.encrypted()) {
            return 3;
        }
        if (neither || name || pin) {
            return 0;
        }
        return !partner.pins().isEmpty() && !told ? 1 : 3;
    }

    /** How well the partners know the client of this sender. */
    private int level(List<Partner> partners, Client client, Address sender) {
        if (sender.given() instanceof Null) {
            reached.add("null");
            return 0;
        }
        if (isUncertain(sender)) {
            reached.add("uncertain");
            return partners.stream().mapToInt(p -> level(p, client)).max().orElse(0);
        }
        Mailbox given = (Mailbox) sender.given();
        int level = 0;
        if (given.qualified() || sender.resolved().isEmpty()) {
            boolean written =
                    domain(sender).filter(d -> isWrittenAs(d, text(sender))).isPresent();
            boolean local =
                    written && options.localDomains().contains(domain(sender).get());
            level = levelOfForm(partners, client, domain(sender), local);
        }
        if (sender.resolved().isPresent()) {
            ResolvedForm form = sender.resolved().get();
            Optional<DomainName> domain = resolvedDomain(sender);
            boolean local = domain.isPresent()
                    ? !form.mapped() && options.localDomains().contains(domain.get())
                    : form.local();
            level = Math.max(level, levelOfForm(partners, client, domain, local));
        }
        return level;
    }

    private int levelOfForm(List<Partner> partners, Client client, Optional<DomainName> domain, boolean local) {
        List<Partner> concerned = domain.stream()
                .flatMap(d -> partners.stream()
                        .filter(p -> p.senderDomains().stream()
                                .anyMatch(e -> !e.subdomains() && e.domain().equals(d))))
                .toList();
        String reason = "exact";
        if (concerned.isEmpty() && domain.isPresent()) {
            reason = "below";
            int longest = partners.stream()
                    .flatMap(p -> p.senderDomains().stream())
                    .filter(e -> e.subdomains() && within(e, domain.get().ascii()))
                    .mapToInt(e -> e.domain().ascii().length())
                    .max()
                    .orElse(-1);
            concerned = partners.stream()
                    .filter(p -> p.senderDomains().stream()
                            .anyMatch(e -> e.subdomains()
                                    && within(e, domain.get().ascii())
                                    && e.domain().ascii().length() == longest))
                    .toList();
        }
        if (concerned.isEmpty()) {
            reason = local ? "local" : "everybody";
            concerned = partners.stream().filter(p -> p.everybody() && !local).toList();
        }
        reached.add(reason);
        return concerned.stream().mapToInt(p -> level(p, client)).min().orElse(0);
    }

    /** What the partners of the recipient's organizations refuse. */
    private Optional<Outcome> byPartners(Client client, Address sender, Address recipient) {
        record Restriction(Organization organization, int level, boolean sure) {}
        List<Restriction> restrictions = new ArrayList<>();
        for (Optional<DomainName> form : List.of(domain(recipient), resolvedDomain(recipient))) {
            List<Organization> owners = form.map(this::owners).orElse(List.of());
            for (Organization owner : owners) {
                List<Partner> partners = owner.partners().all();
                if (partners.isEmpty()) {
                    continue;
                }
                if (mayBeOf(owner)) {
                    boolean certain = identified.stream().anyMatch(m -> m.organization() == owner);
                    reached.add(certain ? "own server" : "own server, if the header has its fields");
                    continue;
                }
                int level = level(partners, client, sender);
                reached.add("level " + level);
                restrictions.add(new Restriction(owner, level, owners.size() == 1 && !isUnreadable(owner)));
            }
        }
        restrictions.removeIf(r -> r.level() == 0);
        restrictions.sort(Comparator.comparing((Restriction r) -> isAudited(r.organization()))
                .thenComparing(r -> !r.sure())
                .thenComparing(r -> -r.level()));
        if (restrictions.isEmpty()) {
            return Optional.empty();
        }
        Restriction deciding = restrictions.get(0);
        Optional<String> named = Optional.of(deciding.organization().name());
        Outcome refusal = refuse(
                deciding.level() == 2 ? "tls-required" : "partner-restriction",
                isAudited(deciding.organization()),
                organization(identified).or(() -> named),
                connector(identified));
        if (refusal.action().equals("audit")) {
            return Optional.of(refusal);
        }
        if (!deciding.sure()) {
            reached.add("in doubt");
            return Optional.of(new Outcome("tempfail", "disputed-domain", Optional.empty(), Optional.empty()));
        }
        return Optional.of(
                deciding.level() == 1
                        ? new Outcome("tempfail", "no-policy-data", Optional.empty(), Optional.empty())
                        : refusal);
    }

    /** What the header refuses a message with; empty if nothing that is carried out. The recipients are those that were accepted. */
    Optional<Outcome> decideHeader(
            Client client, Envelope envelope, Map<Address, Outcome> recipients, Map<String, String> fields) {
        identify(client, fields);
        Map<Condition, List<Outcome>> refusals = new EnumMap<>(Condition.class);
        Arrays.stream(Condition.values()).forEach(condition -> refusals.put(condition, new ArrayList<>()));
        recipients.forEach((recipient, before) -> {
            if (List.of("authenticated", "exempt-client", "bad-recipient", "bad-sender")
                    .contains(before.cause())) {
                return;
            }
            if (before.relay()) {
                Outcome now = relay(client, envelope);
                boolean mismatch =
                        now.action().equals("reject") || (now.action().equals("audit") && options.mode() == Mode.AUDIT);
                refusals.get(Condition.RELAY)
                        .add(mismatch ? refuse("header-mismatch", false, now.organization(), now.connector()) : now);
            } else if (isInbound(recipient)) {
                ofProtection(envelope.sender()).ifPresent(refusals.get(Condition.PROTECTION)::add);
                ofIdentification(client, recipient).ifPresent(refusals.get(Condition.IDENTIFICATION)::add);
            }
            byPartners(client, envelope.sender(), recipient).ifPresent(refusals.get(Condition.RESTRICTION)::add);
        });
        for (Condition condition :
                List.of(Condition.RELAY, Condition.PROTECTION, Condition.RESTRICTION, Condition.IDENTIFICATION)) {
            Optional<Outcome> refusal = refusals.get(condition).stream()
                    .map(o -> unlessInDoubtOrUntold(client, envelope, recipients.keySet(), o))
                    .filter(o -> List.of("reject", "tempfail").contains(o.action()))
                    .findFirst();
            if (refusal.isPresent()) {
                reached.add(condition.key() + " " + refusal.get().cause());
                return refusal;
            }
        }
        return Optional.empty();
    }

    /** What a recipient that was accepted comes to by a header that refuses nothing. */
    Outcome settled(Client client, Envelope envelope, Address recipient, Map<String, String> fields) {
        identify(client, fields);
        return decideWithWhatIsKnown(client, envelope, recipient);
    }

    private Outcome unlessInDoubtOrUntold(Client client, Envelope envelope, Set<Address> recipients, Outcome outcome) {
        boolean relay = outcome.cause().equals("header-mismatch");
        Address one = recipients.stream()
                .filter(r -> r.given() instanceof Mailbox && isInbound(r) != relay)
                .findFirst()
                .orElse(recipients.iterator().next());
        return unlessInDoubt(
                client, envelope.sender(), one, identified.isEmpty() ? unlessUntold(client, outcome) : outcome);
    }

    private void identify(Client client, Map<String, String> fields) {
        considered = c -> c.requiredHeaders().isEmpty() || hold(c.requiredHeaders(), fields);
        identified = Stream.concat(
                        allMatches(client, false, c -> c.requiredHeaders().isEmpty()).stream(),
                        allMatches(
                                client, false, c -> !c.requiredHeaders().isEmpty() && hold(c.requiredHeaders(), fields))
                                .stream())
                .toList();
        undecided = List.of();
    }

    /** Whether each field is there, with one of its values. */
    static boolean hold(RequiredHeaders required, Map<String, String> fields) {
        return required.fields().entrySet().stream().allMatch(field -> {
            Optional<String> value =
                    Optional.ofNullable(fields.get(field.getKey().text().toLowerCase(Locale.ROOT)));
            return field.getValue().stream().anyMatch(allowed -> value.equals(Optional.of(allowed.key())));
        });
    }

    /** What the authors of a message refuse; empty if nothing. The recipients are those that were accepted, with why. */
    Optional<Outcome> decideAuthors(
            Client client, Map<Address, Outcome> recipients, FromDomains from, Map<String, String> fields) {
        identify(client, fields);
        Set<String> exempt = Set.of("authenticated", "exempt-client");
        if (recipients.values().stream().allMatch(o -> exempt.contains(o.cause()))) {
            return Optional.empty();
        }
        boolean relayed = recipients.keySet().stream().anyMatch(r -> !(r.given() instanceof Mailbox) || !isInbound(r));
        Optional<String> organization =
                identified.stream().findFirst().map(m -> m.organization().name());
        Optional<String> connector =
                identified.stream().findFirst().map(m -> m.connector().name());
        List<Organization> all = organizations.stream()
                .filter(o -> o.headerFrom() != HeaderFrom.OFF)
                .toList();
        if (relayed && from.syntax() == FromDomains.Syntax.INVALID && !all.isEmpty()) {
            boolean audited = all.stream().allMatch(RuleModel::isAudited);
            return Optional.of(
                    unlessAuthorsUntold(client, refuse("protected-header-from", audited, organization, connector)));
        }
        List<Organization> enforcing = new ArrayList<>();
        List<Organization> certain = new ArrayList<>();
        List<Organization> auditing = new ArrayList<>();
        for (DomainName domain : from.domains().stream()
                .sorted(Comparator.comparing(DomainName::ascii))
                .toList()) {
            List<Organization> owners = owners(domain);
            for (Organization owner : owners) {
                boolean applies =
                        owner.headerFrom() == HeaderFrom.ALL || (owner.headerFrom() == HeaderFrom.RELAY && relayed);
                if (!applies || identified.stream().anyMatch(m -> m.organization() == owner)) {
                    continue;
                }
                (isAudited(owner) ? auditing : enforcing).add(owner);
                boolean doubtful = isUnreadable(owner) || (owners.size() > 1 && !identified.isEmpty());
                if (!doubtful) {
                    certain.add(owner);
                }
            }
        }
        List<Organization> deciding = enforcing.isEmpty() ? auditing : enforcing;
        if (deciding.isEmpty()) {
            return Optional.empty();
        }
        Optional<Organization> sure =
                deciding.stream().filter(certain::contains).findFirst();
        Optional<String> named = Optional.of(sure.orElse(deciding.get(0)).name());
        Outcome outcome = refuse("protected-header-from", enforcing.isEmpty(), organization.or(() -> named), connector);
        return Optional.of(
                sure.isEmpty() && outcome.action().equals("reject")
                        ? new Outcome("tempfail", "disputed-domain", Optional.empty(), Optional.empty())
                        : unlessAuthorsUntold(client, outcome));
    }

    /** With a message that has these header fields. */
    boolean isIdentified(Client client, Map<String, String> fields) {
        identify(client, fields);
        return !identified.isEmpty();
    }

    /** With a message that has these header fields. */
    boolean isIdentifiedBy(Client client, Map<String, String> fields, Organization organization) {
        identify(client, fields);
        return mayBeOf(organization);
    }

    /** Every connector that identifies the client is in audit, and no condition of 4.1 holds for any. */
    boolean isAuditedWithoutGround(Client client, Map<String, String> fields, Address sender) {
        identify(client, fields);
        return identified.stream()
                .allMatch(m -> m.connector().mode() == Mode.AUDIT
                        && ground(m, client, sender).isEmpty());
    }

    /** Whether a partner knows the client by all its kinds. */
    boolean holds(Partner partner, Client client) {
        return level(partner, client) == 0;
    }

    private Outcome unlessAuthorsUntold(Client client, Outcome outcome) {
        return identified.isEmpty() ? unlessUntold(client, outcome) : outcome;
    }

    /** {@code audit} for a refusal that is not carried out. */
    private Outcome refuse(String cause, boolean audited, Optional<String> organization, Optional<String> connector) {
        boolean carriedOut = !audited && options.mode() == Mode.ENFORCE;
        return new Outcome(carriedOut ? "reject" : "audit", cause, organization, connector);
    }

    /** Pins are there, Postfix was to tell of the certificate, and did not: nobody can say that it is not a pinned one. */
    private Outcome unlessUntold(Client client, Outcome outcome) {
        boolean pinned = organizations.stream()
                .anyMatch(o -> o.connectors().stream()
                        .anyMatch(c -> c.enabled() && !c.pins().isEmpty()));
        return outcome.action().equals("reject")
                        && options.policyDelegation()
                        && pinned
                        && client.presented().isEmpty()
                ? new Outcome("tempfail", "no-policy-data", Optional.empty(), Optional.empty())
                : outcome;
    }

    /** A refusal that may be the fault of a directory's rows is not for good. */
    private Outcome unlessInDoubt(Client client, Address sender, Address recipient, Outcome outcome) {
        if (!outcome.action().equals("reject")) {
            return outcome;
        }
        List<Match> matches = identified;
        boolean ofSender = ownersOfAnyForm(sender).stream().anyMatch(RuleModel::isUnreadable);
        boolean ofClient =
                List.of("domain-not-accepted", "null-sender", "header-mismatch").contains(outcome.cause())
                        && matches.stream().anyMatch(m -> isUnreadable(m.organization()));
        boolean ofOthers = List.of("partner-restriction", "tls-required").contains(outcome.cause());
        boolean disputed = isInbound(recipient)
                ? !(matches.isEmpty() && undecided.isEmpty())
                        && !isUncertain(sender)
                        && soleOwners(sender)
                                .noneMatch(o -> o.senderProtection() == SenderProtection.ALL
                                        && Stream.concat(matches.stream(), undecided.stream())
                                                .noneMatch(m -> m.organization() == o))
                : Stream.concat(matches.stream(), undecided.stream()).anyMatch(m -> wouldCarry(m, client, sender));
        return ofSender || ofClient || (disputed && !ofOthers)
                ? new Outcome("tempfail", "disputed-domain", Optional.empty(), Optional.empty())
                : outcome;
    }

    private static boolean isUnreadable(Organization organization) {
        return organization.standing().connectorsUnreadable();
    }

    /** The owners of forms of the sender that nobody disputes. */
    private Stream<Organization> soleOwners(Address sender) {
        return Stream.concat(domain(sender).stream(), resolvedDomain(sender).stream())
                .map(this::owners)
                .filter(owners -> owners.size() == 1)
                .map(owners -> owners.get(0));
    }

    /** Whether it would, if every dispute ended in favour of the connector's organization, or of nobody that protects. */
    private boolean wouldCarry(Match match, Client client, Address sender) {
        boolean isNull = sender.given() instanceof Null;
        List<AcceptedDomain> limit = match.connector().senderDomains();
        if (!isNull && !limit.isEmpty() && !bothForms(sender, d -> within(limit, d))) {
            return false;
        }
        boolean mayBeOwn = !isNull && bothForms(sender, d -> owners(d).contains(match.organization()));
        boolean certificate = certificateNames(match, client)
                .anyMatch(name -> claims.ofCertificate(name).contains(match.organization()));
        boolean otherWay = certificate
                || !match.connector().requireAcceptedDomain()
                || (isNull && match.connector().allowNullSender());
        Stream<Organization> protectors = isUncertain(sender) ? organizations.stream() : soleOwners(sender);
        boolean forbidden =
                protectors.anyMatch(o -> o != match.organization() && o.senderProtection() != SenderProtection.OFF);
        return (mayBeOwn && !isUncertain(sender)) || ((mayBeOwn || otherWay) && !forbidden);
    }

    /** Nobody can say whose address it is: routing characters, or a domain that is none, and no resolved domain. */
    private static boolean isUncertain(Address sender) {
        if (!(sender.given() instanceof Mailbox mailbox)
                || (sender.resolved().isPresent()
                        && sender.resolved().get().domain().isPresent())) {
            return false;
        }
        boolean routed = mailbox.localPart().matches("(?s).*[%!@].*");
        boolean literal = mailbox.text().matches("(?is).*@\\[(ipv6:[0-9a-f:.]+|[0-9.]+)]");
        return routed || (mailbox.qualified() && mailbox.domain().isEmpty() && !literal);
    }

    private static boolean isAudited(Organization organization) {
        return organization.mode() == Mode.AUDIT;
    }

    /** The domain conditions 1 to 4 of a connector, sender protection left aside. */
    private Optional<String> ground(Match match, Client client, Address sender) {
        Connector connector = match.connector();
        boolean isNull = sender.given() instanceof Null;
        if (!isNull
                && !connector.senderDomains().isEmpty()
                && !bothForms(sender, d -> within(connector.senderDomains(), d))) {
            return Optional.empty();
        }
        if (!isNull && bothForms(sender, d -> owners(d).equals(List.of(match.organization())))) {
            return Optional.of("sender-domain");
        }
        if (certificateNames(match, client).anyMatch(name -> certificateDomainIsOwn(match, name))) {
            return Optional.of("certificate-domain");
        }
        if (!connector.requireAcceptedDomain()) {
            return Optional.of("any-domain");
        }
        return isNull && connector.allowNullSender() ? Optional.of("null-sender-allowed") : Optional.empty();
    }

    /** The names whose domain may count: that of the certificate, and those that a pinned one is known to have. */
    private static Stream<String> certificateNames(Match match, Client client) {
        Stream<String> presented = client.certificateName().stream()
                .flatMap(name -> name.ascii()
                        ? Stream.of(name.text().toLowerCase(Locale.ROOT))
                        : match.pin() == 2 ? Stream.of(nameInConfiguration(match, name)) : Stream.of());
        if (match.pin() < 2) {
            return Stream.concat(
                    presented,
                    pinned(match.connector().pins(), client)
                            .filter(pin -> pin.kind().ordinal() == match.pin())
                            .flatMap(pin -> pin.names().stream().map(CertificateNamePattern::toString)));
        }
        return match.connector().certificateNames().isEmpty() ? Stream.of() : presented;
    }

    /** Whose the name is: the most specific of the name itself, its parent domain, an ancestor with its subdomains. */
    private boolean certificateDomainIsOwn(Match match, String name) {
        return isCertificateOf(match.organization(), name);
    }

    boolean isCertificateOf(Organization organization, String name) {
        return claims.ofCertificate(name).equals(List.of(organization));
    }

    private static Stream<Pin> pinned(List<Pin> pins, Client client) {
        if (client.presented().isEmpty() || !client.encrypted()) {
            return Stream.of();
        }
        Optional<Fingerprint> certificate = client.presented().get().certificate();
        Optional<Fingerprint> key = client.presented().get().publicKey();
        return pins.stream()
                .filter(pin ->
                        Optional.of(pin.fingerprint()).equals(pin.kind() == Pin.Kind.CERTIFICATE ? certificate : key));
    }

    private static String nameInConfiguration(Match match, CertificateName presented) {
        return match.connector().certificateNames().stream()
                .filter(p -> rank(p, presented) >= 0)
                .map(CertificateNamePattern::toString)
                .findFirst()
                .orElseThrow();
    }

    private boolean isInbound(Address recipient) {
        Mailbox mailbox = (Mailbox) recipient.given();
        String local = mailbox.localPart();
        if (local.contains("%") || local.contains("!") || local.contains("@")) {
            return false;
        }
        if (!mailbox.qualified()) {
            boolean localMailer =
                    recipient.resolved().filter(ResolvedForm::local).isPresent();
            boolean localDomain = recipient.resolved().isPresent()
                    && !recipient.resolved().get().mapped()
                    && resolvedDomain(recipient)
                            .filter(options.localDomains()::contains)
                            .isPresent();
            return local.equalsIgnoreCase("postmaster") || localMailer || localDomain;
        }
        return bothForms(
                recipient, d -> options.localDomains().contains(d) || !owners(d).isEmpty());
    }

    private List<Organization> ownersOfAnyForm(Address address) {
        List<Organization> owners = new ArrayList<>();
        domain(address).ifPresent(d -> owners.addAll(owners(d)));
        resolvedDomain(address).ifPresent(d -> owners.addAll(owners(d)));
        return owners;
    }

    /** Both forms must be in it to permit something, as they are written. */
    private static boolean bothForms(Address address, Predicate<DomainName> test) {
        boolean given = domain(address).filter(test).isPresent()
                && isWrittenAs(domain(address).get(), text(address));
        return given
                && (address.resolved().isEmpty()
                        || (!address.resolved().get().mapped()
                                && resolvedDomain(address).filter(test).isPresent()));
    }

    private static String text(Address address) {
        String text = ((Mailbox) address.given()).text();
        return text.substring(text.lastIndexOf('@') + 1).replaceFirst("[.]$", "");
    }

    /** What is not ASCII counts only if, lower-cased code point by code point, it is the U-label form; no letter turns ASCII. */
    private static boolean isWrittenAs(DomainName domain, String text) {
        if (text.chars().allMatch(c -> c < 128)) {
            return true;
        }
        boolean crosses = text.codePoints().anyMatch(c -> c >= 128 && Character.toLowerCase(c) < 128);
        StringBuilder lower = new StringBuilder();
        text.codePoints().map(Character::toLowerCase).forEach(lower::appendCodePoint);
        return !crosses && lower.toString().equals(domain.unicode());
    }

    private static Optional<DomainName> domain(Address address) {
        return (address.given() instanceof Mailbox mailbox ? mailbox.domain() : Optional.<DomainName>empty())
                .filter(RuleModel::isNoOddOne);
    }

    private static Optional<DomainName> resolvedDomain(Address address) {
        return address.resolved().flatMap(ResolvedForm::domain).filter(RuleModel::isNoOddOne);
    }

    /** "Any other odd address parses, and simply is in no accepted domain." */
    private static boolean isNoOddOne(DomainName domain) {
        return domain.ascii().length() <= 253
                && HOST_NAME.matcher(domain.ascii()).matches();
    }

    /** Whose domain it is, by name; a local domain is nobody's. */
    private List<Organization> owners(DomainName domain) {
        return options.localDomains().contains(domain) ? List.of() : claims.of(domain.ascii());
    }

    private static boolean within(List<AcceptedDomain> entries, DomainName domain) {
        return entries.stream().anyMatch(entry -> within(entry, domain.ascii()));
    }

    private static boolean within(AcceptedDomain entry, String domain) {
        return domain.equals(entry.domain().ascii())
                || (entry.subdomains() && domain.endsWith("." + entry.domain().ascii()));
    }

    private List<Match> allMatches(Client client, boolean asIfEncrypted, Predicate<Connector> which) {
        List<Match> matches = new ArrayList<>();
        for (Organization organization : organizations) {
            for (Connector connector : inOrder(organization)) {
                if (which.test(connector)) {
                    match(organization, connector, client, asIfEncrypted).ifPresent(matches::add);
                }
            }
        }
        // The kinds; the better pattern; the exact login; the smaller range; a stable sort keeps the order
        // written.
        matches.sort(Comparator.comparingInt(Match::kind)
                .thenComparingInt(Match::pin)
                .thenComparing(Comparator.comparingInt(Match::pattern).reversed())
                .thenComparingInt(Match::login)
                .thenComparing((a, b) -> a.range().isPresent() && b.range().isPresent()
                        ? a.range().get().compareSize(b.range().get())
                        : 0));
        return matches;
    }

    static Optional<String> login(Client client) {
        return client.authentication()
                .filter(a -> !List.of("", "external").contains(a.mechanism().toLowerCase(Locale.ROOT)))
                .map(a -> a.login());
    }

    static boolean accepts(LoginPattern pattern, String login) {
        String text = asciiLower(pattern.toString());
        return text.equals("*")
                || asciiLower(login).equals(text)
                || (text.startsWith("*@")
                        && login.contains("@")
                        && asciiLower(login).substring(login.lastIndexOf('@')).equals(text.substring(1)));
    }

    private static String asciiLower(String text) {
        return text.chars()
                .mapToObj(c -> String.valueOf((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)))
                .collect(Collectors.joining());
    }

    /** A directory's login at a domain that is others'. */
    private boolean isForeign(Organization organization, String login) {
        if (!organization.standing().ofDirectory() || !login.contains("@")) {
            return false;
        }
        Address address = new Address(
                EnvelopeAddress.parse("<u" + login.substring(login.lastIndexOf('@')) + ">"), Optional.empty());
        List<Organization> owners = domain(address).map(this::owners).orElse(List.of());
        return !owners.isEmpty() && !owners.contains(organization);
    }

    private static List<Connector> inOrder(Organization organization) {
        return organization.standing().ofDirectory()
                ? organization.connectors().stream()
                        .sorted(Comparator.comparing(Connector::name))
                        .toList()
                : organization.connectors();
    }

    private Optional<Match> match(
            Organization organization, Connector connector, Client client, boolean asIfEncrypted) {
        boolean wantsName = !connector.certificateNames().isEmpty();
        boolean wantsCertificate = wantsName || !connector.pins().isEmpty();
        int pin = pinned(connector.pins(), client)
                .mapToInt(p -> p.kind().ordinal())
                .min()
                .orElse(2);
        List<LoginPattern> logins = connector.logins().all();
        boolean wantsLogin = !logins.isEmpty();
        int login = login(client)
                .map(l -> logins.stream()
                        .filter(p -> accepts(p, l) && !isForeign(organization, l))
                        .mapToInt(p -> p.kind() == LoginPattern.Kind.EXACT ? 0 : 1)
                        .min()
                        .orElse(2))
                .orElse(2);
        boolean wantsAddress = !connector.addresses().ranges().isEmpty();
        int pattern = wantsName && client.certificateName().isPresent()
                ? connector.certificateNames().stream()
                        .mapToInt(p -> isForeign(organization, p)
                                        || isNarrowed(
                                                organization,
                                                p,
                                                client.certificateName().get())
                                ? -1
                                : rank(p, client.certificateName().get()))
                        .max()
                        .getAsInt()
                : -1;
        Optional<AddressRange> range =
                client.address().flatMap(a -> smallest(connector.addresses().ranges(), a));
        boolean issuer = connector.issuers().isEmpty()
                || client.certificateIssuer()
                        .filter(connector.issuers()::contains)
                        .isPresent();
        boolean holds = connector.enabled()
                && (!connector.requireTls() || client.encrypted() || asIfEncrypted)
                && (!wantsCertificate || pin < 2 || (pattern >= 0 && issuer))
                && (!wantsLogin || login < 2)
                && (!wantsAddress || range.isPresent());
        int kind = List.of("cla", "cl", "ca", "c", "la", "l", "a")
                .indexOf((wantsCertificate ? "c" : "") + (wantsLogin ? "l" : "") + (wantsAddress ? "a" : ""));
        int byName = pin < 2 ? 0 : pattern; // a pin is as good as another
        return holds
                ? Optional.of(new Match(organization, connector, kind, pin, byName, login, range))
                : Optional.empty();
    }

    /** A wildcard in its own organization's domains leaves out what is another's below, and what another names more closely. */
    boolean isNarrowed(Organization organization, CertificateNamePattern pattern, CertificateName presented) {
        String domain = pattern.domain().ascii();
        boolean own = claims.made(organization).anyMatch(entry -> within(entry, domain));
        if (!pattern.wildcard() || !own || rank(pattern, presented) < 0) {
            return false;
        }
        String name = presented.text().toLowerCase(Locale.ROOT).replaceFirst("^[*][.]", "");
        List<Organization> others =
                organizations.stream().filter(o -> o != organization).toList();
        boolean theirDomain = others.stream()
                .flatMap(claims::made)
                .map(entry -> entry.domain().ascii())
                .filter(d -> d.endsWith("." + domain) && (name.equals(d) || name.endsWith("." + d)))
                .anyMatch(d -> !claims.of(d).contains(organization)
                        && claims.of(d).stream()
                                .anyMatch(o -> claims.made(o)
                                        .anyMatch(
                                                entry -> entry.domain().ascii().equals(d))));
        return theirDomain
                || others.stream()
                        .anyMatch(o -> o.connectors().stream()
                                .flatMap(c -> Stream.concat(
                                        c.certificateNames().stream(),
                                        c.pins().stream().flatMap(pin -> pin.names().stream())))
                                .filter(p -> !o.standing().ofDirectory()
                                        || (!isForeign(o, p)
                                                && !claims.ofCertificate(p.toString())
                                                        .contains(organization)))
                                .anyMatch(p -> rank(p, presented) > rank(pattern, presented)));
    }

    /** Rows of a directory that name what is another organization's. */
    private boolean isForeign(Organization organization, CertificateNamePattern pattern) {
        List<Organization> owners = claims.ofCertificate(pattern.toString());
        return organization.standing().ofDirectory() && !owners.isEmpty() && !owners.contains(organization);
    }

    private static Optional<AddressRange> smallest(List<AddressRange> ranges, IpAddress address) {
        return ranges.stream().filter(r -> r.contains(address)).min(AddressRange::compareSize);
    }

    /** How well a pattern fits: -1 not at all, an exact name best, else by the length of what follows the star. */
    static int rank(CertificateNamePattern pattern, CertificateName presented) {
        boolean ascii = presented.text().chars().allMatch(c -> c < 128);
        String shown = ascii ? presented.text().toLowerCase(Locale.ROOT) : presented.text();
        String wanted = ascii ? pattern.domain().ascii() : pattern.unicode();
        if (!pattern.wildcard()) {
            return shown.equals(wanted) ? 1000 : -1;
        }
        boolean fits = shown.equals("*." + wanted) || (ascii && (shown.equals(wanted) || shown.endsWith("." + wanted)));
        return fits ? wanted.length() : -1;
    }
}
