package io.github.orgmilter.authors;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FromDomains;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyFixture;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import io.github.orgmilter.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

// spotless:off
@DisplayName("The authors of a message")
final class AuthorDecisionTest {

    private static final String CONTOSO = "192.0.2.1";
    private static final String FABRIKAM = "192.0.2.2";
    private static final String ANYBODY = "192.0.2.3";
    private static final String STRANGER = "203.0.113.99";
    private static final String PASSES = "passes";

    /** contoso protects mail to the outside, northwind all, both in enforce; litware in audit; adatum and fabrikam nothing. */
    private static PolicyFixture service() {
        return PolicyFixture.service()
                .organization("contoso", List.of("contoso.com and below"), connector("hq", "address " + CONTOSO))
                .headerFrom(HeaderFrom.RELAY)
                .organization("fabrikam", List.of("fabrikam.com", "sub.contoso.com"), connector("hq", "address " + FABRIKAM, "any-domain"))
                .organization("northwind", List.of("northwind.example"), connector("hq", "address 192.0.2.4"))
                .headerFrom(HeaderFrom.ALL)
                .organization("litware", SenderProtection.RELAY, Mode.AUDIT, List.of("litware.example"))
                .headerFrom(HeaderFrom.ALL)
                .organization("adatum", List.of("adatum.example"), connector("any", "address " + ANYBODY, "any-domain"));
    }

    static String decide(PolicyFixture service, Mail mail, List<String> recipients, String... fields) {
        Policy policy = service.policy();
        AuthorDecision decision = new AuthorDecision(policy, mail.envelope());
        Identification client = policy.identify(mail.client());
        for (String recipient : recipients) {
            Mail one = mail.to("<" + recipient + ">");
            Identification identification = policy.identify(one.client());
            Verdict verdict = policy.decide(identification, one.envelope(), one.recipient());
            assertThat(verdict.reply()).as(recipient).isEmpty();
            decision.accept(one.recipient(), verdict);
        }
        return decision.decide(from(fields), client).map(PolicyFixture::describe).orElse(PASSES);
    }

    private static FromDomains from(String... fields) {
        HeaderFields header = new HeaderFields(Set.of(FieldName.FROM), 1_000, 1 << 20);
        for (String field : fields) {
            header.add("From".getBytes(StandardCharsets.US_ASCII), field.getBytes(StandardCharsets.UTF_8));
        }
        return header.from();
    }

    @ParameterizedTest(name = "from {0} to {1}, From: {2}: {3}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        // relay
        "192.0.2.2    | b@example.net                | a@fabrikam.com                        | passes",
        "192.0.2.2    | b@example.net                | a@contoso.com                         | reject protected-header-from fabrikam/hq",
        "192.0.2.2    | b@example.net                | A <a@CONTOSO.com.>                    | reject protected-header-from fabrikam/hq",
        "192.0.2.2    | b@example.net                | a@deep.contoso.com                    | reject protected-header-from fabrikam/hq",
        "192.0.2.2    | b@example.net                | a@sub.contoso.com                     | passes",
        "192.0.2.2    | b@example.net                | a@notcontoso.com                      | passes",
        "192.0.2.2    | b@example.net                | a@fabrikam.com, b@contoso.com         | reject protected-header-from fabrikam/hq",
        "192.0.2.2    | b@example.net                | G: a@contoso.com;                     | reject protected-header-from fabrikam/hq",
        "192.0.2.2    | b@example.net                | \"a@contoso.com\" <a@fabrikam.com>  | passes",
        "192.0.2.2    | b@example.net                | (a@contoso.com) a@fabrikam.com        | passes",
        "192.0.2.2    | contoso@contoso.com          | a@contoso.com                         | passes",
        "192.0.2.2    | c@contoso.com b@example.net  | a@contoso.com                         | reject protected-header-from fabrikam/hq",
        "192.0.2.1    | b@example.net                | a@contoso.com                         | passes",
        // all
        "192.0.2.2    | c@contoso.com                | a@northwind.example                   | reject protected-header-from fabrikam/hq",
        "203.0.113.99 | c@contoso.com                | a@northwind.example                   | reject protected-header-from northwind",
        "203.0.113.99 | c@contoso.com                | a@contoso.com                         | passes",
        "192.0.2.4    | c@contoso.com                | a@northwind.example                   | passes",
        // each organization needs a connector of its own
        "192.0.2.1    | b@example.net                | a@contoso.com, b@northwind.example    | reject protected-header-from contoso/hq",
        // audit
        "203.0.113.99 | c@contoso.com                | a@litware.example                     | audit protected-header-from litware",
        "203.0.113.99 | c@contoso.com                | a@litware.example, b@northwind.example | reject protected-header-from northwind",
        // not parsable
        "192.0.2.2    | b@example.net                | \"a@fabrikam.com                     | reject protected-header-from fabrikam/hq",
        "192.0.2.1    | b@example.net                | \"a@contoso.com                      | reject protected-header-from contoso/hq",
        "203.0.113.99 | c@contoso.com                | \"a@fabrikam.com                     | passes",
        "203.0.113.99 | c@contoso.com                | \"a@northwind.example                | reject protected-header-from northwind",
        "192.0.2.2    | b@example.net                | root                                  | passes",
        "192.0.2.2    | b@example.net                | Fabrikam, Inc. <a@fabrikam.com>       | passes",
        "192.0.2.2    | b@example.net                | Contoso, Inc. <a@contoso.com>         | reject protected-header-from fabrikam/hq",
    })
    @DisplayName("pass only where each organization that protects one of their domains identifies the client")
    void authors(String client, String recipients, String from, String expected) {
        String sender = client.equals(CONTOSO) ? "<x@contoso.com>" : client.equals(STRANGER) ? "<x@y.example>" : "<x@fabrikam.com>";
        assertThat(decide(service(), mail().client(client).from(sender), List.of(recipients.split(" ")), from)).isEqualTo(expected);
    }

    @Test
    @DisplayName("count in every From field, and none is no author")
    void fields() {
        Mail mail = mail().client(FABRIKAM).from("<x@fabrikam.com>");
        List<String> outside = List.of("b@example.net");
        assertThat(decide(service(), mail, outside, "a@fabrikam.com", "a@contoso.com")).startsWith("reject");
        assertThat(decide(service(), mail, outside)).isEqualTo(PASSES);
        assertThat(decide(service(), mail, outside, "")).isEqualTo(
                from("").syntax() == FromDomains.Syntax.INVALID ? "reject protected-header-from fabrikam/hq" : PASSES);
    }

    @Test
    @DisplayName("do not matter for exempt clients, trusted logins, or without a recipient")
    void exempt() {
        List<String> outside = List.of("b@example.net");
        assertThat(decide(service().exempt(STRANGER), mail().client(STRANGER).from("<x@y.example>"), outside, "a@contoso.com")).isEqualTo(PASSES);
        assertThat(decide(service(), mail().login("PLAIN").from("<x@y.example>"), outside, "a@northwind.example")).isEqualTo(PASSES);
        assertThat(decide(service().trustedLogins(), mail().client(FABRIKAM).login("PLAIN").from("<x@fabrikam.com>"), outside, "a@contoso.com"))
                .startsWith("reject");
        assertThat(decide(service(), mail(), List.of(), "a@northwind.example")).isEqualTo(PASSES);
    }

    @Test
    @DisplayName("are softened by the audit of the service")
    void audit() {
        assertThat(decide(service().audit(), mail().client(FABRIKAM).from("<x@fabrikam.com>"), List.of("b@example.net"), "a@contoso.com"))
                .isEqualTo("audit protected-header-from fabrikam/hq");
    }

    @Test
    @DisplayName("defer a client that may be a pinned one")
    void pinned() {
        PolicyFixture service = PolicyFixture.service()
                .organization("northwind", List.of("northwind.example"), connector("pin", "certificate 1"))
                .headerFrom(HeaderFrom.ALL)
                .policyDelegation();
        Mail mail = mail().overTls().from("<x@y.example>");
        List<String> inbound = List.of("b@northwind.example");
        assertThat(decide(service, mail, inbound, "a@northwind.example")).isEqualTo("tempfail no-policy-data");
        assertThat(decide(service, mail.presentsNone(), inbound, "a@northwind.example")).isEqualTo("reject protected-header-from northwind");
        assertThat(decide(service, mail.presents("1", "2"), inbound, "a@northwind.example")).isEqualTo(PASSES);
    }

    @Test
    @DisplayName("defer a message where only a dispute or unreadable connectors refuse it")
    void doubt() {
        PolicyFixture service = PolicyFixture.service()
                .customer("a", List.of("disputed.example"), connector("a", "address " + CONTOSO))
                .headerFrom(HeaderFrom.ALL)
                .customer("b", List.of("disputed.example"), connector("b", "address " + FABRIKAM))
                .customer("c", SenderProtection.RELAY, new Standing(true, true, false, Set.of()), List.of("unread.example"))
                .headerFrom(HeaderFrom.ALL)
                .customer("d", List.of("clear.example"))
                .headerFrom(HeaderFrom.ALL);
        List<String> inbound = List.of("b@clear.example");
        Mail mail = mail().from("<x@y.example>");
        assertThat(decide(service, mail.client(FABRIKAM), inbound, "a@disputed.example")).isEqualTo("tempfail disputed-domain");
        assertThat(decide(service, mail.client(CONTOSO), inbound, "a@disputed.example")).isEqualTo(PASSES);
        assertThat(decide(service, mail, inbound, "a@disputed.example")).isEqualTo("reject protected-header-from a");
        assertThat(decide(service, mail, inbound, "a@unread.example")).isEqualTo("tempfail disputed-domain");
        assertThat(decide(service, mail, inbound, "a@unread.example, a@clear.example")).isEqualTo("reject protected-header-from d");
    }

    @ParameterizedTest(name = "header-from = {0} of one organization, to {1}: {2}")
    @CsvSource({"OFF,b@example.net,false", "RELAY,b@example.net,true", "RELAY,b@contoso.com,false", "ALL,b@contoso.com,true"})
    @DisplayName("are asked for only where they may refuse the message")
    void concerned(HeaderFrom setting, String recipient, boolean concerned) {
        Policy policy = PolicyFixture.service()
                .organization("contoso", List.of("contoso.com"), connector("hq", "address " + CONTOSO)).headerFrom(setting).policy();
        Mail mail = mail().client(CONTOSO).from("<x@contoso.com>").to("<" + recipient + ">");
        Verdict verdict = policy.decide(policy.identify(mail.client()), mail.envelope(), mail.recipient());
        assertThat(AuthorDecision.concerns(policy, mail.recipient(), verdict)).isEqualTo(concerned);
    }
}
// spotless:on
