package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 4: the four ways to relay for an identified client, {@code sender-domains} and the null sender. */
class DomainConditionTest {

    private static final PolicyFixture SERVICE = service()
            .local("mx1.example.net", "mx1.contoso.com")
            .organization(
                    "contoso",
                    List.of("contoso.com", "fabrikam.com and below", "müller.de", "mail.exact.example"),
                    connector(
                            "servers",
                            "name *.contoso.com",
                            "name *.fabrikam.com",
                            "name relay.elsewhere.example",
                            "name müller.de",
                            "name mail.exact.example",
                            "name a.mail.exact.example",
                            "name sub.fabrikam.com",
                            "name mail.sub.fabrikam.com",
                            "name x.y.sub.fabrikam.com",
                            "name *.elsewhere.sub.fabrikam.com"),
                    connector("office", "address 192.0.2.0/24"),
                    connector("bounces", "address 192.0.3.0/24", "allow-null-sender"),
                    connector("anything", "address 192.0.4.0/24", "any-domain"),
                    connector(
                            "only-fabrikam",
                            "address 192.0.5.0/24",
                            "any-domain",
                            "sender-domain fabrikam.com and below"),
                    connector("limited", "name limited.contoso.com", "sender-domain contoso.com"),
                    connector("limited-office", "address 192.0.6.0/24", "sender-domain fabrikam.com"))
            .organization(
                    "tailspin",
                    SenderProtection.OFF,
                    List.of("tailspin.example", "sub.fabrikam.com"),
                    connector("servers", "name *.tailspin.example"),
                    connector("office", "address 192.0.7.0/24"));

    private static Mail office() {
        return mail().client("192.0.2.1");
    }

    @ParameterizedTest(name = "{0}: {2}", quoteTextArguments = false)
    @MethodSource({"condition1", "condition2", "condition3", "condition4", "senderDomains", "severalConnectors"})
    void decides(String what, Mail mail, String verdict) {
        assertThat(SERVICE.decides(mail)).isEqualTo(verdict);
    }

    static Stream<Arguments> condition1() {
        String accept = "accept sender-domain contoso/office";
        String reject = "reject domain-not-accepted contoso/office";
        // spotless:off
        return Stream.of(
                arguments("the sender is in an accepted domain", office().from("<a@contoso.com>"), accept),
                arguments("in whatever form", office().from("<a@CONTOSO.com.>"), accept),
                arguments("in an included subdomain", office().from("<a@x.y.fabrikam.com>"), accept),
                arguments("in a subdomain that is not included", office().from("<a@mail.contoso.com>"), reject),
                arguments("in the U-label form", office().from("<a@MÜLLER.de>"), accept),
                arguments("in the A-label form", office().from("<a@xn--mller-kva.de>"), accept),
                arguments("in a form that only mapping makes it", office().from("<a@con\u00adtoso.com>"), reject),
                arguments("in letters that only normalisation makes it", office().from("<a@mu\u0308ller.de>"), reject),
                arguments("resolved to a form that only mapping makes it",
                        office().from("<a@contoso.com>", "a@ｃontoso.com"), reject),
                arguments("outside", office().from("<a@evil.example>"), reject),
                arguments("in another organization's, which owns it below an included one", office().from("<a@sub.fabrikam.com>"), reject),
                arguments("in another organization's", office().from("<a@tailspin.example>"), reject),
                arguments("in a local domain", office().from("<root@mx1.example.net>"), reject),
                arguments("in a local domain below an accepted one", office().from("<root@mx1.contoso.com>"), reject),
                arguments("at a literal", office().from("<a@[192.0.2.1]>"), reject),
                arguments("nowhere", office().from("<a>"), reject),
                arguments("the postmaster, unqualified", office().from("<postmaster>"), reject),
                arguments("in what only looks like a subdomain", office().from("<a@evil.example(.fabrikam.com>"), reject),
                arguments("with an accepted domain in front", office().from("<@contoso.com:a@evil.example>"), reject),
                arguments("with an accepted domain inside", office().from("<\"a@contoso.com\"@evil.example>"), reject),
                arguments("with a null sender it never holds", office().from("<>"), "reject null-sender contoso/office"),
                arguments("both forms are accepted", office().from("<a@contoso.com>", "a@fabrikam.com"), accept),
                arguments("only the given form is", office().from("<a@contoso.com>", "a@evil.example"), reject),
                arguments("only the resolved form is", office().from("<a@evil.example>", "a@contoso.com"), reject),
                arguments("the resolved form has no domain", office().from("<a@contoso.com>", "a"), reject),
                arguments("the resolved form is another organization's", office().from("<a@contoso.com>", "a@tailspin.example"), reject),
                arguments("routing characters do no harm to a sender", office().from("<a%x@contoso.com>", "a%x@contoso.com"), accept));
        // spotless:on
    }

    static Stream<Arguments> condition2() {
        Mail outside = mail().from("<a@evil.example>");
        String accept = "accept certificate-domain contoso/servers";
        String reject = "reject domain-not-accepted contoso/servers";
        // spotless:off
        return Stream.of(
                arguments("the certificate's parent domain is accepted", outside.certificate("mail.contoso.com"), accept),
                arguments("in whatever case", outside.certificate("MAIL.CONTOSO.COM"), accept),
                arguments("the certificate's name itself is accepted", outside.certificate("contoso.com"), accept),
                arguments("an exact entry names it", outside.certificate("mail.exact.example"), accept),
                arguments("an exact entry names its parent", outside.certificate("a.mail.exact.example"), accept),
                arguments("an entry with subdomains covers it", outside.certificate("a.b.c.fabrikam.com"), accept),
                arguments("its grandparent does not count", outside.certificate("a.b.contoso.com"), reject),
                arguments("a wildcard's domain is accepted", outside.certificate("*.contoso.com"), accept),
                arguments("a wildcard's domain has no parent here", outside.certificate("*.edge.contoso.com"), reject),
                arguments("a wildcard's domain is covered", outside.certificate("*.edge.fabrikam.com"), accept),
                arguments("a U-label name is accepted in its A-label form", outside.certificate("müller.de"), accept),
                arguments("an A-label name is accepted", outside.certificate("xn--mller-kva.de"), accept),
                arguments("the name is not of an accepted domain", outside.certificate("relay.elsewhere.example"), reject),
                arguments("the name is another organization's, though its parent is accepted",
                        outside.certificate("sub.fabrikam.com"), reject),
                arguments("its parent is another organization's, though an entry with subdomains covers it",
                        outside.certificate("mail.sub.fabrikam.com"), reject),
                arguments("so for the null sender", mail().from("<>").certificate("mail.sub.fabrikam.com"),
                        "reject null-sender contoso/servers"),
                arguments("an entry with subdomains covers it below another's exact entry", outside.certificate("x.y.sub.fabrikam.com"), accept),
                arguments("the null sender passes", mail().from("<>").certificate("mail.contoso.com"), accept),
                arguments("the null sender without it does not", mail().from("<>").certificate("relay.elsewhere.example"),
                        "reject null-sender contoso/servers"),
                arguments("condition 1 comes first", mail().from("<a@contoso.com>").certificate("mail.contoso.com"),
                        "accept sender-domain contoso/servers"),
                arguments("without it, condition 1 still holds", mail().from("<a@contoso.com>").certificate("relay.elsewhere.example"),
                        "accept sender-domain contoso/servers"),
                arguments("a certificate does not help an address connector",
                        outside.client("192.0.2.1").certificate("mail.unlisted.example"), "reject domain-not-accepted contoso/office"),
                arguments("it sends as an organization that switched protection off",
                        mail().from("<a@tailspin.example>").certificate("mail.contoso.com"), accept));
        // spotless:on
    }

    static Stream<Arguments> condition3() {
        Mail anything = mail().client("192.0.4.1");
        String accept = "accept any-domain contoso/anything";
        // spotless:off
        return Stream.of(
                arguments("any sender passes", anything.from("<a@evil.example>"), accept),
                arguments("one without a domain", anything.from("<root>"), accept),
                arguments("one at a literal", anything.from("<a@[192.0.2.1]>"), accept),
                arguments("one in a local domain", anything.from("<root@mx1.example.net>"), accept),
                arguments("the null sender", anything.from("<>"), accept),
                arguments("condition 1 comes first", anything.from("<a@contoso.com>"), "accept sender-domain contoso/anything"));
        // spotless:on
    }

    static Stream<Arguments> condition4() {
        Mail bounces = mail().client("192.0.3.1");
        return Stream.of(
                arguments("the null sender passes", bounces.from("<>"), "accept null-sender-allowed contoso/bounces"),
                arguments(
                        "a sender of its own passes by 1",
                        bounces.from("<a@contoso.com>"),
                        "accept sender-domain contoso/bounces"),
                arguments(
                        "another does not",
                        bounces.from("<a@evil.example>"),
                        "reject domain-not-accepted contoso/bounces"),
                arguments(
                        "what sticks to the null sender makes it another",
                        bounces.from("<>a@evil.example"),
                        "reject domain-not-accepted contoso/bounces"),
                arguments(
                        "the other organization's has no say",
                        mail().client("192.0.7.1").from("<>"),
                        "reject null-sender tailspin/office"));
    }

    static Stream<Arguments> senderDomains() {
        Mail any = mail().client("192.0.5.1");
        Mail limited = mail().certificate("limited.contoso.com");
        Mail office = mail().client("192.0.6.1");
        // spotless:off
        return Stream.of(
                arguments("they limit condition 1", office.from("<a@contoso.com>"), "reject domain-not-accepted contoso/limited-office"),
                arguments("within them condition 1 holds", office.from("<a@fabrikam.com>"), "accept sender-domain contoso/limited-office"),
                arguments("they include no subdomain unless they say so", office.from("<a@x.fabrikam.com>"),
                        "reject domain-not-accepted contoso/limited-office"),
                arguments("they limit condition 3", any.from("<a@evil.example>"), "reject domain-not-accepted contoso/only-fabrikam"),
                arguments("they limit condition 3 for the organization's own", any.from("<a@contoso.com>"),
                        "reject domain-not-accepted contoso/only-fabrikam"),
                arguments("within them, subdomains included", any.from("<a@x.fabrikam.com>"), "accept sender-domain contoso/only-fabrikam"),
                arguments("a sender within them only by mapping is not", any.from("<a@fabri\u00adkam.com>"),
                        "reject domain-not-accepted contoso/only-fabrikam"),
                arguments("a sender without a domain is not within them", any.from("<root>"),
                        "reject domain-not-accepted contoso/only-fabrikam"),
                arguments("both forms must be within them", any.from("<a@fabrikam.com>", "a@contoso.com"),
                        "reject domain-not-accepted contoso/only-fabrikam"),
                arguments("a resolved form without a domain is not", any.from("<a@fabrikam.com>", "a"),
                        "reject domain-not-accepted contoso/only-fabrikam"),
                arguments("the null sender is not limited under 3", any.from("<>"), "accept any-domain contoso/only-fabrikam"),
                arguments("the null sender is not limited under 2", limited.from("<>"), "accept certificate-domain contoso/limited"),
                // The exact name comes first and refuses; the wildcard connector of the same organization still relays.
                arguments("they limit one connector, not the organization", limited.from("<a@evil.example>"),
                        "accept certificate-domain contoso/servers"));
        // spotless:on
    }

    static Stream<Arguments> severalConnectors() {
        Mail two = mail().certificate("mail.tailspin.example").client("192.0.2.1");
        return Stream.of(
                arguments(
                        "the first whose condition holds relays",
                        two.from("<a@contoso.com>", "a@contoso.com"),
                        "accept sender-domain contoso/office"),
                arguments(
                        "certificate before address",
                        two.from("<a@tailspin.example>"),
                        "accept sender-domain tailspin/servers"),
                arguments(
                        "organizations lend each other no domains",
                        mail().client("192.0.2.1").from("<a@contoso.com>", "a@tailspin.example"),
                        "reject domain-not-accepted contoso/office"),
                arguments(
                        "the foremost is named where none holds",
                        mail().client("192.0.7.1").from("<a@contoso.com>"),
                        "reject domain-not-accepted tailspin/office"));
    }
}
