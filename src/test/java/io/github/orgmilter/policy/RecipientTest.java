package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 6: which recipients are inbound. Any other is refused to a stranger, and relayed for a customer's server. */
class RecipientTest {

    private static final PolicyFixture SERVICE = service()
            .local("mx1.example.net", "mx.büro.example")
            .organization(
                    "contoso",
                    List.of("contoso.com and below", "müller.de", "fass.example"),
                    connector("hq", "address 192.0.2.1"))
            .organization("fabrikam", List.of("fabrikam.com"));

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @MethodSource
    void isInbound(String what, String to, String resolved, String mailer, String receiver) {
        Mail mail = mail().from("<a@evil.example>").to(to, resolved, mailer);
        assertThat(SERVICE.decides(mail)).isEqualTo(("accept inbound " + receiver).strip());
        assertThat(SERVICE.decides(mail.client("192.0.2.1"))).isEqualTo("accept inbound contoso/hq");
    }

    static Stream<Arguments> isInbound() {
        return Stream.of(
                inbound("an accepted domain", "<b@contoso.com>", "contoso"),
                inbound("in upper case", "<b@CONTOSO.com>", "contoso"),
                inbound("with a trailing dot", "<b@contoso.com.>", "contoso"),
                inbound("an included subdomain", "<b@x.y.contoso.com>", "contoso"),
                inbound("another organization's domain", "<b@fabrikam.com>", "fabrikam"),
                inbound("a U-label domain", "<b@müller.de>", "contoso"),
                inbound("its A-label form", "<b@xn--mller-kva.de>", "contoso"),
                inbound("its A-label form in upper case", "<b@XN--MLLER-KVA.DE>", "contoso"),
                inbound("a U-label domain in upper case", "<b@MÜLLER.de>", "contoso"),
                inbound("a U-label domain and a trailing dot", "<b@müller.de.>", "contoso"),
                inbound("a U-label subdomain", "<b@büro.contoso.com>", "contoso"),
                inbound(
                        "a U-label domain, resolved to its A-label form",
                        "<b@müller.de>",
                        "b@xn--mller-kva.de",
                        "relay",
                        "contoso"),
                inbound("a local domain in U-labels", "<root@mx.BÜRO.example>", ""),
                inbound("root, resolved to a local domain in U-labels", "<root>", "root@mx.büro.example", "smtp", ""),
                inbound("a local domain", "<root@mx1.example.net>", ""),
                inbound("a plus address", "<b+x@contoso.com>", "contoso"),
                inbound("a VERP address", "<b-c=d.example@contoso.com>", "contoso"),
                inbound("an SMTPUTF8 address", "<jürgen@contoso.com> SMTPUTF8", "contoso"),
                inbound("a quoted local part", "<\"b c\"@contoso.com>", "contoso"),
                inbound("no brackets", "b@contoso.com", "contoso"),
                inbound("resolved to itself", "<b@contoso.com>", "b@contoso.com", "relay", "contoso"),
                inbound(
                        "resolved within the organization",
                        "<b@contoso.com>",
                        "c@mail.contoso.com",
                        "relay",
                        "contoso"),
                inbound("resolved to another organization", "<b@contoso.com>", "b@fabrikam.com", "relay", "contoso"),
                inbound("resolved to a local domain", "<b@contoso.com>", "b@mx1.example.net", "local", "contoso"),
                inbound(
                        "a local domain resolved to an accepted one",
                        "<b@mx1.example.net>",
                        "b@contoso.com",
                        "relay",
                        ""),
                inbound("the postmaster", "<postmaster>", ""),
                inbound("the postmaster in any case", "<PostMaster>", ""),
                inbound(
                        "the postmaster, wherever the MTA has its mail",
                        "<postmaster>",
                        "postmaster@example.net",
                        "smtp",
                        ""),
                inbound("root, resolved to a local domain", "<root>", "root@mx1.example.net", "smtp", ""),
                inbound("root, delivered locally", "<root>", "root", "local", ""),
                inbound("root, delivered locally in a domain of its own", "<root>", "root@localhost", "local", ""));
    }

    private static Arguments inbound(String what, String to, String receiver) {
        return inbound(what, to, "", "", receiver);
    }

    private static Arguments inbound(String what, String to, String resolved, String mailer, String receiver) {
        return arguments(what, to, resolved, mailer, receiver);
    }

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @MethodSource
    void isRelay(String what, String to, String resolved, String mailer) {
        Mail mail = mail().from("<a@contoso.com>").to(to, resolved, mailer);
        assertThat(SERVICE.decides(mail)).isEqualTo("reject not-identified");
        assertThat(SERVICE.decides(mail.client("192.0.2.1"))).isEqualTo("accept sender-domain contoso/hq");
    }

    static Stream<Arguments> isRelay() {
        return Stream.of(
                relay("the outside", "<b@evil.example>"),
                relay("a subdomain that is not included", "<b@mail.fabrikam.com>"),
                relay("a name that only ends like an accepted domain", "<b@evilcontoso.com>"),
                relay("an accepted domain in front of another", "<b@contoso.com.evil.example>"),
                relay("below a local domain", "<b@x.mx1.example.net>"),
                relay("percent", "<u%evil.example@contoso.com>"),
                relay("bang", "<evil.example!u@contoso.com>"),
                relay("two at signs", "<u@evil.example@contoso.com>"),
                relay("a quoted at sign", "<\"u@evil.example\"@contoso.com>"),
                relay("a quoted percent", "<\"u%evil.example\"@contoso.com>"),
                relay("an escaped at sign", "<u\\@evil.example@contoso.com>"),
                relay("a source route to the outside", "<@contoso.com:u@evil.example>"),
                relay("a source route to an accepted domain", "<@evil.example:u@contoso.com>"),
                relay("an accepted source route to an accepted domain", "<@contoso.com:u@contoso.com>"),
                relay("percent in a local domain", "<u%evil.example@mx1.example.net>"),
                relay("percent, whatever it is resolved to", "<u%evil.example@contoso.com>", "u@contoso.com", "local"),
                relay("bang, whatever it is resolved to", "<evil.example!u@contoso.com>", "u@contoso.com", "local"),
                relay("a source route, whatever it is resolved to", "<@x:u@contoso.com>", "u@contoso.com", "local"),
                relay("percent without a domain, delivered locally", "<u%evil.example>", "u", "local"),
                relay("bang without a domain, delivered locally", "<evil.example!u>", "u", "local"),
                relay("a quoted address without a domain, delivered locally", "<\"u@evil.example\">", "u", "local"),
                relay("resolved to the outside", "<b@contoso.com>", "b@evil.example", "smtp"),
                relay("resolved to nowhere", "<b@contoso.com>", "b", "smtp"),
                relay("resolved to a literal", "<b@contoso.com>", "b@[192.0.2.1]", "smtp"),
                relay("resolved to something odd", "<b@contoso.com>", "b@evil.example .contoso.com", "smtp"),
                relay("outside, resolved to an accepted domain", "<b@evil.example>", "b@contoso.com", "relay"),
                relay("outside, delivered locally", "<b@evil.example>", "b", "local"),
                relay("root, of which nothing is known", "<root>"),
                relay("root, resolved to the outside", "<root>", "root@evil.example", "smtp"),
                relay("root, resolved to an accepted domain that is not local", "<root>", "root@contoso.com", "relay"),
                relay("a quoted postmaster", "<\"postmaster\">"),
                relay("what sticks to the postmaster", "<postmaster>@evil.example"),
                relay("the postmaster as a name before an address", "postmaster<u@evil.example>"),
                relay("the postmaster outside", "<postmaster@evil.example>"),
                relay("a literal", "<b@[192.0.2.1]>"),
                relay("a literal that names an accepted domain", "<b@[contoso.com]>"),
                relay("an empty label before an accepted domain", "<b@.contoso.com>"),
                relay("two trailing dots", "<b@contoso.com..>"),
                relay("a space before an accepted domain", "<u@evil.example .contoso.com>"),
                relay("an open comment before an accepted domain", "<u@evil.example(.contoso.com>"),
                relay("a quoted string before an accepted domain", "<u@evil.example\" \".contoso.com>"),
                relay("a list that ends in an accepted domain", "<u@evil.example,x.contoso.com>"),
                relay("an address glued behind an accepted one", "<u@contoso.com>@evil.example"),
                relay("a Cyrillic homograph", "<b@contоso.com>"),
                // What Unicode maps to an accepted or local domain, an MTA may take for another one, and send out.
                relay("a soft hyphen in an accepted domain", "<b@con\u00adtoso.com>"),
                relay("a zero-width space in it", "<b@con\u200btoso.com>"),
                relay("a byte order mark in it", "<b@\ufeffcontoso.com>"),
                relay("a combining grapheme joiner in it", "<b@con\u034ftoso.com>"),
                relay("a variation selector in it", "<b@contoso\ufe0f.com>"),
                relay("a Mongolian variation selector in it", "<b@contoso\u180b.com>"),
                relay("full-width letters", "<b@ｃｏｎｔｏｓｏ.com>"),
                relay("a long s", "<b@conto\u017fo.com>"),
                relay("an ideographic full stop", "<b@contoso。com>"),
                relay("a full-width full stop", "<b@contoso．com>"),
                relay("a half-width full stop", "<b@contoso｡com>"),
                relay("an ideographic full stop at the end", "<b@contoso.com。>"),
                relay("an invisible character in an included subdomain", "<b@x.con\u00adtoso.com>"),
                relay("a full-width subdomain", "<b@ｘ.contoso.com>"),
                relay("a decomposed letter", "<b@mu\u0308ller.de>"),
                relay("a soft hyphen in a U-label", "<b@mül\u00adler.de>"),
                relay("a sharp s where ss is accepted", "<b@faß.example>"),
                relay("a capital sharp s", "<b@fa\u1e9e.example>"),
                relay("a soft hyphen in a local domain", "<root@mx1\u00ad.example.net>"),
                relay("a full-width local domain", "<root@ｍx1.example.net>"),
                relay("resolved to a mapped form", "<b@contoso.com>", "b@con\u00adtoso.com", "relay"),
                relay("root, resolved to a mapped local domain", "<root>", "root@mx1\u00ad.example.net", "smtp"),
                relay("the postmaster of a mapped domain", "<postmaster@con\u00adtoso.com>"),
                relay("a full-width postmaster", "<ｐostmaster>"),
                relay("a mapped domain without brackets", "b@con\u00adtoso.com"));
    }

    private static Arguments relay(String what, String to) {
        return arguments(what, to, "", "");
    }

    private static Arguments relay(String what, String to, String resolved, String mailer) {
        return arguments(what, to, resolved, mailer);
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void isRefusedFromAnyoneElse(String what, String to) {
        for (Mail mail :
                List.of(mail().to(to), mail().to(to).client("192.0.2.1").from("<a@contoso.com>"))) {
            assertThat(SERVICE.decides(mail)).startsWith("reject bad-recipient");
        }
        assertThat(SERVICE.decides(mail().to(to).login("PLAIN"))).isEqualTo("accept authenticated");
    }

    static Stream<Arguments> isRefusedFromAnyoneElse() {
        // spotless:off
        return Stream.of(
                arguments("the empty recipient", "<>"),
                arguments("nothing", ""),
                arguments("unbalanced quotes", "<\"b@contoso.com>"),
                arguments("unbalanced brackets", "<b@contoso.com"),
                arguments("a control character", "<b\u0000@contoso.com>"),
                arguments("a line break", "<b@contoso.com>\r\nDATA"));
        // spotless:on
    }
}
