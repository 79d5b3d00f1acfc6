package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.accepted;
import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.pattern;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.domains.ClaimProblem;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, 2.5, 3.9 and 7.6: customers of a directory, and what one of them can do to another. */
class DirectoryTest {

    private static final Standing UNREADABLE = new Standing(true, true, false, Set.of());
    private static final Mail OUTSIDE = mail().to("<bob@outside.example>");
    private static final Mail CONTOSO = OUTSIDE.client("192.0.2.1").from("<a@contoso.com>");

    private static PolicyFixture contoso() {
        return service()
                .organization("provider", List.of("provider.example and below"), connector("hub", "address 192.0.2.9"))
                .customer(
                        "contoso",
                        List.of("contoso.com and below since 1", "contoso.net"),
                        connector("office", "address 192.0.2.1"),
                        connector("edge", "name mail.contoso.com"),
                        connector("wild", "name *.contoso.com"));
    }

    // spotless:off
    static Stream<Arguments> decisions() {
        Mail office = OUTSIDE.client("192.0.2.1");
        PolicyFixture rival = contoso().customer("rival", SenderProtection.ALL, Standing.OF_DIRECTORY,
                List.of("contoso.net", "contoso.com since 2", "x.contoso.com since 2", "provider.example", "rival.example"),
                connector("server", "address 192.0.2.2"), connector("stolen", "name mail.contoso.com", "any-domain"));
        PolicyFixture unreadable = contoso().customer("broken", SenderProtection.ALL, UNREADABLE,
                List.of("broken.example"), connector("left", "address 192.0.2.3"));
        return Stream.of(
                arguments("its own domain", contoso(), CONTOSO, "accept sender-domain contoso/office"),
                arguments("an older claim keeps the domain", rival, CONTOSO, "accept sender-domain contoso/office"),
                arguments("and what is below it", rival, office.from("<a@x.contoso.com>"), "accept sender-domain contoso/office"),
                arguments("a newer claim backs nobody", rival, OUTSIDE.client("192.0.2.2").from("<a@contoso.com>"),
                        "reject domain-not-accepted rival/server"),
                arguments("nor does one of a domain of a file", rival, OUTSIDE.client("192.0.2.2").from("<a@provider.example>"),
                        "reject domain-not-accepted rival/server"),
                arguments("of undated claims, neither backs anybody", rival, office.from("<a@contoso.net>"),
                        "tempfail disputed-domain"),
                arguments("in both directions", rival, OUTSIDE.client("192.0.2.2").from("<a@contoso.net>"), "tempfail disputed-domain"),
                arguments("a disputed domain is inbound", rival, mail().client("203.0.113.1").from("<a@b.example>").to("<u@contoso.net>"),
                        "accept inbound contoso"),
                arguments("its protection is each claimant's", rival,
                        mail().client("203.0.113.1").from("<a@contoso.net>").to("<u@provider.example>"), "reject protected-sender rival"),
                arguments("but not against the other's servers for good", rival,
                        mail().client("192.0.2.1").from("<a@contoso.net>").to("<u@provider.example>"), "tempfail disputed-domain"),
                arguments("strangers keep their 550", rival, OUTSIDE.client("203.0.113.1").from("<a@contoso.net>"),
                        "reject not-identified"),
                arguments("other senders keep theirs", rival, office.from("<a@elsewhere.example>"),
                        "reject domain-not-accepted contoso/office"),
                arguments("a stolen certificate name matches nothing", rival,
                        OUTSIDE.certificate("mail.contoso.com").from("<a@elsewhere.example>"), "accept certificate-domain contoso/edge"),
                arguments("and narrows nothing", rival, OUTSIDE.certificate("x.contoso.com").from("<>"),
                        "accept certificate-domain contoso/wild"),
                arguments("by an audit of the service a dispute softens nothing more", contoso().audit().customer("rival",
                        List.of("contoso.net")), office.from("<a@contoso.net>"), "audit domain-not-accepted contoso/office"),
                arguments("unreadable connectors: its senders are deferred", unreadable,
                        OUTSIDE.client("203.0.113.1").from("<a@broken.example>"), "tempfail disputed-domain"),
                arguments("inbound as well", unreadable,
                        mail().client("203.0.113.1").from("<a@broken.example>").to("<u@contoso.com>"), "tempfail disputed-domain"),
                arguments("so is what its readable servers send", unreadable, OUTSIDE.client("192.0.2.3").from("<>"),
                        "tempfail disputed-domain"),
                arguments("others are refused", unreadable, OUTSIDE.client("203.0.113.1").from("<a@contoso.com>"),
                        "reject not-identified"),
                arguments("stale: a directory's connector relays nothing", contoso().stale(), CONTOSO, "tempfail stale-directory"),
                arguments("stale: one of a file does", contoso().stale(), OUTSIDE.client("192.0.2.9").from("<a@provider.example>"),
                        "accept sender-domain provider/hub"),
                arguments("stale: inbound mail goes on", contoso().stale(),
                        mail().client("192.0.2.1").from("<a@b.example>").to("<u@contoso.com>"), "accept inbound contoso/office"),
                arguments("stale: refusals go on", contoso().stale(), office.from("<a@b.example>"),
                        "reject domain-not-accepted contoso/office"),
                arguments("stale: in audit too", contoso().stale().audit(), CONTOSO, "tempfail stale-directory"));
    }
    // spotless:on

    @ParameterizedTest(name = "{0}: {3}", quoteTextArguments = false)
    @MethodSource("decisions")
    void decides(String what, PolicyFixture service, Mail mail, String verdict) {
        assertThat(service.decides(mail)).isEqualTo(verdict);
    }

    @Test
    void anUncertainSenderIsNotExemptFromProtection() {
        PolicyFixture service = service()
                .organization("one", List.of("one.example"), connector("hub", "address 192.0.2.1"))
                .organization("two", List.of("two.example"), connector("hub", "address 192.0.2.2"));
        Mail mail = OUTSIDE.client("192.0.2.1");
        assertThat(service.decides(mail.from("<u%two.example@one.example>")))
                .isEqualTo("reject protected-sender one/hub");
        assertThat(service.decides(mail.from("<u%two.example@one.example>", "u%two.example@one.example")))
                .isEqualTo("accept sender-domain one/hub");
    }

    @Test
    void theProblemsOfClaimsAreListed() {
        Policy policy = contoso()
                .local("mx.example")
                .customer(
                        "rival",
                        List.of(
                                "contoso.net",
                                "contoso.com since 2",
                                "x.contoso.com since 2",
                                "provider.example",
                                "mx.example",
                                "rival.example"),
                        connector(
                                "stolen", "name *.contoso.com", "name mail.rival.example", "sender-domain contoso.com"))
                .policy();
        AcceptedDomain net = new AcceptedDomain(accepted("contoso.net").domain(), false, AcceptedDomain.UNDATED);
        ConnectorName stolen = new ConnectorName("rival", "stolen");
        assertThat(policy.claimProblems().of(List.of("rival", "unknown", "provider")))
                .containsExactly(
                        new ClaimProblem.Disputed("rival", net, List.of("contoso")),
                        new ClaimProblem.LostToOlder("rival", dated("contoso.com"), List.of("contoso")),
                        new ClaimProblem.LostToOlder("rival", dated("x.contoso.com"), List.of("contoso")),
                        new ClaimProblem.LostToFile("rival", undated("provider.example"), "provider"),
                        new ClaimProblem.LostToLocalDomain("rival", undated("mx.example")),
                        new ClaimProblem.ForeignCertificateName(stolen, pattern("*.contoso.com"), List.of("contoso")),
                        new ClaimProblem.ForeignSenderDomain(stolen, accepted("contoso.com"), List.of("contoso")));
        assertThat(policy.claimProblems().all()).contains(new ClaimProblem.Disputed("contoso", net, List.of("rival")));
        assertThat(policy.claimProblems().disputedDomains()).isEqualTo(1);
        Policy after = policy.with(List.of(), List.of("contoso"), policy.options(), "1");
        assertThat(after.claimProblems().disputedDomains()).isZero();
        assertThat(after.claimProblems().of(List.of("rival"))).hasSize(2);
    }

    private static AcceptedDomain dated(String domain) {
        return new AcceptedDomain(accepted(domain).domain(), false, 2);
    }

    private static AcceptedDomain undated(String domain) {
        return new AcceptedDomain(accepted(domain).domain(), false, AcceptedDomain.UNDATED);
    }
}
