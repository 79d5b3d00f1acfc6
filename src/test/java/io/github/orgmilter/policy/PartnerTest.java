package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.partner;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.identification.Mismatch;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import io.github.orgmilter.policy.explanation.Fact;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

// spotless:off
/** docs/rules.md, section 15. */
@DisplayName("A partner")
final class PartnerTest {

    private static final String RESTRICTED = "reject partner-restriction contoso";
    private static final String INBOUND = "accept inbound contoso";

    private static final Mail MAIL = mail().to("<b@contoso.com>");
    private static final Mail FABRIKAM = MAIL.from("<a@fabrikam.com>");
    private static final Mail ANYBODY = MAIL.from("<a@example.org>");

    /** Of the organization contoso, whose own server is at 192.0.2.1; northwind has no partners, and relays anything. */
    private static PolicyFixture contoso(Partner... partners) {
        return service()
                .local("mx1.example.net")
                .organization("contoso", SenderProtection.RELAY, List.of("contoso.com", "contoso.net and below"),
                        connector("hq", "address 192.0.2.1"))
                .partners(partners)
                .organization("northwind", SenderProtection.RELAY, List.of("northwind.com"), connector("any", "address 192.0.2.9", "any-domain"));
    }

    static Stream<Arguments> clients() {
        Partner name = partner("p", "from fabrikam.com", "name mail.fabrikam.com", "name *.edge.fabrikam.com");
        Partner pin = partner("p", "from fabrikam.com", "certificate 1", "key 22");
        Partner nameOrPin = partner("p", "from fabrikam.com", "name mail.fabrikam.com", "key 22");
        Partner issuer = partner("p", "from fabrikam.com", "issuer Good CA");
        Partner address = partner("p", "from fabrikam.com", "address 198.51.100.0/28", "address 2001:db8::/64");
        Partner tls = partner("p", "from fabrikam.com", "require-tls");
        Partner all = partner("p", "from fabrikam.com", "name mail.fabrikam.com", "issuer Good CA", "address 198.51.100.0/28", "require-tls");
        Partner addressAndTls = partner("p", "from fabrikam.com", "address 198.51.100.0/28", "require-tls");
        return Stream.of(
                arguments("a name", name, FABRIKAM.certificate("MAIL.fabrikam.com"), INBOUND),
                arguments("a name below a wildcard", name, FABRIKAM.certificate("a.edge.fabrikam.com"), INBOUND),
                arguments("another name", name, FABRIKAM.certificate("www.fabrikam.com"), RESTRICTED),
                arguments("no certificate", name, FABRIKAM.overTls(), RESTRICTED),
                arguments("no encryption where a certificate is asked for", name, FABRIKAM, RESTRICTED),
                arguments("a pinned certificate", pin, FABRIKAM.presents("1", "3"), INBOUND),
                arguments("a pinned key", pin, FABRIKAM.presents("3", "22"), INBOUND),
                arguments("another certificate", pin, FABRIKAM.presents("3", "4"), RESTRICTED),
                arguments("a pin of the other kind", pin, FABRIKAM.presents("22", "1"), RESTRICTED),
                arguments("a certificate of which nobody can tell", pin, FABRIKAM.overTls(), RESTRICTED),
                arguments("a name beside pins", nameOrPin, FABRIKAM.certificate("mail.fabrikam.com"), INBOUND),
                arguments("a pin beside names", nameOrPin, FABRIKAM.presents("1", "22"), INBOUND),
                arguments("neither", nameOrPin, FABRIKAM.certificate("x.fabrikam.com").presents("1", "2"), RESTRICTED),
                arguments("an issuer of a certificate with a name", issuer, FABRIKAM.certificate("x.example").issuedBy("Good CA"), INBOUND),
                arguments("an issuer of a certificate without one", issuer, FABRIKAM.overTls().issuedBy("Good CA"), INBOUND),
                arguments("another issuer", issuer, FABRIKAM.certificate("x.example").issuedBy("good ca"), RESTRICTED),
                arguments("no issuer", issuer, FABRIKAM.certificate("x.example"), RESTRICTED),
                arguments("an address", address, FABRIKAM.client("198.51.100.15"), INBOUND),
                arguments("an IPv6 address", address, FABRIKAM.client("2001:db8::15"), INBOUND),
                arguments("another address", address, FABRIKAM.client("198.51.100.16"), RESTRICTED),
                arguments("an unknown address", address, FABRIKAM.client("unknown"), RESTRICTED),
                arguments("encryption", tls, FABRIKAM.overTls(), INBOUND),
                arguments("no encryption", tls, FABRIKAM, "reject tls-required contoso"),
                arguments("an address without encryption", addressAndTls, FABRIKAM.client("198.51.100.1"), "reject tls-required contoso"),
                arguments("neither", addressAndTls, FABRIKAM, RESTRICTED),
                arguments("all of it", all, FABRIKAM.client("198.51.100.1").certificate("mail.fabrikam.com").issuedBy("Good CA"), INBOUND),
                arguments("all but the address", all, FABRIKAM.certificate("mail.fabrikam.com").issuedBy("Good CA"), RESTRICTED),
                arguments("all but the issuer", all, FABRIKAM.client("198.51.100.1").certificate("mail.fabrikam.com"), RESTRICTED),
                arguments("all but the name", all, FABRIKAM.client("198.51.100.1").certificate("x.example").issuedBy("Good CA"), RESTRICTED),
                arguments("the address alone, where a certificate is asked for", all, FABRIKAM.client("198.51.100.1"), RESTRICTED),
                arguments("the organization's own server", all, FABRIKAM.client("192.0.2.1"), "accept inbound contoso/hq"),
                arguments("another organization's server", all, FABRIKAM.client("192.0.2.9"), "reject partner-restriction northwind/any"),
                arguments("a trusted login", all, FABRIKAM.login("PLAIN"), "accept authenticated"),
                arguments("a sender of nobody's", all, ANYBODY, INBOUND),
                arguments("a recipient of nobody's", all, FABRIKAM.to("<b@northwind.com>"), "accept inbound northwind"));
    }

    @ParameterizedTest(name = "knows {0}: {3}", quoteTextArguments = false)
    @MethodSource("clients")
    void knows(String what, Partner partner, Mail mail, String verdict) {
        assertThat(contoso(partner).decides(mail)).isEqualTo(verdict);
    }

    static Stream<Arguments> senders() {
        Partner[] named = {partner("f", "from fabrikam.com", "address 198.51.100.1")};
        Partner[] below = {partner("f", "from fabrikam.com and below", "address 198.51.100.1")};
        Partner[] everybody = {partner("e", "from *", "address 198.51.100.1")};
        Partner[] levels = {
            partner("everybody", "from *", "address 198.51.100.1"),
            partner("below", "from fabrikam.com and below", "address 198.51.100.2"),
            partner("deeper", "from deep.fabrikam.com and below", "address 198.51.100.3"),
            partner("exact", "from fabrikam.com", "from x.deep.fabrikam.com", "address 198.51.100.4")
        };
        Partner[] equals = {partner("a", "from fabrikam.com", "address 198.51.100.1"), partner("b", "from fabrikam.com", "address 198.51.100.2")};
        Partner[] two = {partner("a", "from fabrikam.com", "address 198.51.100.1"), partner("b", "from adatum.com", "address 198.51.100.1-198.51.100.2")};
        return Stream.of(
                arguments("in the domain", named, FABRIKAM, RESTRICTED),
                arguments("in it, in other letters, with a dot", named, MAIL.from("<a@FABRIKAM.com.>"), RESTRICTED),
                arguments("in it after Unicode mapping only", named, MAIL.from("<a@fabri\u00adkam.com>"), RESTRICTED),
                arguments("below it", named, MAIL.from("<a@x.fabrikam.com>"), INBOUND),
                arguments("resolved to it", named, ANYBODY.from("<a@example.org>", "a@fabrikam.com"), RESTRICTED),
                arguments("in it, resolved to another domain", named, FABRIKAM.from("<a@fabrikam.com>", "a@example.org"), RESTRICTED),
                arguments("routed to it", named, ANYBODY.from("<a%fabrikam.com@example.org>", "a@fabrikam.com"), RESTRICTED),
                arguments("without a domain, resolved to it", named, ANYBODY.from("<a>", "a@fabrikam.com"), RESTRICTED),
                arguments("that is uncertain", named, ANYBODY.from("<a%fabrikam.com>"), RESTRICTED),
                arguments("that is uncertain in another way", named, ANYBODY.from("<a@fabrikam .com>"), RESTRICTED),
                arguments("that is uncertain, from the partner's server", named, ANYBODY.from("<a%fabrikam.com>").client("198.51.100.1"), INBOUND),
                arguments("that is null", named, MAIL.from("<>"), INBOUND),
                arguments("at the domain with its subdomains", below, FABRIKAM, RESTRICTED),
                arguments("below that", below, MAIL.from("<a@x.y.fabrikam.com>"), RESTRICTED),
                arguments("beside that", below, MAIL.from("<a@xfabrikam.com>"), INBOUND),
                arguments("of everybody", everybody, ANYBODY, RESTRICTED),
                arguments("of everybody, from the right server", everybody, ANYBODY.client("198.51.100.1"), INBOUND),
                arguments("that is null, which is nobody", everybody, MAIL.from("<>"), INBOUND),
                arguments("that is empty, which is nobody", everybody, MAIL.from(""), INBOUND),
                arguments("in a local domain, which is nobody's", everybody, MAIL.from("<root@mx1.example.net>"), INBOUND),
                arguments("in a local domain after mapping only", everybody, MAIL.from("<root@mx1.ex\u00adample.net>"), RESTRICTED),
                arguments("resolved to a local domain", everybody, MAIL.from("<root>", "root@mx1.example.net"), INBOUND),
                arguments("in a local domain, resolved elsewhere", everybody, MAIL.from("<a@mx1.example.net>", "a@example.org"), RESTRICTED),
                arguments("elsewhere, resolved to a local domain", everybody, MAIL.from("<a@example.org>", "a@mx1.example.net"), RESTRICTED),
                arguments("without a domain", everybody, MAIL.from("<root>"), RESTRICTED),
                arguments("at an address literal", everybody, MAIL.from("<a@[192.0.2.7]>"), RESTRICTED),
                arguments("in the organization's own domain", everybody, MAIL.from("<a@contoso.com>"), RESTRICTED),
                arguments("in a local domain that is named", new Partner[] {partner("l", "from mx1.example.net", "require-tls")},
                        MAIL.from("<root@mx1.example.net>"), "reject tls-required contoso"),
                arguments("by the closest entry: the exact one", levels, FABRIKAM.client("198.51.100.4"), INBOUND),
                arguments("and by no other", levels, FABRIKAM.client("198.51.100.2"), RESTRICTED),
                arguments("by the closest entry: the domain above", levels, MAIL.from("<a@x.fabrikam.com>").client("198.51.100.2"), INBOUND),
                arguments("and not the exact one there", levels, MAIL.from("<a@x.fabrikam.com>").client("198.51.100.4"), RESTRICTED),
                arguments("by the closest entry: the longer one", levels, MAIL.from("<a@y.deep.fabrikam.com>").client("198.51.100.3"), INBOUND),
                arguments("and not the shorter one", levels, MAIL.from("<a@y.deep.fabrikam.com>").client("198.51.100.2"), RESTRICTED),
                arguments("by the closest entry: the exact one below", levels, MAIL.from("<a@x.deep.fabrikam.com>").client("198.51.100.4"), INBOUND),
                arguments("by the closest entry: that for everybody", levels, ANYBODY.client("198.51.100.1"), INBOUND),
                arguments("and not any other", levels, ANYBODY.client("198.51.100.2"), RESTRICTED),
                arguments("by one of two equal entries", equals, FABRIKAM.client("198.51.100.2"), INBOUND),
                arguments("and by neither", equals, FABRIKAM.client("198.51.100.3"), RESTRICTED),
                arguments("by the entries of both forms", two, FABRIKAM.from("<a@fabrikam.com>", "a@adatum.com").client("198.51.100.1"), INBOUND),
                arguments("and not by that of one", two, FABRIKAM.from("<a@fabrikam.com>", "a@adatum.com").client("198.51.100.2"), RESTRICTED),
                arguments("nor by that of the other", two, MAIL.from("<a@adatum.com>", "a@fabrikam.com").client("198.51.100.2"), RESTRICTED));
    }

    @ParameterizedTest(name = "concerns a sender {0}: {3}", quoteTextArguments = false)
    @MethodSource("senders")
    void concerns(String what, Partner[] partners, Mail mail, String verdict) {
        assertThat(contoso(partners).decides(mail)).isEqualTo(verdict);
    }

    static Stream<Arguments> recipients() {
        return Stream.of(
                arguments("in an accepted domain", FABRIKAM, RESTRICTED),
                arguments("below one with its subdomains", FABRIKAM.to("<b@x.contoso.net>"), RESTRICTED),
                arguments("with routing characters, from a stranger", FABRIKAM.to("<b%example.net@contoso.com>"), "reject not-identified"),
                arguments("with routing characters, from a server that may relay it", FABRIKAM.client("192.0.2.9").to("<b%example.net@contoso.com>"),
                        "reject partner-restriction northwind/any"),
                arguments("with a source route", FABRIKAM.client("192.0.2.9").to("<@hop:b@contoso.com>"), "reject partner-restriction northwind/any"),
                arguments("in an accepted domain after mapping only", FABRIKAM.client("192.0.2.9").to("<b@con\u00adtoso.com>"),
                        "reject partner-restriction northwind/any"),
                arguments("resolved to an accepted domain", FABRIKAM.client("192.0.2.9").to("<b@example.net>", "b@contoso.com"),
                        "reject partner-restriction northwind/any"),
                arguments("in an accepted domain, resolved elsewhere", FABRIKAM.client("192.0.2.9").to("<b@contoso.com>", "b@example.net"),
                        "reject partner-restriction northwind/any"),
                arguments("of another organization, resolved to this one's", FABRIKAM.to("<b@northwind.com>", "b@contoso.com"), RESTRICTED),
                arguments("of nobody", FABRIKAM.client("192.0.2.9").to("<b@example.net>"), "accept any-domain northwind/any"),
                arguments("that is the postmaster", FABRIKAM.to("<postmaster>"), "accept inbound"),
                arguments("that is the postmaster of an accepted domain", FABRIKAM.to("<postmaster>", "postmaster@contoso.com"), RESTRICTED),
                arguments("in a local domain", FABRIKAM.to("<b@mx1.example.net>"), "accept inbound"),
                arguments("that is malformed", FABRIKAM.to("<\"b@contoso.com>"), "reject bad-recipient"));
    }

    @ParameterizedTest(name = "restricts mail to a recipient {0}: {2}", quoteTextArguments = false)
    @MethodSource("recipients")
    void restricts(String what, Mail mail, String verdict) {
        assertThat(contoso(partner("f", "from fabrikam.com", "address 198.51.100.1")).decides(mail)).isEqualTo(verdict);
    }

    @Test
    @DisplayName("lets nobody relay")
    void grantsNothing() {
        PolicyFixture service = contoso(partner("f", "from *", "name mail.fabrikam.com", "address 198.51.100.1"));
        Mail relayed = mail().client("198.51.100.1").certificate("mail.fabrikam.com");
        for (String sender : List.of("<a@fabrikam.com>", "<a@contoso.com>", "<>")) {
            assertThat(service.decides(relayed.from(sender))).isEqualTo("reject not-identified");
            assertThat(service.identifiedBy(relayed.from(sender))).isEmpty();
        }
    }

    @Test
    @DisplayName("with a pin waits for what is reported of the certificate, if only the pin could hold")
    void unknownCertificate() {
        Partner pinned = partner("p", "from fabrikam.com", "key 22", "address 198.51.100.1");
        PolicyFixture service = contoso(pinned).policyDelegation();
        String wait = "tempfail no-policy-data";
        Mail partners = FABRIKAM.client("198.51.100.1").overTls();
        assertThat(service.decides(partners)).isEqualTo(wait);
        assertThat(service.decides(partners.presentsNone())).isEqualTo(RESTRICTED);
        assertThat(service.decides(partners.presents("1", "22"))).isEqualTo(INBOUND);
        Mail northwinds = FABRIKAM.client("192.0.2.9").overTls();
        PolicyFixture anywhere = contoso(partner("p", "from fabrikam.com", "key 22")).policyDelegation();
        assertThat(anywhere.decides(northwinds)).as("a client that is identified").isEqualTo(wait);
        assertThat(anywhere.decides(northwinds.presents("1", "2"))).isEqualTo("reject partner-restriction northwind/any");
        assertThat(service.decides(northwinds)).as("whose address does not hold").isEqualTo("reject partner-restriction northwind/any");
        assertThat(anywhere.decides(FABRIKAM.client("192.0.2.9"))).as("without encryption").isEqualTo("reject partner-restriction northwind/any");
        assertThat(contoso(partner("p", "from fabrikam.com", "key 22"), partner("q", "from fabrikam.com", "require-tls", "address 192.0.2.0/24"))
                        .policyDelegation()
                        .decides(northwinds.overTls()))
                .as("where another one holds")
                .isEqualTo("accept inbound northwind/any");
        assertThat(service.decides(mail().from("<a@example.org>"))).as("a stranger, whom no partner's pin would identify")
                .isEqualTo("reject not-identified");
        assertThat(service.decides(FABRIKAM.overTls())).as("nor would it let one with another address pass").isEqualTo(RESTRICTED);
    }

    @Test
    @DisplayName("is softened by the audit of its organization, unless another one in enforce restricts the same")
    void audit() {
        Partner strict = partner("f", "from fabrikam.com", "address 198.51.100.1");
        Partner encrypted = partner("f", "from fabrikam.com", "require-tls");
        PolicyFixture one = service().organization("contoso", SenderProtection.RELAY, Mode.AUDIT, List.of("contoso.com")).partners(strict);
        assertThat(one.decides(FABRIKAM)).isEqualTo("audit partner-restriction contoso");
        PolicyFixture both = one.organization("adatum", SenderProtection.RELAY, Mode.ENFORCE, List.of("adatum.com")).partners(encrypted);
        Mail forwarded = FABRIKAM.to("<b@contoso.com>", "b@adatum.com");
        assertThat(both.decides(forwarded)).isEqualTo("reject tls-required adatum");
        assertThat(both.decides(forwarded.overTls())).isEqualTo("audit partner-restriction contoso");
        assertThat(both.audit().decides(forwarded)).isEqualTo("audit tls-required adatum");
        PolicyFixture unidentified = service()
                .rejectUnidentified()
                .organization("contoso", SenderProtection.RELAY, Mode.AUDIT, List.of("contoso.com"))
                .partners(encrypted)
                .organization("adatum", SenderProtection.ALL, Mode.ENFORCE, List.of("adatum.com"))
                .partners(strict);
        assertThat(unidentified.decides(FABRIKAM)).as("the first one in the log").isEqualTo("audit unidentified-inbound");
        assertThat(unidentified.decides(FABRIKAM.from("<a@adatum.com>", "a@fabrikam.com"))).isEqualTo("reject protected-sender adatum");
        PolicyFixture pinned = service()
                .policyDelegation()
                .organization("contoso", SenderProtection.RELAY, Mode.AUDIT, List.of("contoso.com"))
                .partners(partner("f", "from fabrikam.com", "key 1"));
        assertThat(pinned.decides(FABRIKAM.overTls())).isEqualTo("audit partner-restriction contoso");
        PolicyFixture relayed = service()
                .organization("contoso", SenderProtection.RELAY, Mode.AUDIT, List.of("contoso.com"), connector("hq", "address 192.0.2.1", "audit"))
                .organization("adatum", SenderProtection.RELAY, Mode.ENFORCE, List.of("adatum.com"))
                .partners(strict);
        assertThat(relayed.decides(FABRIKAM.client("192.0.2.1").to("<b%x.example@adatum.com>"))).isEqualTo("reject partner-restriction contoso/hq");
        assertThat(relayed.decides(FABRIKAM.client("192.0.2.1").to("<b@example.net>"))).isEqualTo("audit domain-not-accepted contoso/hq");
    }

    @Test
    @DisplayName("of a directory defers what other customers' rows, or rows that cannot be read, may have caused")
    void directory() {
        Partner strict = partner("f", "from fabrikam.com", "address 198.51.100.1");
        Standing unreadable = Standing.OF_DIRECTORY.inDirectory(true);
        String wait = "tempfail disputed-domain";
        assertThat(service().customer("contoso", List.of("contoso.com")).partners(strict).decides(FABRIKAM)).isEqualTo(RESTRICTED);
        assertThat(service().customer("contoso", List.of("contoso.com")).partners(strict)
                        .customer("thief", List.of("contoso.com")).decides(FABRIKAM)).isEqualTo(wait);
        assertThat(service().customer("contoso", List.of("contoso.com"))
                        .customer("thief", List.of("contoso.com")).partners(strict).decides(FABRIKAM)).isEqualTo(wait);
        assertThat(service().customer("contoso", List.of("contoso.com since 1"))
                        .customer("thief", List.of("contoso.com since 2")).partners(strict).decides(FABRIKAM)).isEqualTo(INBOUND);
        assertThat(service().customer("contoso", List.of("contoso.com since 1")).partners(strict)
                        .customer("thief", List.of("contoso.com since 2")).decides(FABRIKAM)).isEqualTo(RESTRICTED);
        assertThat(service().customer("contoso", SenderProtection.RELAY, unreadable, List.of("contoso.com")).partners(strict).decides(FABRIKAM))
                .isEqualTo(wait);
        assertThat(service().customer("contoso", List.of("contoso.com")).partners(strict)
                        .customer("northwind", List.of("northwind.com"), connector("any", "address 203.0.113.99")).decides(FABRIKAM))
                .as("of a client that another customer identifies").isEqualTo("reject partner-restriction northwind/any");
        assertThat(service().customer("contoso", SenderProtection.RELAY, unreadable, List.of("contoso.com")).partners(strict)
                        .customer("adatum", List.of("adatum.com")).partners(strict)
                        .decides(FABRIKAM.to("<b@contoso.com>", "b@adatum.com"))).as("and not where another one is certain")
                .isEqualTo("reject partner-restriction adatum");
    }

    @Test
    @DisplayName("is explained by its kinds, one reason each")
    void explained() {
        PolicyFixture service = contoso(
                partner("f", "from fabrikam.com", "name mail.fabrikam.com", "key 22", "issuer Good CA", "address 198.51.100.1", "require-tls"),
                partner("g", "from fabrikam.com", "require-tls"));
        assertThat(reasons(service, FABRIKAM)).containsExactly(
                "f [NoVerifiedName, CertificateUnknown, OtherIssuer, OtherAddress]", "g [NotEncrypted]");
        assertThat(reasons(service, FABRIKAM.client("unknown").certificate("x.example").presents("1", "2"))).containsExactly(
                "f [OtherName, NotPinned, OtherIssuer, AddressUnknown]", "g []");
        assertThat(reasons(service, FABRIKAM.client("198.51.100.1").certificate("mail.fabrikam.com").issuedBy("Good CA")))
                .containsExactly("f []", "g []");
        assertThat(reasons(service, FABRIKAM.presentsNone()))
                .containsExactly("f [NoVerifiedName, NoCertificate, OtherIssuer, OtherAddress]", "g [NotEncrypted]");
        assertThat(reasons(service, ANYBODY)).isEmpty();
        assertThat(reasons(service, ANYBODY.from("<a%x>"))).hasSize(2);
        assertThat(service.explanation(FABRIKAM.client("192.0.2.1")).facts()).contains(new Fact.OwnServer("contoso"));
        assertThat(new Fact.OwnServer("contoso").holds()).isTrue();
    }

    private static List<String> reasons(PolicyFixture service, Mail mail) {
        return service.explanation(mail).facts().stream()
                .filter(Fact.OfPartner.class::isInstance)
                .map(Fact.OfPartner.class::cast)
                .map(fact -> fact.partner() + " "
                        + fact.mismatches().stream().map(Mismatch::getClass).map(Class::getSimpleName).toList())
                .toList();
    }

    @Test
    @DisplayName("has senders, and requires something")
    void isWhole() {
        assertThatThrownBy(() -> partner("p", "from *")).hasMessage("partner p requires nothing");
        assertThatThrownBy(() -> partner("p", "require-tls")).hasMessage("partner p has no sender");
    }

    @Test
    @DisplayName("comes and goes with its organization")
    void changes() {
        Policy with = contoso(partner("f", "from *", "key 22")).policy();
        assertThat(with.havePartners()).isTrue();
        assertThat(with.with(List.of(), Set.of("northwind"), with.options(), "1").havePartners()).isTrue();
        assertThat(with.with(List.of(), Set.of("contoso"), with.options(), "1").havePartners()).isFalse();
        assertThat(contoso().policy().havePartners()).isFalse();
    }
}
// spotless:on
