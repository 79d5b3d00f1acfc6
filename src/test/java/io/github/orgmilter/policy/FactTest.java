package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.domain;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import io.github.orgmilter.policy.explanation.Fact;
import io.github.orgmilter.policy.explanation.Fact.Place;
import io.github.orgmilter.policy.explanation.Fact.RecipientForm;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an explanation says about the way to a decision. */
class FactTest {

    private static final ConnectorName HQ = new ConnectorName("contoso", "hq");
    private static final ConnectorName OFFICE = new ConnectorName("contoso", "office");
    private static final ConnectorName LIMITED = new ConnectorName("fabrikam", "limited");
    private static final ConnectorName ANY = new ConnectorName("fabrikam", "any");
    private static final ConnectorName BOUNCES = new ConnectorName("fabrikam", "bounces");
    private static final ConnectorName PINNED = new ConnectorName("fabrikam", "pinned");

    private static final PolicyFixture SERVICE = service()
            .policyDelegation()
            .local("mx1.contoso.com")
            .exempt("198.51.100.1")
            .organization(
                    "contoso",
                    SenderProtection.ALL,
                    List.of("contoso.com and below"),
                    connector("hq", "name *.contoso.com"),
                    connector("office", "address 192.0.2.0/28"),
                    connector("lines", "address 192.0.2.16/28", "require-tls"))
            .organization(
                    "fabrikam",
                    List.of("fabrikam.com", "other.example"),
                    connector("limited", "address 192.0.2.32", "sender-domain fabrikam.com"),
                    connector("any", "address 192.0.2.33", "any-domain"),
                    connector("bounces", "address 192.0.2.34", "allow-null-sender"),
                    connector("pinned", "certificate 1 mail.contoso.com unknown.example"));

    @Test
    void areInTheOrderOfTheRules() {
        assertThat(facts(mail().from("<a@evil.example>")))
                .containsExactly(
                        new Fact.Login(Optional.empty(), false),
                        new Fact.ExemptClient(false),
                        new Fact.WellFormedRecipient(true),
                        new Fact.WellFormedSender(true),
                        new Fact.Inbound(in(new Place.Elsewhere(domain("example.net"))), false),
                        new Fact.Identified(List.of(), false),
                        new Fact.CertificateKnown(false));
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void areNoted(String what, Mail mail, Fact fact) {
        assertThat(facts(mail)).contains(fact);
    }

    static Stream<Arguments> areNoted() {
        Mail login = mail().login("PLAIN");
        Mail office = mail().client("192.0.2.1").from("<a@evil.example>");
        Mail inbound = mail().to("<b@contoso.com>");
        Mail hq = mail().certificate("mx.contoso.com").from("<a@evil.example>");
        Mail pinned = mail().from("<a@evil.example>").presents("1", "2");
        Mail contosos = mail().client("192.0.2.33").from("<a@contoso.com>");
        Mail limited = mail().client("192.0.2.32");
        Place accepted = new Place.Accepted(domain("contoso.com"), "contoso");
        // spotless:off
        return Stream.of(
                arguments("a login", login, new Fact.Login(Optional.of(new Authentication("alice", "PLAIN")), true)),
                arguments("a login that does not count", login.login("EXTERNAL"),
                        new Fact.Login(Optional.of(new Authentication("alice", "EXTERNAL")), false)),
                arguments("an exempt client", mail().client("198.51.100.1"), new Fact.ExemptClient(true)),
                arguments("a malformed recipient", mail().to("<b"), new Fact.WellFormedRecipient(false)),
                arguments("a malformed sender", mail().from("<a"), new Fact.WellFormedSender(false)),
                arguments("a recipient in an accepted domain", inbound, new Fact.Inbound(in(accepted), true)),
                arguments("a recipient in a local domain", mail().to("<b@mx1.contoso.com>"),
                        new Fact.Inbound(in(new Place.Local(domain("mx1.contoso.com"))), true)),
                arguments("a recipient in a mapped domain", mail().to("<b@con\u00adtoso.com>"),
                        new Fact.Inbound(in(new Place.Mapped(domain("contoso.com"))), false)),
                arguments("a recipient in no domain", mail().to("<b@contoso..com>"),
                        new Fact.Inbound(in(new Place.NotADomain()), false)),
                arguments("a resolved recipient", mail().to("<b@contoso.com>", "b@example.net"),
                        new Fact.Inbound(new RecipientForm.InDomain(
                                accepted, Optional.of(new Place.Elsewhere(domain("example.net")))), false)),
                arguments("a routed recipient", mail().to("<u%evil.example@contoso.com>"),
                        new Fact.Inbound(new RecipientForm.Routed(), false)),
                arguments("the postmaster", mail().to("<postmaster>"), new Fact.Inbound(new RecipientForm.Unqualified(), true)),
                arguments("a bare user", mail().to("<root>"), new Fact.Inbound(new RecipientForm.Unqualified(), false)),
                arguments("who identifies the client", office, new Fact.Identified(List.of(OFFICE), false)),
                arguments("missing encryption", mail().client("192.0.2.17"), new Fact.Identified(List.of(), true)),
                arguments("protection of inbound mail", inbound.from("<a@contoso.com>"), new Fact.ProtectedInbound("contoso", false)),
                arguments("protection of inbound mail from an uncertain sender", inbound.from("<a%contoso.com>"),
                        new Fact.ProtectedInbound("contoso", true)),
                arguments("protection from another's connector", contosos, new Fact.ProtectedRelay("contoso", false)),
                arguments("protection of an uncertain sender", contosos.from("<a%contoso.com>"),
                        new Fact.ProtectedRelay("contoso", true)),
                arguments("a sender within the limit", limited.from("<a@fabrikam.com>"),
                        new Fact.SenderWithinLimit(LIMITED, sender("<a@fabrikam.com>"), true)),
                arguments("a sender beyond the limit", limited.from("<a@other.example>"),
                        new Fact.SenderWithinLimit(LIMITED, sender("<a@other.example>"), false)),
                arguments("a sender's domain", office.from("<a@contoso.com>"),
                        new Fact.SenderDomain(OFFICE, sender("<a@contoso.com>"), true)),
                arguments("another's domain", office, new Fact.SenderDomain(OFFICE, sender("<a@evil.example>"), false)),
                arguments("a certificate's domain", hq,
                        new Fact.CertificateDomain(HQ, true, List.of("mx.contoso.com"), List.of(List.of("contoso")), true)),
                arguments("no certificate", office, new Fact.CertificateDomain(OFFICE, false, List.of(), List.of(), false)),
                arguments("the names of a pinned certificate", pinned,
                        new Fact.CertificateDomain(PINNED, true, List.of("mail.contoso.com", "unknown.example"),
                                List.of(List.of("contoso"), List.of()), false)),
                arguments("the verified name of a pinned certificate", pinned.certificate("mx.fabrikam.com"),
                        new Fact.CertificateDomain(PINNED, true, List.of("mx.fabrikam.com", "mail.contoso.com", "unknown.example"),
                                List.of(List.of("contoso"), List.of(), List.of("fabrikam")), true)),
                arguments("a connector for any domain", mail().client("192.0.2.33").from("<a@evil.example>"),
                        new Fact.AnyDomain(ANY, true)),
                arguments("a connector for its own domains", office, new Fact.AnyDomain(OFFICE, false)),
                arguments("a connector for bounces", mail().client("192.0.2.34"), new Fact.NullSenderAllowed(BOUNCES, true)),
                arguments("a connector that is not for bounces", office.from("<>"), new Fact.NullSenderAllowed(OFFICE, false)),
                arguments("a certificate that is known", mail().from("<a@evil.example>").presents("7", "8"),
                        new Fact.CertificateKnown(true)));
        // spotless:on
    }

    @Test
    void protectionIsNotedWhereItHolds() {
        assertThat(new Fact.ProtectedInbound("contoso", false).holds()).isTrue();
        assertThat(new Fact.Identified(List.of(HQ), false).holds()).isTrue();
        assertThat(new Fact.Identified(List.of(), true).holds()).isFalse();
        assertThat(facts(mail().client("192.0.2.1").from("<a@contoso.com>").to("<b@contoso.com>")))
                .noneMatch(Fact.OfProtection.class::isInstance);
    }

    private static List<Fact> facts(Mail mail) {
        return SERVICE.explanation(mail).facts();
    }

    private static RecipientForm in(Place place) {
        return new RecipientForm.InDomain(place, Optional.empty());
    }

    private static Address sender(String path) {
        return mail().from(path).envelope().sender();
    }
}
