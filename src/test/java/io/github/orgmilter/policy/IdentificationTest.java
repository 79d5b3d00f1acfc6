package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 3: which connectors identify a client, and in which order. */
class IdentificationTest {

    // 3.1, 3.3, 3.5 to 3.7
    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void aConnectorIdentifies(String what, Connector connector, Mail mail) {
        assertThat(service()
                        .organization("contoso", List.of("contoso.com"), connector)
                        .identifiedBy(mail))
                .containsExactly("contoso/it");
    }

    static Stream<Arguments> aConnectorIdentifies() {
        Connector name = connector("it", "name mail.contoso.com");
        Connector wildcard = connector("it", "name *.contoso.com");
        Connector address = connector("it", "address 192.0.2.0/28", "address 2001:db8:42::/48");
        Connector both = connector("it", "name mail.contoso.com", "address 192.0.2.0/28");
        Connector issued = connector("it", "name mail.contoso.com", "issuer Good CA", "issuer Better CA");
        Connector tls = connector("it", "address 192.0.2.0/28", "require-tls");
        // spotless:off
        return Stream.of(
                arguments("by its exact certificate name", name, mail().certificate("mail.contoso.com")),
                arguments("in whatever case", name, mail().certificate("MAIL.Contoso.COM")),
                arguments("from an unknown address", name, mail().certificate("mail.contoso.com").client("unknown")),
                arguments("by any of its names", connector("it", "name a.example", "name b.example"), mail().certificate("b.example")),
                arguments("by a wildcard, one label below", wildcard, mail().certificate("mail.contoso.com")),
                arguments("by a wildcard, deep below", wildcard, mail().certificate("a.b.c.contoso.com")),
                arguments("by a wildcard, the domain itself", wildcard, mail().certificate("contoso.com")),
                arguments("by a wildcard, a wildcard certificate", wildcard, mail().certificate("*.contoso.com")),
                arguments("by a wildcard, a wildcard certificate of a subdomain", wildcard, mail().certificate("*.edge.contoso.com")),
                arguments("by a U-label name that is equal", connector("it", "name müller.de"), mail().certificate("müller.de")),
                arguments("by the A-label name of a U-label pattern", connector("it", "name müller.de"),
                        mail().certificate("xn--mller-kva.de")),
                arguments("by its address", address, mail().client("192.0.2.15")),
                arguments("by its IPv6 address", address, mail().client("2001:db8:42::25")),
                arguments("by its IPv4-mapped address", address, mail().client("::ffff:192.0.2.1")),
                arguments("by its address, whatever certificate it shows", address, mail().client("192.0.2.1").certificate("x.example")),
                arguments("by both", both, mail().certificate("mail.contoso.com").client("192.0.2.1")),
                arguments("by a certificate of its issuer", issued, mail().certificate("mail.contoso.com").issuedBy("Better CA")),
                arguments("whatever the issuer, if it names none", name, mail().certificate("mail.contoso.com").issuedBy("Any CA")),
                arguments("over TLS, where that is required", tls, mail().client("192.0.2.1").overTls()));
        // spotless:on
    }

    // 3.1, 3.3, 3.5 to 3.7
    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void aConnectorDoesNotIdentify(String what, Connector connector, Mail mail) {
        assertThat(service()
                        .organization("contoso", List.of("contoso.com"), connector)
                        .identifiedBy(mail))
                .isEmpty();
    }

    static Stream<Arguments> aConnectorDoesNotIdentify() {
        Connector name = connector("it", "name mail.contoso.com");
        Connector wildcard = connector("it", "name *.contoso.com");
        Connector address = connector("it", "address 192.0.2.0/28");
        Connector both = connector("it", "name mail.contoso.com", "address 192.0.2.0/28");
        Connector issued = connector("it", "name mail.contoso.com", "issuer Good CA");
        Connector tls = connector("it", "address 192.0.2.0/28", "require-tls");
        Mail right = mail().certificate("mail.contoso.com").client("192.0.2.1");
        // spotless:off
        return Stream.of(
                arguments("a client without a certificate", name, mail()),
                arguments("an empty name", name, mail().certificate("")),
                arguments("another name", name, mail().certificate("mail.contoso.org")),
                arguments("a name below an exact one", name, mail().certificate("a.mail.contoso.com")),
                arguments("the parent of an exact name", name, mail().certificate("contoso.com")),
                arguments("a wildcard certificate that would cover an exact name", name, mail().certificate("*.contoso.com")),
                arguments("a space behind the name", name, mail().certificate("mail.contoso.com ")),
                arguments("a trailing dot", name, mail().certificate("mail.contoso.com.")),
                arguments("a whole distinguished name", name, mail().certificate("/CN=mail.contoso.com")),
                arguments("one name inside another", name, mail().certificate("evil.example/CN=mail.contoso.com")),
                arguments("NUL behind the name", name, mail().certificate("mail.contoso.com\u0000.evil.example")),
                arguments("long s", name, mail().certificate("mail.contoſo.com")),
                arguments("full-width letters", name, mail().certificate("ｍail.contoso.com")),
                arguments("a soft hyphen", name, mail().certificate("mail.con\u00adtoso.com")),
                arguments("an upper-case U-label name", connector("it", "name müller.de"), mail().certificate("Müller.de")),
                arguments("a U-label name below a wildcard", connector("it", "name *.müller.de"), mail().certificate("mail.müller.de")),
                arguments("a name that only ends like a wildcard's", wildcard, mail().certificate("evilcontoso.com")),
                arguments("a wildcard certificate of the parent", connector("it", "name *.edge.contoso.com"),
                        mail().certificate("*.contoso.com")),
                arguments("a wildcard certificate of a top-level domain", wildcard, mail().certificate("*.com")),
                arguments("an address outside", address, mail().client("192.0.2.16")),
                arguments("an address that is not known", address, mail().client("unknown")),
                arguments("an unavailable address", address, mail().client("[UNAVAILABLE]")),
                arguments("an IPv4-compatible address", address, mail().client("::192.0.2.1")),
                arguments("the right name from elsewhere, where both are wanted", both, mail().certificate("mail.contoso.com")),
                arguments("the right name from nowhere", both, mail().certificate("mail.contoso.com").client("unknown")),
                arguments("the right address without the name", both, mail().client("192.0.2.1")),
                arguments("the right address with another name", both, right.certificate("mail.contoso.org")),
                arguments("another issuer", issued, right.issuedBy("Evil CA")),
                arguments("the issuer in another case", issued, right.issuedBy("good ca")),
                arguments("no issuer", issued, right),
                arguments("plain text, where TLS is required", tls, mail().client("192.0.2.1")),
                arguments("a certificate connector that is switched off", connector("it", "name mail.contoso.com", "disabled"), right),
                arguments("an address connector that is switched off", connector("it", "address 192.0.2.1", "disabled"), right),
                arguments("a connector with both that is switched off",
                        connector("it", "name mail.contoso.com", "address 192.0.2.1", "disabled"), right));
        // spotless:on
    }

    /** A provider with a wildcard for its own domain, and one of its customers. */
    // 3.2
    @ParameterizedTest(name = "{0}: {3}", quoteTextArguments = false)
    @MethodSource
    void aWildcardEndsWhereAnotherOrganizationBegins(
            String what,
            List<String> customersDomains,
            Connector customers,
            String presented,
            List<String> identifiedBy) {
        assertThat(service()
                        .organization(
                                "hoster",
                                List.of("hoster.example and below", "müller.de and below"),
                                connector("all", "name *.hoster.example", "name *.müller.de", "name *.cloud.example"))
                        .organization("customer", customersDomains, customers)
                        .identifiedBy(mail().certificate(presented).client("192.0.2.1")))
                .isEqualTo(identifiedBy);
    }

    static Stream<Arguments> aWildcardEndsWhereAnotherOrganizationBegins() {
        List<String> below = List.of("customer.hoster.example");
        List<String> elsewhere = List.of("customer.example");
        List<String> hosters = List.of("hoster/all");
        Connector none = connector("none", "address 198.51.100.1");
        Connector exact = connector("it", "name mail.hoster.example");
        Connector longer = connector("it", "name *.eu.hoster.example");
        // spotless:off
        return Stream.of(
                arguments("at another's accepted domain", below, none, "customer.hoster.example", List.of()),
                arguments("below it", below, none, "mail.customer.hoster.example", List.of()),
                arguments("deep below it, without its subdomains", below, none, "a.b.customer.hoster.example", List.of()),
                arguments("in whatever case", below, none, "MAIL.Customer.Hoster.EXAMPLE", List.of()),
                arguments("a wildcard certificate there", below, none, "*.customer.hoster.example", List.of()),
                arguments("not beside it", below, none, "mail.hoster.example", hosters),
                arguments("not at a name that only ends like it", below, none, "evilcustomer.hoster.example", hosters),
                arguments("not at its own domain", below, none, "hoster.example", hosters),
                arguments("nor for its own wildcard certificate", below, none, "*.hoster.example", hosters),
                arguments("at a name that another names", elsewhere, exact, "mail.hoster.example", List.of("customer/it")),
                arguments("not below such a name", elsewhere, exact, "a.mail.hoster.example", hosters),
                arguments("in another's longer wildcard", elsewhere, longer, "a.eu.hoster.example", List.of("customer/it")),
                arguments("the longer wildcard's own domain", elsewhere, longer, "eu.hoster.example", List.of("customer/it")),
                arguments("not beside another's longer wildcard", elsewhere, longer, "a.us.hoster.example", hosters),
                arguments("at a name of a connector that is switched off", elsewhere,
                        connector("it", "name mail.hoster.example", "disabled"), "mail.hoster.example", List.of()),
                arguments("at a name that another names with an address besides", elsewhere,
                        connector("it", "name mail.hoster.example", "address 198.51.100.1"), "mail.hoster.example", List.of()),
                arguments("at a name that another names for other issuers", elsewhere,
                        connector("it", "name mail.hoster.example", "issuer Good CA"), "mail.hoster.example", List.of()),
                arguments("at a name of another's pinned certificate", elsewhere,
                        connector("it", "certificate 1 mail.hoster.example"), "mail.hoster.example", List.of()),
                arguments("in a wildcard of another's pinned certificate", elsewhere,
                        connector("it", "certificate 1 *.eu.hoster.example"), "a.eu.hoster.example", List.of()),
                arguments("not where another has the same wildcard", elsewhere, connector("it", "name *.hoster.example"),
                        "mail.hoster.example", List.of("hoster/all", "customer/it")),
                arguments("not where another has a shorter one", List.of("example.net"), connector("it", "name *.hoster.example"),
                        "mail.cloud.example", hosters),
                arguments("nor a cloud's, at another's domain", List.of("customer.cloud.example"), none,
                        "mail.customer.cloud.example", hosters),
                arguments("nor a cloud's, at a name that another names", elsewhere, connector("it", "name mail.cloud.example"),
                        "mail.cloud.example", List.of("customer/it", "hoster/all")),
                arguments("at another's domain in A-labels", List.of("kunde.müller.de"), none, "mail.kunde.xn--mller-kva.de", List.of()),
                arguments("not for a wildcard certificate in U-labels, which is its own", List.of("kunde.müller.de"), none, "*.müller.de",
                        hosters));
        // spotless:on
    }

    // 3.2
    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void aWildcardEndsOnlyBelowItsOwnDomain(
            String what, String own, String wildcard, String anothers, boolean narrowed) {
        List<String> identified = service()
                .organization("hoster", List.of(own), connector("all", "name " + wildcard))
                .organization("customer", List.of(anothers))
                .identifiedBy(mail().certificate("mail.eu.hoster.example"));
        assertThat(identified).isEqualTo(narrowed ? List.of() : List.of("hoster/all"));
    }

    static Stream<Arguments> aWildcardEndsOnlyBelowItsOwnDomain() {
        // spotless:off
        return Stream.of(
                arguments("at another's domain below its own, which has no subdomains", "hoster.example", "*.hoster.example",
                        "eu.hoster.example", true),
                arguments("at another's domain below a subdomain of its own", "hoster.example and below", "*.eu.hoster.example",
                        "mail.eu.hoster.example", true),
                arguments("not where the wildcard is below a domain without subdomains", "hoster.example", "*.eu.hoster.example",
                        "mail.eu.hoster.example", false),
                arguments("not where its own domain is below the wildcard's", "mail.eu.hoster.example", "*.hoster.example",
                        "eu.hoster.example", false),
                arguments("not at another's domain that is the wildcard's own", "hoster.example and below", "*.eu.hoster.example",
                        "eu.hoster.example and below", false),
                arguments("not at another's domain above the wildcard's", "eu.hoster.example", "*.eu.hoster.example",
                        "hoster.example and below", false));
        // spotless:on
    }

    // 3.8
    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void theForemostConnectorComesFirst(String what, Connector first, Connector second) {
        Mail mail = mail().certificate("mail.edge.contoso.com").client("192.0.2.5");
        // Written in either order, in one organization or in two.
        assertThat(service()
                        .organization("o", List.of("a.example"), first, second)
                        .identifiedBy(mail))
                .containsExactly("o/first", "o/second");
        assertThat(service()
                        .organization("o", List.of("a.example"), second, first)
                        .identifiedBy(mail))
                .containsExactly("o/first", "o/second");
        assertThat(service()
                        .organization("p", List.of("p.example"), second)
                        .organization("o", List.of("a.example"), first)
                        .identifiedBy(mail))
                .containsExactly("o/first", "p/second");
    }

    static Stream<Arguments> theForemostConnectorComesFirst() {
        // spotless:off
        return Stream.of(
                arguments("certificate and address before certificate",
                        connector("first", "name *.contoso.com", "address 192.0.0.0/16"), connector("second", "name mail.edge.contoso.com")),
                arguments("certificate and address before address",
                        connector("first", "name *.contoso.com", "address 192.0.0.0/16"), connector("second", "address 192.0.2.5")),
                arguments("certificate before address", connector("first", "name *.contoso.com"), connector("second", "address 192.0.2.5")),
                arguments("exact name before wildcard",
                        connector("first", "name mail.edge.contoso.com"), connector("second", "name *.edge.contoso.com")),
                arguments("longer wildcard before shorter",
                        connector("first", "name *.edge.contoso.com"), connector("second", "name *.contoso.com")),
                arguments("the best name of several counts",
                        connector("first", "name *.contoso.com", "name mail.edge.contoso.com"),
                        connector("second", "name *.edge.contoso.com")),
                arguments("smaller range before larger",
                        connector("first", "address 192.0.2.4/30"), connector("second", "address 192.0.2.0/24")),
                arguments("the smallest range of several counts",
                        connector("first", "address 192.0.0.0/16", "address 192.0.2.5"), connector("second", "address 192.0.2.4/31")),
                arguments("a range that is no block by its size",
                        connector("first", "address 192.0.2.3-192.0.2.5"), connector("second", "address 192.0.2.4/30")),
                arguments("the name before the range",
                        connector("first", "name mail.edge.contoso.com", "address 192.0.0.0/16"),
                        connector("second", "name *.edge.contoso.com", "address 192.0.2.5")),
                arguments("the range where the names are alike",
                        connector("first", "name *.contoso.com", "address 192.0.2.5"),
                        connector("second", "name *.contoso.com", "address 192.0.2.0/24")));
        // spotless:on
    }

    // 3.8
    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void theOrderAsWrittenDecidesAtLast(String what, List<String> conditions) {
        String[] same = conditions.toArray(String[]::new);
        Mail mail = mail().certificate("mail.contoso.com").client("192.0.2.5");
        assertThat(service()
                        .organization("z", List.of("z.example"), connector("b", same), connector("a", same))
                        .organization("a", List.of("a.example"), connector("c", same))
                        .identifiedBy(mail))
                .containsExactly("z/b", "z/a", "a/c");
    }

    static Stream<Arguments> theOrderAsWrittenDecidesAtLast() {
        return Stream.of(
                arguments("certificate and address", List.of("name mail.contoso.com", "address 192.0.2.5")),
                arguments("certificate", List.of("name *.contoso.com")),
                arguments("address", List.of("address 192.0.2.0/24")));
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void aConnectorThatMatchesInSeveralWaysMatchesOnce(String what, Connector connector) {
        Mail mail = mail().certificate("mail.contoso.com").client("192.0.2.5");
        assertThat(service()
                        .organization("contoso", List.of("contoso.com"), connector)
                        .identifiedBy(mail))
                .containsExactly("contoso/it");
    }

    static Stream<Arguments> aConnectorThatMatchesInSeveralWaysMatchesOnce() {
        return Stream.of(
                arguments("two names", connector("it", "name mail.contoso.com", "name *.contoso.com")),
                arguments("the same name twice", connector("it", "name mail.contoso.com", "name mail.contoso.com")),
                arguments(
                        "two ranges",
                        connector("it", "address 192.0.2.5", "address 192.0.2.0/24", "address 192.0.2.5")),
                arguments(
                        "both",
                        connector(
                                "it",
                                "name mail.contoso.com",
                                "name *.contoso.com",
                                "address 192.0.2.0/24",
                                "address 192.0.2.5")));
    }
}
