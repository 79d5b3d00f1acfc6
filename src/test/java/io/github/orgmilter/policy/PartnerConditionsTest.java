package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.HeaderConditionsTest.decide;
import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.partner;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, 7.7 and section 15: mail that a partner restricts, from what may be the organization's own server, by its header. */
@DisplayName("A partner of an organization on a shared server")
final class PartnerConditionsTest {

    private static final String CONTOSO = "X-OriginatorOrg: contoso.com";
    private static final String FABRIKAM = "X-OriginatorOrg: fabrikam.com";
    private static final Mail MAIL =
            mail().certificate("mail.cloud.example").from("<a@adatum.com>").to("<b@contoso.com>");
    private static final Partner ADATUM = partner("adatum", "from adatum.com", "address 198.51.100.1");

    private static Connector cloud(String value, String... more) {
        return connector(
                "cloud",
                Stream.concat(Stream.of("name mail.cloud.example", "header X-OriginatorOrg: " + value), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static PolicyFixture tenants(Mode mode, Partner partner) {
        return service()
                .organization("contoso", SenderProtection.RELAY, mode, List.of("contoso.com"), cloud("contoso.com"))
                .partners(partner)
                .organization("fabrikam", List.of("fabrikam.com"), cloud("fabrikam.com", "any-domain"));
    }

    private static PolicyFixture tenants() {
        return tenants(Mode.ENFORCE, ADATUM);
    }

    static Stream<Arguments> tables() {
        PolicyFixture other =
                tenants().organization("litware", List.of("litware.com"), connector("hq", "name mail.cloud.example"));
        PolicyFixture own = service()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        cloud("contoso.com"),
                        connector("hq", "name mail.cloud.example", "address 192.0.2.1"))
                .partners(ADATUM);
        PolicyFixture unlike = service()
                .organization("contoso", List.of("contoso.com"), connector("hq", "address 192.0.2.1"))
                .partners(ADATUM)
                .organization("fabrikam", List.of("fabrikam.com"), cloud("fabrikam.com"));
        PolicyFixture encrypted = service()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        connector("cloud", "address 203.0.113.0/24", "header X-OriginatorOrg: contoso.com"))
                .partners(partner("adatum", "from adatum.com", "require-tls"));
        PolicyFixture pinned = tenants(Mode.ENFORCE, partner("adatum", "from adatum.com", "key 22"))
                .policyDelegation();
        PolicyFixture all = service()
                .rejectUnidentified()
                .organization("adatum", SenderProtection.ALL, List.of("adatum.com"), cloud("adatum.com"))
                .organization("contoso", List.of("contoso.com"), cloud("contoso.com"))
                .partners(ADATUM);
        PolicyFixture unreadable = service()
                .customer(
                        "contoso",
                        SenderProtection.RELAY,
                        new Standing(true, true, false, Set.of()),
                        List.of("contoso.com"),
                        cloud("contoso.com"))
                .partners(ADATUM);
        PolicyFixture disputed = service()
                .customer("contoso", List.of("contoso.com"), cloud("contoso.com"))
                .partners(ADATUM)
                .customer("thief", List.of("contoso.com"));
        String provisional = "accept inbound contoso if restriction, ";
        // spotless:off
        return Stream.of(
                arguments("passes from its own server", tenants(), MAIL, CONTOSO, provisional + "accept inbound contoso/cloud"),
                arguments("not without the field", tenants(), MAIL, "", provisional + "reject partner-restriction contoso"),
                arguments("not from another tenant", tenants(), MAIL, FABRIKAM, provisional + "reject partner-restriction fabrikam/cloud"),
                arguments("not with both fields", tenants(), MAIL, CONTOSO + "|" + FABRIKAM, provisional + "reject partner-restriction contoso"),
                arguments("not where another connector identifies the client", other, MAIL, FABRIKAM,
                        "accept inbound litware/hq if restriction, reject partner-restriction litware/hq"),
                arguments("needs no field of the partner's server", tenants(), MAIL.client("198.51.100.1"), "", "accept inbound contoso"),
                arguments("nor for another sender", tenants(), MAIL.from("<a@litware.com>"), "", "accept inbound contoso"),
                arguments("nor for the null sender", tenants(), MAIL.from("<>"), "", "accept inbound contoso"),
                arguments("nor where a connector without fields identifies it", own, MAIL.client("192.0.2.1"), "", "accept inbound contoso/hq"),
                arguments("of strangers is refused at once", tenants(), mail().from("<a@adatum.com>").to("<b@contoso.com>"), CONTOSO,
                        "reject partner-restriction contoso"),
                arguments("is refused at once if only others are undecided", unlike, MAIL, FABRIKAM, "reject partner-restriction contoso"),
                arguments("that asks for encryption", encrypted, mail().from("<a@adatum.com>").to("<b@contoso.com>"), "",
                        provisional + "reject tls-required contoso"),
                arguments("that asks for encryption, and need not", encrypted, mail().from("<a@adatum.com>").to("<b@contoso.com>"), CONTOSO,
                        provisional + "accept inbound contoso/cloud"),
                arguments("whose pin is not reported", pinned, MAIL, "", provisional + "tempfail no-policy-data"),
                arguments("whose pin is another", pinned, MAIL.presents("1", "3"), "", provisional + "reject partner-restriction contoso"),
                arguments("beside all other conditions", all, MAIL, "X-OriginatorOrg: adatum.com",
                        "accept inbound contoso if protection+restriction+identification, reject partner-restriction adatum/cloud"),
                arguments("and before identification", all, MAIL.from("<a@x.example>", "a@adatum.com"), "",
                        "accept inbound contoso if protection+restriction+identification, reject protected-sender adatum"),
                arguments("in audit", tenants(Mode.AUDIT, ADATUM), MAIL, "", provisional + "audit partner-restriction contoso"),
                arguments("whose organization cannot be read", unreadable, MAIL, "", provisional + "tempfail disputed-domain"),
                arguments("whose organization's domain is in dispute", disputed, MAIL, "", provisional + "tempfail disputed-domain"),
                arguments("beside a recipient that leads out of the domain", tenants(), MAIL.to("<b%example.net@contoso.com>"), FABRIKAM,
                        "accept any-domain if relay+restriction, reject partner-restriction fabrikam/cloud"),
                arguments("which nobody carries", tenants(), MAIL.to("<b%example.net@contoso.com>"), "",
                        "accept any-domain if relay+restriction, reject header-mismatch"),
                arguments("in audit, for one that another tenant carries", tenants(Mode.AUDIT, ADATUM),
                        MAIL.to("<b%example.net@contoso.com>"), FABRIKAM,
                        "accept any-domain if relay+restriction, audit partner-restriction fabrikam/cloud"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("tables")
    void decides(String what, PolicyFixture service, Mail mail, String fields, String expected) {
        assertThat(String.join(
                        ", ",
                        decide(
                                service,
                                mail,
                                List.of(mail.to()),
                                fields.isEmpty() ? new String[0] : fields.split("\\|"))))
                .isEqualTo(expected);
    }

    @Test
    @DisplayName("restricts each recipient's organization by itself")
    void recipients() {
        PolicyFixture both = service()
                .organization("contoso", List.of("contoso.com"), cloud("contoso.com"))
                .partners(ADATUM)
                .organization("fabrikam", List.of("fabrikam.com"), cloud("fabrikam.com"))
                .partners(ADATUM);
        List<String> recipients = List.of("<b@contoso.com>", "<c@contoso.com>", "<b@fabrikam.com>", "<b@litware.com>");
        assertThat(decide(both, MAIL, recipients, CONTOSO))
                .containsExactly(
                        "accept inbound contoso if restriction",
                        "accept inbound contoso if restriction",
                        "accept inbound fabrikam if restriction",
                        "reject domain-not-accepted",
                        "reject partner-restriction contoso/cloud");
        assertThat(decide(both, MAIL, recipients.subList(0, 2), CONTOSO))
                .containsExactly(
                        "accept inbound contoso if restriction",
                        "accept inbound contoso if restriction",
                        "accept inbound contoso/cloud",
                        "accept inbound contoso/cloud");
    }

    @Test
    @DisplayName("changes nothing in how a recipient elsewhere is carried that the header lets through")
    void carried() {
        PolicyFixture service = tenants()
                .organization("any", List.of("any.example"), connector("any", "name mail.cloud.example", "any-domain"));
        assertThat(decide(service, MAIL, List.of("<b%example.net@contoso.com>"), CONTOSO))
                .containsExactly("accept any-domain any/any if restriction", "accept any-domain any/any");
    }

    @Test
    @DisplayName("in audit stays in the log of what the header lets through")
    void audited() {
        PolicyFixture service = service()
                .organization("contoso", SenderProtection.RELAY, Mode.AUDIT, List.of("contoso.com"))
                .partners(ADATUM)
                .organization("fabrikam", List.of("fabrikam.com"), cloud("fabrikam.com", "any-domain"));
        assertThat(decide(
                        service,
                        MAIL.to("<b%example.net@contoso.com>"),
                        List.of("<b%example.net@contoso.com>"),
                        FABRIKAM))
                .containsExactly("audit partner-restriction contoso if relay", "audit partner-restriction contoso");
    }
}
