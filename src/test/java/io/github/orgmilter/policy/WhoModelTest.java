package io.github.orgmilter.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.who.Grant;
import io.github.orgmilter.who.Identity;
import io.github.orgmilter.who.Inbound;
import io.github.orgmilter.who.OwnDomain;
import io.github.orgmilter.who.Proof;
import io.github.orgmilter.who.Rule;
import io.github.orgmilter.who.Sender;
import io.github.orgmilter.who.Senders;
import io.github.orgmilter.who.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What {@link Senders} lists is complete and sound: a client passes by {@link RuleModel} exactly if it is in the list.
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
            List<Organization> organizations = random.organizations().stream()
                    .map(WhoModelTest::withoutSharedServers)
                    .toList();
            Service service = new Service(organizations, random.options(organizations));
            for (int k = 0; k < CLIENTS_EACH; k++) {
                Sender sender = sender();
                Client client = random.client();
                compareRelay(service, sender, client);
                compareInbound(service, sender, client);
            }
            compareServers(service);
        }
        List<String> everything = new ArrayList<>(List.of("trusted", "exempt", "service", "protection in audit"));
        Stream.of(Rule.values()).map(Rule::key).forEach(everything::add);
        Stream.of(Inbound.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .forEach(everything::add);
        assertThat(passed.keySet()).containsExactlyInAnyOrderElementsOf(everything);
        assertThat(passed.values()).allSatisfy(count -> assertThat(count).isGreaterThan(CONFIGURATIONS / 500));
    }

    // Whether their header fields hold is known only at the end of a message.
    private static Organization withoutSharedServers(Organization organization) {
        return new Organization(
                organization.name(),
                organization.acceptedDomains(),
                organization.connectors().stream()
                        .filter(connector -> connector.requiredHeaders().isEmpty())
                        .toList(),
                organization.senderProtection(),
                organization.headerFrom(),
                organization.partners(),
                organization.mode(),
                organization.standing());
    }

    private Sender sender() {
        return random.chance(8) ? new Sender.Null() : new Sender.InDomain(PolicyFixture.domain(random.pick(DOMAINS)));
    }

    private static Address address(Sender sender) {
        String text = sender instanceof Sender.InDomain in ? "<u@" + in.domain() + ">" : "<>";
        return new Address(EnvelopeAddress.parse(text), Optional.empty());
    }

    private void compareRelay(Service service, Sender sender, Client client) {
        Senders senders = new Senders(service.policy(), sender);
        Address recipient = new Address(EnvelopeAddress.parse("<b@outside.example>"), Optional.empty());
        RuleModel.Outcome outcome = service.model().decide(client, new Envelope(address(sender)), recipient);
        Optional<String> why = service.whyExempt(client).or(() -> service.whyRelayed(senders, client));
        why.ifPresent(it -> passed.merge(it, 1, Integer::sum));
        compare(service, "relay", sender, client, recipient, outcome, why);
    }

    private void compareInbound(Service service, Sender sender, Client client) {
        List<String> inbound = DOMAINS.stream() // partners restrict by the recipient, which is not in the list
                .filter(name -> service.policy().claimants(PolicyFixture.domain(name)).stream()
                        .allMatch(owner -> owner.partners().isEmpty()))
                .filter(name -> service.policy().isLocal(PolicyFixture.domain(name))
                        || !service.policy()
                                .claimants(PolicyFixture.domain(name))
                                .isEmpty())
                .toList();
        String to = inbound.isEmpty() ? "postmaster" : "b@" + random.pick(inbound);
        Address recipient = new Address(EnvelopeAddress.parse("<" + to + ">"), Optional.empty());
        Senders senders = new Senders(service.policy(), sender);
        RuleModel.Outcome outcome = service.model().decide(client, new Envelope(address(sender)), recipient);
        Optional<String> why = service.whyExempt(client).or(() -> service.whyInbound(senders, client, recipient));
        why.ifPresent(it -> passed.merge(it, 1, Integer::sum));
        compare(service, "inbound " + to, sender, client, recipient, outcome, why);
    }

    private static void compare(
            Service service,
            String way,
            Sender sender,
            Client client,
            Address recipient,
            RuleModel.Outcome outcome,
            Optional<String> why) {
        boolean passes = List.of("accept", "audit").contains(outcome.action());
        if (passes != why.isPresent()) {
            StringBuilder report = new StringBuilder("the list and the model disagree (seed " + SEED + ")\n");
            for (Organization organization : service.organizations()) {
                report.append(organization).append('\n');
                organization
                        .acceptedDomains()
                        .forEach(it ->
                                report.append("  ").append(it).append(" since ").append(it.since()));
                report.append('\n');
            }
            fail(report.append("options ").append(service.options()) + "\n" + way + " " + sender + "\n" + client
                    + "\nmodel " + outcome + "\nlist  " + why
                    + "\n" + service.policy().explain(client, new Envelope(address(sender)), recipient));
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

        Optional<String> whyRelayed(Senders senders, Client client) {
            List<Grant> grants =
                    senders.relay().filter(it -> admits(it, client)).toList();
            List<Grant> ways =
                    grants.stream().filter(it -> it.rule() != Rule.AUDIT).toList();
            Optional<Grant> plain = ways.stream()
                    .filter(it -> it.auditOf().isEmpty() && !it.putOff())
                    .findFirst();
            if (plain.isPresent()) {
                return Optional.of(plain.get().rule().key());
            }
            if (ways.stream().anyMatch(Grant::putOff)) {
                return Optional.empty();
            }
            if (!ways.isEmpty()) {
                return Optional.of("protection in audit");
            }
            boolean audit = !grants.isEmpty()
                    && senders.keepers().stream().allMatch(keeper -> model.isIdentifiedBy(client, keeper))
                    && model.isAuditedWithoutGround(client, address(senders.sender()));
            if (audit) {
                return Optional.of(Rule.AUDIT.key());
            }
            return senders.isServiceInAudit() ? Optional.of("service") : Optional.empty();
        }

        Optional<String> whyInbound(Senders senders, Client client, Address recipient) {
            Inbound inbound = senders.inbound();
            boolean audited = recipient
                    .domain()
                    .map(policy::claimants)
                    .filter(owners ->
                            !owners.isEmpty() && owners.stream().allMatch(owner -> owner.mode() == Mode.AUDIT))
                    .isPresent();
            boolean passes = inbound instanceof Inbound.Anybody
                    || (inbound instanceof Inbound.Identified && (model.isIdentified(client) || audited))
                    || (inbound instanceof Inbound.IdentifiedBy by
                            && by.owners().stream().allMatch(owner -> model.isIdentifiedBy(client, owner)));
            return passes ? Optional.of(inbound.getClass().getSimpleName()) : Optional.empty();
        }

        private boolean admits(Grant grant, Client client) {
            Organization organization = organizations.stream()
                    .filter(it -> it.name().equals(grant.connector().owner()))
                    .findFirst()
                    .orElseThrow();
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
