package io.github.orgmilter.identification;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.domain;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.pattern;
import static io.github.orgmilter.policy.PolicyFixture.range;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.identification.CertificateMatch.ByName;
import io.github.orgmilter.identification.ConnectorOutcome.Matched;
import io.github.orgmilter.identification.ConnectorOutcome.NotMatched;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.policy.PolicyFixture;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 3: why a connector identifies a client or does not. */
class ConnectorOutcomesTest {

    private static final ConnectorName IT = new ConnectorName("contoso", "it");
    private static final Mail SERVER =
            mail().client("192.0.2.1").certificate("mail.contoso.com").issuedBy("Good CA");

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void aConnectorDoesNotMatch(String what, Connector connector, Mail mail, List<Mismatch> mismatches) {
        assertThat(outcomes(mail, connector)).containsExactly(new NotMatched(IT, mismatches));
    }

    static Stream<Arguments> aConnectorDoesNotMatch() {
        CertificateName presented = CertificateName.of("mail.contoso.com").orElseThrow();
        Mismatch otherName =
                new Mismatch.OtherName(presented, List.of(pattern("a.contoso.com"), pattern("b.contoso.com")));
        Mismatch elsewhere =
                new Mismatch.OtherAddress(address(), List.of(range("198.51.100.0/24"), range("2001:db8::/48")));
        Connector both = connector("it", "name mail.contoso.com", "address 198.51.100.0/24", "address 2001:db8::/48");
        Connector issued = connector("it", "name mail.contoso.com", "issuer Bad CA");
        Connector pin = connector("it", "certificate 1", "address 198.51.100.0/24", "address 2001:db8::/48");
        // spotless:off
        return Stream.of(
                arguments("it is disabled", connector("it", "name mail.contoso.com", "disabled"), SERVER, List.of(new Mismatch.Disabled())),
                arguments("no verified name", both, mail().client("198.51.100.1"), List.of(new Mismatch.NoVerifiedName())),
                arguments("another name", connector("it", "name a.contoso.com", "name b.contoso.com"), SERVER, List.of(otherName)),
                arguments("another issuer", issued, SERVER,
                        List.of(new Mismatch.OtherIssuer(Optional.of("Good CA"), Set.of("Bad CA")))),
                arguments("no issuer", issued, mail().certificate("mail.contoso.com"),
                        List.of(new Mismatch.OtherIssuer(Optional.empty(), Set.of("Bad CA")))),
                arguments("the right name from elsewhere", both, SERVER, List.of(elsewhere)),
                arguments("the right name and issuer from elsewhere",
                        connector("it", "name mail.contoso.com", "issuer Good CA", "address 198.51.100.0/24", "address 2001:db8::/48"),
                        SERVER, List.of(elsewhere)),
                arguments("the right name from nowhere", both, SERVER.client("unknown"), List.of(new Mismatch.AddressUnknown())),
                arguments("another address alone", connector("it", "address 198.51.100.0/24", "address 2001:db8::/48"), SERVER,
                        List.of(elsewhere)),
                arguments("only encryption is missing", connector("it", "address 192.0.2.1", "require-tls"), mail().client("192.0.2.1"),
                        List.of(new Mismatch.NotEncrypted())),
                arguments("a certificate that is unknown", pin, SERVER, List.of(new Mismatch.CertificateUnknown())),
                arguments("no certificate", pin, SERVER.presentsNone(), List.of(new Mismatch.NoCertificate())),
                arguments("another certificate", pin, SERVER.presents("7", "1"),
                        List.of(new Mismatch.NotPinned(SERVER.presents("7", "1").client().presented().orElseThrow()))),
                arguments("the pinned certificate from elsewhere", pin, SERVER.presents("1", "7"), List.of(elsewhere)),
                arguments("the pinned key from elsewhere",
                        connector("it", "key 2", "address 198.51.100.0/24", "address 2001:db8::/48"), SERVER.presents("7", "2"),
                        List.of(elsewhere)),
                arguments("neither a name nor a pin", connector("it", "name a.contoso.com", "name b.contoso.com", "certificate 1"),
                        SERVER.presentsNone(), List.of(otherName, new Mismatch.NoCertificate())),
                arguments("a pin without the name, from elsewhere",
                        connector("it", "name a.contoso.com", "certificate 1", "address 198.51.100.0/24", "address 2001:db8::/48"),
                        SERVER.presents("1", "7"), List.of(elsewhere)));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void aWildcardIsNarrowed(String what, List<String> conditions, PolicyFixture others, Mismatch mismatch) {
        PolicyFixture service = others.organization(
                "contoso", List.of("contoso.com and below"), connector("it", conditions.toArray(String[]::new)));
        assertThat(service.explanation(SERVER).connectors()).contains(new NotMatched(IT, List.of(mismatch)));
    }

    static Stream<Arguments> aWildcardIsNarrowed() {
        CertificateName presented = CertificateName.of("mail.contoso.com").orElseThrow();
        Mismatch byName = new Mismatch.NarrowedWildcard(
                presented,
                pattern("*.contoso.com"),
                new WildcardLimit.ForeignName(new ConnectorName("customer", "its")));
        Mismatch byDomain = new Mismatch.NarrowedWildcard(
                presented,
                pattern("*.contoso.com"),
                new WildcardLimit.ForeignDomain(domain("mail.contoso.com"), "customer"));
        Mismatch byIssuer = new Mismatch.OtherIssuer(Optional.of("Good CA"), Set.of("Bad CA"));
        List<String> wildcard = List.of("name *.contoso.com");
        // spotless:off
        return Stream.of(
                arguments("by another's name", wildcard,
                        service().organization("customer", List.of("customer.example"), connector("its", "name mail.contoso.com")), byName),
                arguments("by another's domain", wildcard, service().organization("customer", List.of("mail.contoso.com")), byDomain),
                arguments("by another's domain, and not by its own",
                        wildcard,
                        service()
                                .organization("own", List.of("example.com"))
                                .organization("customer", List.of("mail.contoso.com")),
                        byDomain),
                arguments("but not its exact name, whose issuer is another",
                        List.of("name *.contoso.com", "name mail.contoso.com", "issuer Bad CA"),
                        service().organization("customer", List.of("mail.contoso.com")), byIssuer));
        // spotless:on
    }

    @Test
    void aConnectorMatchesByAllThatItNames() {
        Connector connector = connector("it", "name *.contoso.com", "address 192.0.2.0/24", "address 192.0.2.0/28");
        CertificateName name = CertificateName.of("mail.contoso.com").orElseThrow();
        assertThat(outcomes(SERVER, connector))
                .containsExactly(new Matched(
                        IT,
                        Optional.of(new ByName(name, pattern("*.contoso.com"))),
                        Optional.empty(),
                        Optional.of(range("192.0.2.0/28"))));
    }

    @Test
    void ofManyConnectorsOnlyThoseConcernedAreExplained() {
        Connector[] others = new Connector[22];
        for (int i = 0; i < others.length; i++) {
            others[i] = connector("c" + i, "address 198.51.100." + i);
        }
        Connector[] one = {connector("one", "address 192.0.2.1")};
        PolicyFixture service = service()
                .organization("identified", List.of("identified.example"), one)
                .organization(
                        "sender",
                        List.of("sender.example"),
                        one[0],
                        connector("disabled", "address 192.0.2.9", "disabled"))
                .organization("others", List.of("others.example"), others);
        Mail mail = mail().client("192.0.2.1").from("<a@sender.example>").to("<b@recipient.example>");
        assertThat(service.explanation(mail).connectors()).hasSize(25);
        service.organization("recipient", List.of("recipient.example"), connector("its", "address 203.0.113.1"));
        assertThat(service.explanation(mail).connectors())
                .extracting(outcome -> outcome.connector().toString())
                .containsExactly("identified/one", "sender/one", "sender/disabled", "recipient/its");
    }

    @Test
    void aClientMayPresentItsCertificateLater() {
        Client client = SERVER.client();
        assertThat(client.presenting(Optional.of(PresentedCertificate.NONE)))
                .isEqualTo(SERVER.presentsNone().client());
        assertThat(client.presented()).isEmpty();
    }

    private static List<ConnectorOutcome> outcomes(Mail mail, Connector connector) {
        return service()
                .organization("contoso", List.of("contoso.com"), connector)
                .explanation(mail)
                .connectors();
    }

    private static IpAddress address() {
        AddressRange range = range("192.0.2.1");
        return range.first();
    }
}
