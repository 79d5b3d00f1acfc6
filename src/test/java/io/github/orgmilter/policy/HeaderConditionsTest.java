package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import io.github.orgmilter.policy.explanation.Explanation;
import io.github.orgmilter.verdict.Verdict;
import io.github.orgmilter.verdict.Verdict.Provisional;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, 3.11 and 7.7: what a recipient is answered before the header, and what the header makes of it. */
@DisplayName("A connector with required-headers")
final class HeaderConditionsTest {

    private static final String CLOUD = "mail.cloud.example";
    private static final Mail MAIL = mail().certificate(CLOUD).to("<b@example.net>");
    private static final Mail CONTOSO = MAIL.from("<a@contoso.com>");
    private static final String ORIGIN = "X-OriginatorOrg: contoso.com";

    private static Connector cloud(String value, String... more) {
        List<String> conditions = new ArrayList<>(List.of("name " + CLOUD, "header X-OriginatorOrg: " + value));
        conditions.addAll(List.of(more));
        return connector("cloud", conditions.toArray(String[]::new));
    }

    private static PolicyFixture tenants() {
        return service()
                .organization("contoso", List.of("contoso.com"), cloud("contoso.com"))
                .organization(
                        "fabrikam",
                        List.of("fabrikam.com"),
                        cloud("fabrikam.com"),
                        connector("hq", "address 192.0.2.2"));
    }

    /** What the recipients of one message are answered, and then the message at the end of its header. */
    static List<String> decide(PolicyFixture service, Mail mail, List<String> recipients, String... fields) {
        Policy policy = service.policy();
        Identification identification = policy.identify(mail.client());
        HeaderConditions conditions = new HeaderConditions(policy, mail.envelope());
        List<String> answers = new ArrayList<>();
        List<Provisional> provisional = new ArrayList<>();
        for (String recipient : recipients) {
            Mail one = mail.to(recipient);
            Verdict verdict = policy.decide(identification, one.envelope(), one.recipient());
            answers.add(PolicyFixture.describe(verdict));
            if (verdict instanceof Provisional its) {
                conditions.accept(one.recipient(), its);
                provisional.add(its);
            }
        }
        if (conditions.isEmpty()) {
            return answers;
        }
        Identification byHeader = identification.with(PolicyFixture.fields(policy.requiredFields(), fields));
        conditions
                .decide(byHeader)
                .ifPresentOrElse(
                        refusal -> answers.add(PolicyFixture.describe(refusal)),
                        () -> provisional.forEach(
                                each -> answers.add(PolicyFixture.describe(conditions.settled(each, byHeader)))));
        return answers;
    }

    private static String decide(PolicyFixture service, Mail mail, String... fields) {
        return String.join(", ", decide(service, mail, List.of(mail.to()), fields));
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource({"relay", "otherKinds", "domains", "inbound", "audit", "directory"})
    void decides(String what, PolicyFixture service, Mail mail, String fields, String expected) {
        assertThat(decide(service, mail, fields.isEmpty() ? new String[0] : fields.split("\\|")))
                .isEqualTo(expected);
    }

    private static final String RELAYED = "accept sender-domain contoso if relay, ";
    private static final String PASSES = RELAYED + "accept sender-domain contoso/cloud";
    private static final String MISMATCH = RELAYED + "reject header-mismatch";

    static Stream<Arguments> relay() {
        // spotless:off
        return Stream.of(
                arguments("passes with its field", tenants(), CONTOSO, ORIGIN, PASSES),
                arguments("in any case", tenants(), CONTOSO, "x-ORIGINATORorg: Contoso.COM", PASSES),
                arguments("with blanks around the value", tenants(), CONTOSO, "X-OriginatorOrg: \t contoso.com \t", PASSES),
                arguments("folded in front of the value", tenants(), CONTOSO, "X-OriginatorOrg:\r\n contoso.com", PASSES),
                arguments("folded behind the value", tenants(), CONTOSO, "X-OriginatorOrg: contoso.com\r\n\t", PASSES),
                arguments("beside other fields", tenants(), CONTOSO, "Subject: x|" + ORIGIN + "|X-Other: y", PASSES),
                arguments("is refused without it", tenants(), CONTOSO, "", MISMATCH),
                arguments("as another tenant", tenants(), CONTOSO, "X-OriginatorOrg: fabrikam.com", MISMATCH + " fabrikam/cloud"),
                arguments("with the field twice", tenants(), CONTOSO, ORIGIN + "|" + ORIGIN, MISMATCH),
                arguments("with both tenants' fields", tenants(), CONTOSO, ORIGIN + "|X-OriginatorOrg: fabrikam.com", MISMATCH),
                arguments("the forged one last", tenants(), CONTOSO, "X-OriginatorOrg: fabrikam.com|" + ORIGIN, MISMATCH),
                arguments("with a blank before the colon", tenants(), CONTOSO, "X-OriginatorOrg : contoso.com", MISMATCH),
                arguments("and with the right one too", tenants(), CONTOSO, "X-OriginatorOrg : contoso.com|" + ORIGIN, MISMATCH),
                arguments("with more than the value", tenants(), CONTOSO, "X-OriginatorOrg: contoso.com.evil.example", MISMATCH),
                arguments("with two values in one field", tenants(), CONTOSO, "X-OriginatorOrg: fabrikam.com, contoso.com", MISMATCH),
                arguments("with a comment", tenants(), CONTOSO, "X-OriginatorOrg: contoso.com (x)", MISMATCH),
                arguments("folded within the value", tenants(), CONTOSO, "X-OriginatorOrg: contoso\r\n .com", MISMATCH),
                arguments("with a NUL", tenants(), CONTOSO, "X-OriginatorOrg: contoso.com\0", MISMATCH),
                arguments("with a bare line feed", tenants(), CONTOSO, "X-OriginatorOrg: contoso.com\nX-A: b", MISMATCH),
                arguments("with a bare carriage return", tenants(), CONTOSO, "X-OriginatorOrg: contoso.com\rX-A: b", MISMATCH),
                arguments("with an 8-bit letter", tenants(), CONTOSO, "X-OriginatorOrg: c\u00f6ntoso.com", MISMATCH),
                arguments("in a field of a similar name", tenants(), CONTOSO, "X-OriginatorOrg2: contoso.com", MISMATCH),
                arguments("a tenant for itself", tenants(), MAIL.from("<a@fabrikam.com>"), "X-OriginatorOrg: fabrikam.com",
                        "accept sender-domain fabrikam if relay, accept sender-domain fabrikam/cloud"),
                arguments("nobody's domain", tenants(), MAIL.from("<a@evil.example>"), ORIGIN, "reject domain-not-accepted"),
                arguments("the null sender", tenants(), MAIL.from("<>"), ORIGIN, "reject null-sender"),
                arguments("a stranger", tenants(), mail().from("<a@contoso.com>"), ORIGIN, "reject not-identified"));
        // spotless:on
    }

    static Stream<Arguments> otherKinds() {
        PolicyFixture both = service()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        cloud("contoso.com"),
                        connector("hq", "name " + CLOUD, "address 192.0.2.1"));
        PolicyFixture two = service()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        cloud("contoso.com", "header X-Key: secret", "header X-Key: next"))
                .organization("fabrikam", List.of("fabrikam.com"), cloud("contoso.com"));
        PolicyFixture login = service()
                .trustedLogins()
                .organization("contoso", List.of("contoso.com"), connector("cloud", "login alice", "header X-Key: a"));
        PolicyFixture pin = service()
                .policyDelegation()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        connector("cloud", "certificate 1 " + CLOUD, "header X-Key: a"));
        PolicyFixture address = service()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        connector("cloud", "address 203.0.113.0/24", "header X-Key: a", "require-tls"));
        PolicyFixture disabled =
                service().organization("contoso", List.of("contoso.com"), cloud("contoso.com", "disabled"));
        // spotless:off
        return Stream.of(
                arguments("is not asked where another carries the mail", both, CONTOSO.client("192.0.2.1"), "",
                        "accept sender-domain contoso/hq"),
                arguments("is asked elsewhere", both, CONTOSO, ORIGIN, PASSES),
                arguments("has all fields", two, CONTOSO, ORIGIN + "|X-Key: secret", PASSES),
                arguments("with any of its values", two, CONTOSO, ORIGIN + "|X-Key: next", PASSES),
                arguments("lacks one", two, CONTOSO, ORIGIN, MISMATCH + " fabrikam/cloud"),
                arguments("has another's", two, CONTOSO, ORIGIN + "|X-Key: other", MISMATCH + " fabrikam/cloud"),
                arguments("of another organization has fewer", two, MAIL.from("<a@fabrikam.com>"), ORIGIN,
                        "accept sender-domain fabrikam if relay, accept sender-domain fabrikam/cloud"),
                arguments("by a login", login, CONTOSO.login("PLAIN"), "X-Key: a", PASSES),
                arguments("without the login", login, CONTOSO, "X-Key: a", "reject not-identified"),
                arguments("by a pin", pin, CONTOSO.presents("1", "2"), "X-Key: a", PASSES),
                arguments("with another certificate", pin, CONTOSO.presents("3", "4"), "X-Key: a", "reject not-identified"),
                arguments("whose certificate is unknown", pin, CONTOSO, "X-Key: a", "tempfail no-policy-data"),
                arguments("by an address", address, mail().overTls().from("<a@contoso.com>"), "X-Key: a", PASSES),
                arguments("without TLS", address, mail().from("<a@contoso.com>"), "X-Key: a", "reject tls-required"),
                arguments("from another address", address, mail().overTls().client("198.51.100.1").from("<a@contoso.com>"), "X-Key: a",
                        "reject not-identified"),
                arguments("without TLS, from another address", address, mail().client("198.51.100.1").from("<a@contoso.com>"), "X-Key: a",
                        "reject not-identified"),
                arguments("is disabled", disabled, CONTOSO, ORIGIN, "reject not-identified"));
        // spotless:on
    }

    static Stream<Arguments> domains() {
        PolicyFixture free = tenants()
                .organization("adatum", List.of("adatum.example"), cloud("adatum.example", "any-domain"))
                .organization("litware", List.of("litware.example"), cloud("litware.example", "allow-null-sender"));
        PolicyFixture limited = service()
                .organization(
                        "adatum",
                        List.of("adatum.example and below"),
                        cloud("adatum.example", "any-domain", "sender-domain adatum.example and below"))
                .organization("sub", SenderProtection.OFF, List.of("sub.adatum.example"));
        PolicyFixture owner = service().organization("cloud", List.of("cloud.example"), cloud("cloud.example"));
        String anyDomain = "accept any-domain if relay, ";
        // spotless:off
        return Stream.of(
                arguments("for any domain", free, MAIL.from("<a@outside.example>"), "X-OriginatorOrg: adatum.example",
                        anyDomain + "accept any-domain adatum/cloud"),
                arguments("for any domain, by another's field", free, MAIL.from("<a@outside.example>"), ORIGIN,
                        anyDomain + "reject header-mismatch contoso/cloud"),
                arguments("for any domain but a protected one", free, CONTOSO, "X-OriginatorOrg: adatum.example",
                        RELAYED + "reject header-mismatch adatum/cloud"),
                arguments("for the null sender", free, MAIL.from("<>"), "X-OriginatorOrg: litware.example",
                        "accept null-sender-allowed if relay, accept null-sender-allowed litware/cloud"),
                arguments("for the null sender of any domain", free, MAIL.from("<>"), "X-OriginatorOrg: adatum.example",
                        "accept null-sender-allowed if relay, accept any-domain adatum/cloud"),
                arguments("for the null sender, by another's field", free, MAIL.from("<>"), ORIGIN,
                        "accept null-sender-allowed if relay, reject header-mismatch contoso/cloud"),
                arguments("within sender-domains", limited, MAIL.from("<a@sub.adatum.example>"), "X-OriginatorOrg: adatum.example",
                        "accept any-domain adatum if relay, accept any-domain adatum/cloud"),
                arguments("outside sender-domains", limited, MAIL.from("<a@outside.example>"), "X-OriginatorOrg: adatum.example",
                        "reject domain-not-accepted"),
                arguments("by its certificate's domain", owner, MAIL.from("<a@outside.example>"), "X-OriginatorOrg: cloud.example",
                        "accept certificate-domain cloud if relay, accept certificate-domain cloud/cloud"),
                arguments("by it, for the null sender", owner, MAIL.from("<>"), "X-OriginatorOrg: cloud.example",
                        "accept certificate-domain cloud if relay, accept certificate-domain cloud/cloud"));
        // spotless:on
    }

    static Stream<Arguments> inbound() {
        PolicyFixture guarded = service()
                .organization("contoso", SenderProtection.ALL, List.of("contoso.com"), cloud("contoso.com"))
                .organization("fabrikam", List.of("fabrikam.com"), cloud("fabrikam.com"));
        PolicyFixture strict = service()
                .rejectUnidentified()
                .organization("contoso", SenderProtection.ALL, List.of("contoso.com"), cloud("contoso.com"))
                .organization("fabrikam", List.of("fabrikam.com"));
        PolicyFixture known = tenants().rejectUnidentified();
        PolicyFixture encrypted = service()
                .rejectUnidentified()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        connector("cloud", "address 203.0.113.0/24", "header X-Key: a", "require-tls"));
        PolicyFixture either = service()
                .rejectUnidentified()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        connector("cloud", "address 203.0.113.0/24", "header X-Key: a", "require-tls"))
                .organization(
                        "fabrikam",
                        List.of("fabrikam.com"),
                        connector("cloud", "address 203.0.113.0/24", "header X-Key: b"));
        Mail plain = mail().from("<x@y.example>").to("<b@contoso.com>");
        Mail inbound = CONTOSO.to("<b@fabrikam.com>");
        // spotless:off
        return Stream.of(
                arguments("identifies a protected sender", guarded, inbound, ORIGIN,
                        "accept inbound fabrikam if protection, accept inbound contoso/cloud"),
                arguments("refuses it without the field", guarded, inbound, "",
                        "accept inbound fabrikam if protection, reject protected-sender contoso"),
                arguments("refuses it with another's", guarded, inbound, "X-OriginatorOrg: fabrikam.com",
                        "accept inbound fabrikam if protection, reject protected-sender fabrikam/cloud"),
                arguments("of a stranger is refused at once", guarded, mail().from("<a@contoso.com>").to("<b@fabrikam.com>"), ORIGIN,
                        "reject protected-sender contoso"),
                arguments("any other sender needs nothing", guarded, MAIL.from("<x@y.example>").to("<b@fabrikam.com>"), "",
                        "accept inbound fabrikam"),
                arguments("identifies a client", known, MAIL.from("<x@y.example>").to("<b@contoso.com>"), "X-OriginatorOrg: fabrikam.com",
                        "accept inbound contoso if identification, accept inbound fabrikam/cloud"),
                arguments("does not identify it without the field", known, MAIL.from("<x@y.example>").to("<b@contoso.com>"), "",
                        "accept inbound contoso if identification, reject unidentified-inbound"),
                arguments("without TLS", encrypted, plain, "X-Key: a", "reject tls-required"),
                arguments("that only lacks TLS", either, plain, "X-Key: a",
                        "accept inbound contoso if identification, reject tls-required"),
                arguments("that lacks TLS and the field", either, plain, "X-Key: c",
                        "accept inbound contoso if identification, reject unidentified-inbound"),
                arguments("beside one that lacks TLS", either, plain, "X-Key: b",
                        "accept inbound contoso if identification, accept inbound fabrikam/cloud"),
                arguments("both", strict, inbound, "",
                        "accept inbound fabrikam if protection+identification, reject protected-sender contoso"));
        // spotless:on
    }

    static Stream<Arguments> audit() {
        PolicyFixture audited = service()
                .organization(
                        "contoso",
                        SenderProtection.RELAY,
                        Mode.AUDIT,
                        List.of("contoso.com"),
                        cloud("contoso.com", "audit"));
        PolicyFixture final_ = service()
                .organization("adatum", List.of("adatum.example"), connector("shared", "name " + CLOUD, "audit"))
                .organization("contoso", SenderProtection.OFF, List.of("contoso.com"), cloud("contoso.com", "audit"));
        PolicyFixture recipient = service()
                .rejectUnidentified()
                .organization(
                        "contoso", SenderProtection.RELAY, Mode.AUDIT, List.of("contoso.com"), cloud("contoso.com"));
        PolicyFixture wholeService = tenants().audit();
        // spotless:off
        return Stream.of(
                arguments("in audit softens no mismatch", audited, CONTOSO, "", MISMATCH),
                arguments("in audit softens no foreign domain", audited, MAIL.from("<a@evil.example>"), ORIGIN, "reject domain-not-accepted"),
                arguments("leaves the audit of others as it is", final_, CONTOSO, "",
                        RELAYED + "audit domain-not-accepted adatum/shared"),
                arguments("of a service in audit", wholeService, CONTOSO, "", RELAYED + "audit header-mismatch"),
                arguments("beside a recipient in audit", recipient, MAIL.from("<x@y.example>").to("<b@contoso.com>"), "",
                        "accept inbound contoso if identification, audit unidentified-inbound"));
        // spotless:on
    }

    static Stream<Arguments> directory() {
        PolicyFixture stale = service()
                .customer("contoso", List.of("contoso.com"), cloud("contoso.com"))
                .stale();
        PolicyFixture disputed = service()
                .customer("contoso", List.of("contoso.com"), cloud("contoso.com"))
                .customer("evil", List.of("contoso.com"), cloud("evil.example"));
        PolicyFixture foreign = service()
                .customer("owner", List.of("cloud.example"), connector("hq", "address 192.0.2.1"))
                .customer("contoso", List.of("contoso.com"), cloud("contoso.com"));
        PolicyFixture unreadable = service()
                .customer(
                        "contoso",
                        SenderProtection.RELAY,
                        new Standing(true, true, false, Set.of()),
                        List.of("contoso.com"),
                        cloud("contoso.com"));
        // spotless:off
        return Stream.of(
                arguments("on stale data", stale, CONTOSO, ORIGIN, RELAYED + "tempfail stale-directory"),
                arguments("in dispute", disputed, CONTOSO, ORIGIN, "tempfail disputed-domain"),
                arguments("by another's certificate name", foreign, CONTOSO, ORIGIN, "reject not-identified"),
                arguments("of an organization that cannot be read", unreadable, CONTOSO, "", RELAYED + "tempfail disputed-domain"));
        // spotless:on
    }

    @Test
    @DisplayName("decides for all recipients of a message")
    void recipients() {
        List<String> recipients = List.of("<b@example.net>", "<c@example.org>", "<d@fabrikam.com>");
        assertThat(decide(tenants(), CONTOSO, recipients, ORIGIN))
                .containsExactly(
                        "accept sender-domain contoso if relay",
                        "accept sender-domain contoso if relay",
                        "accept inbound fabrikam",
                        "accept sender-domain contoso/cloud",
                        "accept sender-domain contoso/cloud");
        assertThat(decide(tenants(), CONTOSO, recipients)).last().isEqualTo("reject header-mismatch");
    }

    @Test
    @DisplayName("shows no value")
    void secrets() {
        Connector connector = cloud("top-secret", "header X-Key: other-secret");
        assertThat(connector.toString()).contains("X-OriginatorOrg", "X-Key").doesNotContain("secret");
        Organization organization = new Organization(
                "contoso",
                List.of(PolicyFixture.accepted("contoso.com")),
                List.of(connector),
                SenderProtection.RELAY,
                Mode.ENFORCE);
        assertThat(organization.toString()).doesNotContain("secret");
        Policy policy = service()
                .organization("contoso", List.of("contoso.com"), connector)
                .policy();
        Explanation explanation = policy.explain(CONTOSO.client(), CONTOSO.envelope(), CONTOSO.recipient());
        assertThat(explanation.toString()).contains("X-OriginatorOrg").doesNotContain("secret");
    }

    @Test
    @DisplayName("goes with its organization, and leaves no other one's fields behind")
    void changes() {
        Policy before = tenants().policy();
        Policy after = before.with(List.of(), List.of("contoso"), before.options(), "1");
        assertThat(PolicyFixture.describe(
                        after.decide(after.identify(CONTOSO.client()), CONTOSO.envelope(), CONTOSO.recipient())))
                .isEqualTo("reject domain-not-accepted");
        assertThat(after.requiresHeaders()).isTrue();
        assertThat(after.requiredFields()).hasSize(1);
        Policy none = after.with(List.of(), List.of("fabrikam"), before.options(), "2");
        assertThat(none.requiresHeaders()).isFalse();
        assertThat(none.removesHeaders()).isFalse();
        assertThat(none.requiredFields()).isEmpty();
        assertThat(none.identify(CONTOSO.client()).undecided().isEmpty()).isTrue();
    }
}
