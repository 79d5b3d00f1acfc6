package io.github.orgmilter.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Partners;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.organization.RequiredHeaders;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.verdict.Verdict;
import io.github.orgmilter.who.Grant;
import io.github.orgmilter.who.Identity;
import io.github.orgmilter.who.Inbound;
import io.github.orgmilter.who.OwnDomain;
import io.github.orgmilter.who.Proof;
import io.github.orgmilter.who.Restriction;
import io.github.orgmilter.who.Rule;
import io.github.orgmilter.who.Sender;
import io.github.orgmilter.who.Senders;
import io.github.orgmilter.who.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What {@link Senders} lists is complete and sound: a client passes with a message, by {@link Policy} and by {@link RuleModel}, exactly
 * if it is in the list.
 *
 * <p>{@code -Dorgmilter.who.configurations=N} for a longer run (100,000 takes some minutes), {@code -Dorgmilter.model.seed=N} for
 * another one.
 */
@Tag("slow")
class WhoModelTest {

    private static final int CONFIGURATIONS = Integer.getInteger("orgmilter.who.configurations", 1_000);
    private static final long SEED = Long.getLong("orgmilter.model.seed", 20260102);
    private static final int CLIENTS_EACH = 20;
    private static final List<String> DOMAINS = List.of(
            "a.example",
            "b.a.example",
            "c.b.a.example",
            "b.example",
            "x.b.example",
            "d.example",
            "mx.example",
            "mx.a.example",
            "müller.de",
            "sub.müller.de",
            "outside.example");

    private final RandomService random = new RandomService(SEED);
    private final Map<String, Integer> passed = new TreeMap<>();

    @Test
    void aClientPassesExactlyIfItIsInTheList() {
        for (int i = 0; i < CONFIGURATIONS; i++) {
            List<Organization> organizations = random.organizations();
            Service service = new Service(organizations, random.options(organizations));
            for (int k = 0; k < CLIENTS_EACH; k++) {
                Sender sender = sender();
                Client client = random.client();
                Map<String, String> fields = random.fields();
                compareRelay(service, sender, new Mail(client, fields));
                compareInbound(service, sender, new Mail(client, fields));
                compareRouted(service, sender, new Mail(client, fields));
                compareAuthors(service, new Mail(client, fields));
            }
            compareServers(service);
        }
        List<String> everything = new ArrayList<>(List.of(
                "trusted",
                "exempt",
                "service",
                "protection in audit",
                "routed",
                "header",
                "header not enough",
                "partner",
                "own server",
                "author",
                "author refused"));
        Stream.of(Rule.values()).map(Rule::key).forEach(everything::add);
        Stream.of(Inbound.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .forEach(everything::add);
        assertThat(passed.keySet()).containsExactlyInAnyOrderElementsOf(everything);
        assertThat(passed.values()).allSatisfy(count -> assertThat(count).isGreaterThan(CONFIGURATIONS / 500));
    }

    @Test
    void aNameThatIsOwnSinceAnotherClaimantDelegatesItIsFound() {
        DomainName above = PolicyFixture.domain("a.example");
        DomainName below = PolicyFixture.domain("b.a.example");
        Organization delegating = ofDirectory(
                "delegating",
                List.of(new AcceptedDomain(above, true, AcceptedDomain.UNDATED), new AcceptedDomain(below, true, 2)),
                List.of(),
                Set.of(below));
        Organization other = ofDirectory(
                "other",
                List.of(new AcceptedDomain(above, false, 1)),
                List.of(PolicyFixture.connector("mail", "name *.a.example")),
                Set.of());
        Policy policy = new Policy(List.of(delegating, other), random.options(List.of()), "0");
        assertThat(new Senders(policy, new Sender.Null()).relay())
                .extracting(grant -> grant.connector() + " " + grant.rule().key())
                .contains("other/mail certificate-domain");
    }

    private static Organization ofDirectory(
            String name, List<AcceptedDomain> domains, List<Connector> connectors, Set<DomainName> delegated) {
        return new Organization(
                name,
                domains,
                connectors,
                SenderProtection.OFF,
                HeaderFrom.OFF,
                Partners.NONE,
                Mode.ENFORCE,
                new Standing(true, false, false, delegated));
    }

    private Sender sender() {
        return random.chance(8) ? new Sender.Null() : new Sender.InDomain(PolicyFixture.domain(random.pick(DOMAINS)));
    }

    private static Address address(Sender sender) {
        String text = sender instanceof Sender.InDomain in ? "<u@" + in.domain() + ">" : "<>";
        return new Address(EnvelopeAddress.parse(text), Optional.empty());
    }

    private void compareRelay(Service service, Sender sender, Mail mail) {
        Address recipient = new Address(EnvelopeAddress.parse("<b@outside.example>"), Optional.empty());
        Senders senders = new Senders(service.policy(), sender);
        compare(service, "relay", sender, mail, recipient, service.whyRelayed(senders, mail));
    }

    private void compareInbound(Service service, Sender sender, Mail mail) {
        List<String> inbound = DOMAINS.stream()
                .filter(name -> service.policy().isLocal(PolicyFixture.domain(name))
                        || !service.policy()
                                .claimants(PolicyFixture.domain(name))
                                .isEmpty())
                .toList();
        String to = inbound.isEmpty() ? "postmaster" : "b@" + random.pick(inbound);
        Address recipient = new Address(EnvelopeAddress.parse("<" + to + ">"), Optional.empty());
        Senders senders = new Senders(service.policy(), sender);
        Optional<String> why = service.whyInbound(senders, mail, recipient);
        compare(
                service,
                "inbound",
                sender,
                mail,
                recipient,
                why.filter(it -> passesPartners(service, sender, mail, recipient)));
    }

    /** A recipient that is relayed, since it leads out of the domain that it bears. */
    private void compareRouted(Service service, Sender sender, Mail mail) {
        String to = "b%outside.example@" + random.pick(DOMAINS);
        Address recipient = new Address(EnvelopeAddress.parse("<" + to + ">"), Optional.empty());
        Optional<String> why =
                service.whyRelayed(new Senders(service.policy(), sender), mail).map(way -> "routed");
        compare(
                service,
                "relay",
                sender,
                mail,
                recipient,
                why.filter(it -> passesPartners(service, sender, mail, recipient)));
    }

    /** Who may write a domain into a message that its recipient does not refuse. */
    private void compareAuthors(Service service, Mail mail) {
        DomainName author = PolicyFixture.domain(random.pick(DOMAINS));
        Envelope envelope = new Envelope(address(sender()));
        Address recipient = new Address(
                EnvelopeAddress.parse("<b@" + random.pick(List.of("outside.example", "a.example")) + ">"),
                Optional.empty());
        RuleModel.Outcome outcome = service.model().decide(mail.client(), envelope, recipient);
        if (!List.of("accept", "audit").contains(outcome.action())) {
            return;
        }
        boolean passes = service.model()
                .decideAuthors(
                        mail.client(),
                        Map.of(recipient, outcome),
                        new FromDomains(Set.of(author), FromDomains.Syntax.VALID),
                        mail.fields())
                .filter(refusal -> !refusal.action().equals("audit"))
                .isEmpty();
        Senders senders = new Senders(service.policy(), new Sender.InDomain(author));
        boolean relayed = !service.policy().isInbound(recipient);
        boolean listed = service.whyExempt(mail.client()).isPresent()
                || senders.isServiceInAudit()
                || senders.authorKeepers().stream()
                        .filter(keeper -> keeper.headerFrom() == HeaderFrom.ALL || relayed)
                        .filter(keeper -> keeper.mode() == Mode.ENFORCE)
                        .allMatch(keeper -> service.model().isIdentifiedBy(mail.client(), mail.fields(), keeper));
        assertThat(listed)
                .as("%s by %s to %s, seed %s", author, mail, recipient, SEED)
                .isEqualTo(passes);
        passed.merge(passes ? "author" : "author refused", 1, Integer::sum);
    }

    private boolean passesPartners(Service service, Sender sender, Mail mail, Address recipient) {
        Senders senders = new Senders(service.policy(), sender);
        List<Optional<String>> each = senders.isServiceInAudit()
                ? List.of()
                : senders.restrictions()
                        .filter(it -> service.isTo(it.organization(), recipient))
                        .map(it -> service.whyNotRestricted(it, mail))
                        .toList();
        each.forEach(why -> why.ifPresent(it -> passed.merge(it, 1, Integer::sum)));
        return each.stream().allMatch(Optional::isPresent);
    }

    private void compare(
            Service service, String way, Sender sender, Mail mail, Address recipient, Optional<String> listed) {
        Optional<String> why = service.whyExempt(mail.client()).or(() -> listed);
        why.ifPresent(it -> passed.merge(it, 1, Integer::sum));
        Envelope envelope = new Envelope(address(sender));
        RuleModel.Outcome outcome = service.model().decide(mail.client(), envelope, recipient);
        boolean atRecipient = List.of("accept", "audit").contains(outcome.action());
        Optional<RuleModel.Outcome> atHeader = atRecipient
                ? service.model().decideHeader(mail.client(), envelope, Map.of(recipient, outcome), mail.fields())
                : Optional.empty();
        boolean passes = atRecipient && atHeader.isEmpty();
        boolean decided = service.passes(mail, envelope, recipient);
        if (passes != why.isPresent() || passes != decided) {
            StringBuilder report = new StringBuilder("the list and the rules disagree (seed " + SEED + ")\n");
            for (Organization organization : service.organizations()) {
                report.append(organization).append('\n');
                organization
                        .acceptedDomains()
                        .forEach(it ->
                                report.append("  ").append(it).append(" since ").append(it.since()));
                report.append('\n');
            }
            fail(report.append("options ").append(service.options()) + "\n" + way + " " + sender + " to " + recipient
                    + "\n" + mail + "\nmodel " + outcome + ", at the end of the header " + atHeader + "\npolicy "
                    + decided
                    + "\nlist  " + why
                    + "\n" + service.policy().explain(mail.client(), envelope, recipient));
        }
        if (atRecipient && atHeader.isPresent()) {
            passed.merge("header not enough", 1, Integer::sum);
        } else if (passes && outcome.relay()) {
            passed.merge("header", 1, Integer::sum);
        }
    }

    /** The inverse question has the same answer. */
    private static void compareServers(Service service) {
        for (Organization organization : service.organizations()) {
            organization.connectors().forEach(connector -> {
                ConnectorName name = new ConnectorName(organization.name(), connector.name());
                Server server = Server.of(service.policy(), name).orElseThrow();
                for (OwnDomain own : server.ownDomains().toList()) {
                    assertThat(own.grants())
                            .isEqualTo(of(
                                    name,
                                    new Senders(
                                            service.policy(),
                                            new Sender.InDomain(own.domain().domain()))));
                }
                assertThat(server.nullSender()).isEqualTo(of(name, new Senders(service.policy(), new Sender.Null())));
                assertThat(server.elsewhere())
                        .isEqualTo(of(
                                name,
                                new Senders(
                                        service.policy(),
                                        new Sender.InDomain(PolicyFixture.domain("outside.example")))));
            });
        }
    }

    private static List<Grant> of(ConnectorName connector, Senders senders) {
        return senders.relay()
                .filter(grant -> grant.connector().equals(connector))
                .toList();
    }

    /** A client, with the header fields of its message by their names in lower case. */
    private record Mail(Client client, Map<String, String> fields) {}

    /** A configuration, as an auditor reads the list beside it. */
    private record Service(List<Organization> organizations, PolicyOptions options, Policy policy, RuleModel model) {

        Service(List<Organization> organizations, PolicyOptions options) {
            this(
                    organizations,
                    options,
                    new Policy(organizations, options, "0"),
                    new RuleModel(organizations, options));
        }

        Optional<String> whyExempt(Client client) {
            Senders anything = new Senders(policy, new Sender.Null());
            if (RuleModel.login(client)
                    .filter(login -> anything.trustedLogins().stream().anyMatch(it -> RuleModel.accepts(it, login)))
                    .isPresent()) {
                return Optional.of("trusted");
            }
            return client.address()
                    .filter(address -> anything.exemptClients().stream().anyMatch(range -> range.contains(address)))
                    .map(address -> "exempt");
        }

        Optional<String> whyRelayed(Senders senders, Mail mail) {
            List<Grant> list = senders.relay().toList();
            // 7.7: whether the header is waited for.
            boolean provisional = list.stream()
                    .anyMatch(it -> it.rule() != Rule.AUDIT
                            && it.auditOf().isEmpty()
                            && !it.identity().fields().isEmpty()
                            && admits(it, mail.client()));
            Map<String, String> fields = provisional ? mail.fields() : Map.of();
            List<Grant> grants = list.stream()
                    .filter(it -> admits(it, mail.client()) && hasFields(it, fields))
                    .toList();
            List<Grant> ways =
                    grants.stream().filter(it -> it.rule() != Rule.AUDIT).toList();
            Optional<Grant> plain = ways.stream()
                    .filter(it -> it.auditOf().isEmpty() && !it.deferred())
                    .findFirst();
            if (plain.isPresent()) {
                return Optional.of(plain.get().rule().key());
            }
            if (ways.stream().anyMatch(Grant::deferred)) {
                return Optional.empty();
            }
            if (!ways.isEmpty()) {
                return Optional.of("protection in audit");
            }
            boolean audit = !grants.isEmpty()
                    && senders.keepers().stream()
                            .allMatch(keeper -> model.isIdentifiedBy(mail.client(), fields, keeper))
                    && model.isAuditedWithoutGround(mail.client(), fields, address(senders.sender()));
            if (audit) {
                return Optional.of(Rule.AUDIT.key());
            }
            return senders.isServiceInAudit() ? Optional.of("service") : Optional.empty();
        }

        Optional<String> whyInbound(Senders senders, Mail mail, Address recipient) {
            Inbound inbound = senders.inbound();
            boolean audited = recipient
                    .domain()
                    .map(policy::claimants)
                    .filter(owners ->
                            !owners.isEmpty() && owners.stream().allMatch(owner -> owner.mode() == Mode.AUDIT))
                    .isPresent();
            boolean passes = inbound instanceof Inbound.Anybody
                    || (inbound instanceof Inbound.Identified
                            && (model.isIdentified(mail.client(), mail.fields()) || audited))
                    || (inbound instanceof Inbound.IdentifiedBy by
                            && by.owners().stream()
                                    .allMatch(owner -> model.isIdentifiedBy(mail.client(), mail.fields(), owner)));
            return passes ? Optional.of(inbound.getClass().getSimpleName()) : Optional.empty();
        }

        boolean isTo(Organization organization, Address recipient) {
            return recipient
                    .domain()
                    .filter(domain -> policy.claimants(domain).stream().anyMatch(organization::is))
                    .isPresent();
        }

        Optional<String> whyNotRestricted(Restriction restriction, Mail mail) {
            if (restriction.organization().mode() == Mode.AUDIT) {
                return Optional.of("audit");
            }
            if (model.isIdentifiedBy(mail.client(), mail.fields(), restriction.organization())) {
                return Optional.of("own server");
            }
            return restriction.partners().stream().anyMatch(partner -> model.holds(partner, mail.client()))
                    ? Optional.of("partner")
                    : Optional.empty();
        }

        /** By the policy, at the recipient and at the end of the header. */
        boolean passes(Mail mail, Envelope envelope, Address recipient) {
            Identification identification = policy.identify(mail.client());
            Verdict verdict = policy.decide(identification, envelope, recipient);
            if (!(verdict instanceof Verdict.Provisional provisional)) {
                return verdict.reply().isEmpty();
            }
            HeaderConditions conditions = new HeaderConditions(policy, envelope);
            conditions.accept(recipient, provisional);
            Identification byHeader = identification.with(PolicyFixture.fields(
                    policy.requiredFields(),
                    mail.fields().entrySet().stream()
                            .map(field -> field.getKey() + ": " + field.getValue())
                            .toArray(String[]::new)));
            return conditions.decide(byHeader).flatMap(Verdict::reply).isEmpty();
        }

        private Organization owner(Grant grant) {
            return organizations.stream()
                    .filter(it -> it.name().equals(grant.connector().owner()))
                    .findFirst()
                    .orElseThrow();
        }

        /** Whether a message has what the connector requires of its header; the list has the names of the fields alone. */
        private boolean hasFields(Grant grant, Map<String, String> fields) {
            RequiredHeaders required = owner(grant).connectors().stream()
                    .filter(it -> it.name().equals(grant.connector().name()))
                    .findFirst()
                    .orElseThrow()
                    .requiredHeaders();
            assertThat(grant.identity().fields()).isEqualTo(required.names());
            return RuleModel.hold(required, fields);
        }

        /** Apart from header fields. */
        private boolean admits(Grant grant, Client client) {
            Organization organization = owner(grant);
            Identity identity = grant.identity();
            boolean certificate = identity.proofs().isEmpty()
                    || identity.proofs().stream()
                            .filter(proof -> proves(organization, identity, proof, client))
                            .findFirst()
                            .filter(proof -> grant.rule() != Rule.CERTIFICATE_DOMAIN
                                    || proof.domain() == Proof.Domain.OWN
                                    || isOwnName(organization, proof, client))
                            .isPresent();
            return certificate
                    && (!identity.encrypted() || client.encrypted())
                    && (identity.logins().isEmpty()
                            || RuleModel.login(client)
                                    .filter(login ->
                                            identity.logins().stream().anyMatch(it -> RuleModel.accepts(it, login)))
                                    .isPresent())
                    && (identity.addresses().isEmpty()
                            || client.address()
                                    .filter(address -> identity.addresses().ranges().stream()
                                            .anyMatch(range -> range.contains(address)))
                                    .isPresent());
        }

        private boolean proves(Organization organization, Identity identity, Proof proof, Client client) {
            if (proof instanceof Proof.ByPin by) {
                Optional<Fingerprint> presented = client.presented()
                        .filter(it -> client.encrypted())
                        .flatMap(it -> by.pin().kind() == Pin.Kind.CERTIFICATE ? it.certificate() : it.publicKey());
                return presented.equals(Optional.of(by.pin().fingerprint()));
            }
            Proof.ByName by = (Proof.ByName) proof;
            Optional<CertificateName> name = client.certificateName();
            return name.isPresent()
                    && RuleModel.rank(by.pattern(), name.get()) >= 0
                    && !(by.narrowed() && model.isNarrowed(organization, by.pattern(), name.get()))
                    && (identity.issuers().isEmpty()
                            || client.certificateIssuer()
                                    .filter(identity.issuers()::contains)
                                    .isPresent());
        }

        private boolean isOwnName(Organization organization, Proof proof, Client client) {
            Optional<CertificateName> name = client.certificateName();
            if (proof.domain() == Proof.Domain.NONE || name.isEmpty()) {
                return false;
            }
            if (name.get().ascii()) {
                return model.isCertificateOf(organization, name.get().text().toLowerCase(Locale.ROOT));
            }
            return proof instanceof Proof.ByName by
                    && model.isCertificateOf(organization, by.pattern().toString());
        }
    }
}
