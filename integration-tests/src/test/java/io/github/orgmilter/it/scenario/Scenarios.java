package io.github.orgmilter.it.scenario;

import static io.github.orgmilter.it.scenario.Expected.accept;
import static io.github.orgmilter.it.scenario.Expected.reject;
import static io.github.orgmilter.it.scenario.Scenario.scenario;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.TestCertificates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

// spotless:off
/**
 * The one list of what is tried, and the configuration it is tried under. Every MTA runs all of it.
 *
 * <p>Of the organizations, contoso and northwind are as most will be; each other one has a peculiar
 * setting. All addresses are on loopback or reserved for documentation, and a client that is not
 * given one is a stranger.
 */
public final class Scenarios {

    private static final String ORGANIZATIONS = """
            trust-authenticated = true
            exempt-clients = [ "127.0.9.9" ]
            local-domains = [ "mx1.example.net" ]
            organizations {
              contoso {
                accepted-domains = [ "contoso.com", { domain = "fabrikam.com", subdomains = true } ]
                connectors {
                  headquarters { certificate-names = [ "mail.contoso.com", "*.edge.contoso.com" ] }
                  vault { certificate-names = [ "vault.contoso.com" ], addresses = [ "127.0.1.40" ] }
                  branch-office {
                    addresses = [ "127.0.1.10", "127.0.1.16/29", "127.0.1.30-127.0.1.33", "2001:db8:42::/48"
                                  "198.51.100.7" ]
                  }
                }
              }
              northwind {
                accepted-domains = [ "northwind.example" ]
                connectors {
                  headquarters { certificate-names = [ "mail.northwind.example" ] }
                  office { addresses = [ "127.0.2.10", "::1" ] }
                }
              }
              tailspin {
                sender-protection = all
                accepted-domains = [ "tailspin.example" ]
                connectors {
                  headquarters { certificate-names = [ "mail.tailspin.example" ] }
                  office { addresses = [ "127.0.3.10" ] }
                }
              }
              litware {
                sender-protection = off
                accepted-domains = [ "litware.example" ]
                connectors { headquarters { certificate-names = [ "mail.litware.example" ] } }
              }
              adatum {
                accepted-domains = [ "adatum.example", "adatum-news.example" ]
                connectors {
                  forwarder { addresses = [ "127.0.4.10" ], require-accepted-domain = false }
                  bouncer { addresses = [ "127.0.4.11" ], allow-null-sender = true }
                  encrypted { addresses = [ "127.0.4.12" ], require-tls = true }
                  newsletter { addresses = [ "127.0.4.13" ], sender-domains = [ "adatum-news.example" ] }
                  retired { addresses = [ "127.0.4.14" ], enabled = false }
                  issued { certificate-names = [ "mail.adatum.example" ], issuers = [ "Adatum Issuing CA" ] }
                }
              }
              buecher {
                accepted-domains = [ "bücher.example" ]
                connectors { headquarters { certificate-names = [ "mail.bücher.example" ] } }
              }
            }
            """;

    private static final String HEADQUARTERS = "contoso/headquarters";
    private static final String BRANCH_OFFICE = "contoso/branch-office";
    private static final String STRANGER = "someone@stranger.example";
    private static final String OUTSIDE = "someone@outside.example";
    private static final String INSIDE = "info@contoso.com";

    private Scenarios() {}

    /** The milter's configuration for {@code policy}, with these listeners. */
    public static String configuration(Scenario.Policy policy, String... listeners) {
        String unidentified =
                switch (policy) {
                    case DEFAULT -> "accept-inbound";
                    case UNIDENTIFIED_REJECTED -> "reject";
                };
        return "listen = [ " + Arrays.stream(listeners).collect(Collectors.joining(", ")) + " ]\n"
                + "unidentified-mail = " + unidentified + "\n" + ORGANIZATIONS;
    }

    public static List<Scenario> all(TestCertificates certificates) {
        List<Scenario.Builder> all = new ArrayList<>();
        all.addAll(certificateMatrix(certificates));
        all.addAll(tlsSessions(certificates));
        all.addAll(addresses());
        all.addAll(organizations(certificates));
        all.addAll(connectorSettings(certificates));
        all.addAll(nullSender(certificates));
        all.addAll(sessions(certificates));
        all.addAll(ordinaryAddresses(certificates));
        all.addAll(addressTricks(certificates));
        all.addAll(unidentifiedRejected(certificates));
        return all.stream().map(Scenario.Builder::build).toList();
    }

    private static List<Scenario.Builder> certificateMatrix(TestCertificates certificates) {
        List<Scenario.Builder> matrix = new ArrayList<>();
        matrix.add(scenario("a verified certificate with the right name relays")
                .tls(certificates.verified("mail.contoso.com"), "mail.contoso.com")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)));
        matrix.add(scenario("the name is compared without regard to case")
                .tls(certificates.verified("MAIL.Contoso.COM"), "MAIL.Contoso.COM")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)));
        matrix.add(scenario("a name below a wildcard pattern relays")
                .tls(certificates.verified("a.b.edge.contoso.com"), "a.b.edge.contoso.com")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)));
        matrix.add(scenario("the domain of a wildcard pattern itself relays")
                .tls(certificates.verified("edge.contoso.com"), "edge.contoso.com")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)));
        matrix.add(scenario("a certificate for the wildcard itself matches the wildcard pattern")
                .tls(certificates.verified("*.edge.contoso.com"), "*.edge.contoso.com")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)));
        matrix.add(scenario("of two common names Postfix reports the first, and it relays")
                .tls(certificates.verified("mail.contoso.com", "mail.northwind.example"), "mail.contoso.com")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)));
        matrix.add(scenario("a name in its own letters matches the pattern in its own letters")
                .tls(certificates.verified("mail.bücher.example"), "mail.bücher.example")
                .mail("a@xn--bcher-kva.example").to(OUTSIDE, accept("sender-domain", "buecher/headquarters")));

        matrix.add(notRelaying("no certificate", null));
        matrix.add(notRelaying("a self-signed certificate", certificates.selfSigned("mail.contoso.com")));
        matrix.add(notRelaying("a certificate of a foreign CA", certificates.fromForeignCa("mail.contoso.com")));
        matrix.add(notRelaying("an expired certificate", certificates.expired("mail.contoso.com")));
        matrix.add(notRelaying("a certificate for servers only", certificates.serverAuthOnly("mail.contoso.com")));
        matrix.add(notRelaying("a name in the subjectAltName only", certificates.sanOnly("mail.contoso.com")));
        matrix.add(notRelaying("an empty subject", certificates.emptySubject("mail.contoso.com")));
        matrix.add(notRelaying("an empty common name", certificates.verified("")));
        matrix.add(notRelaying("a NUL in the name", certificates.verified("mail.contoso.com\0.evil.example")));
        matrix.add(notRelaying("a CRLF in the name", certificates.verified("mail.contoso.com\r\nX: y")));
        matrix.add(notRelaying("a name of 300 characters", certificates.verified("a".repeat(283) + ".edge.contoso.com")));

        matrix.add(notRelaying("a slash trick in the name", certificates.verified("evil.example/CN=mail.contoso.com")));

        // Verified, and not the right name: the milter hears it and logs it.
        for (String name : List.of(
                "mail.northwind.example.evil.example",
                "mail.contoso.com.evil.example",
                "evilmail.contoso.com",
                "contoso.com",
                "*.contoso.com",
                "mail.conto\u017fo.com",
                "mail.\uff43ontoso.com")) {
            matrix.add(notRelaying("the name " + name, certificates.verified(name), name));
        }
        matrix.add(notRelaying("the right name second of two",
                certificates.verified("mail.evil.example", "mail.contoso.com"), "mail.evil.example"));
        return matrix;
    }

    private static Scenario.Builder notRelaying(String what, ClientCertificate certificate) {
        return notRelaying(what, certificate, "-");
    }

    private static Scenario.Builder notRelaying(String what, ClientCertificate certificate, String reportedName) {
        return scenario(what + " does not relay, and still reaches an accepted domain")
                .tls(certificate, reportedName)
                .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")).to(INSIDE, accept("inbound"));
    }

    private static List<Scenario.Builder> tlsSessions(TestCertificates certificates) {
        ClientCertificate mail = certificates.verified("mail.contoso.com");
        ClientCertificate selfSigned = certificates.selfSigned("mail.contoso.com");
        return List.of(
                scenario("MAIL straight after STARTTLS, without a second EHLO, relays with a verified certificate")
                        .tlsWithoutSecondEhlo(mail, "mail.contoso.com")
                        .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)),
                scenario("MAIL straight after STARTTLS does not relay with a self-signed certificate")
                        .tlsWithoutSecondEhlo(selfSigned, "-")
                        .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")),
                scenario("a resumed TLS session relays if the first one had a verified certificate")
                        .resumedTls(mail, "mail.contoso.com")
                        .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)),
                scenario("a resumed TLS session does not relay if the first one had a self-signed certificate")
                        .resumedTls(selfSigned, "-")
                        .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")),
                scenario("what was refused before STARTTLS relays after it")
                        .mail("a@contoso.com").to(OUTSIDE, reject("not-identified"))
                        .tls(mail, "mail.contoso.com")
                        .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)),
                scenario("another EHLO keeps the certificate")
                        .tls(mail, "mail.contoso.com")
                        .command("EHLO again.test.example")
                        .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS))
                        .command("EHLO and.again.test.example")
                        .mail("b@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)));
    }

    private static List<Scenario.Builder> addresses() {
        List<Scenario.Builder> list = new ArrayList<>();
        for (String inside : List.of("127.0.1.10", "127.0.1.16", "127.0.1.23", "127.0.1.30", "127.0.1.33")) {
            list.add(scenario(inside + " is in the branch office's ranges and relays").from(inside)
                    .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE)));
        }
        for (String beside : List.of("127.0.1.15", "127.0.1.24", "127.0.1.29", "127.0.1.34")) {
            list.add(scenario(beside + " is just beside the ranges and does not relay").from(beside)
                    .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")));
        }
        list.add(scenario("an IPv6 client relays by its address").from("::1")
                .mail("a@northwind.example").to(OUTSIDE, accept("sender-domain", "northwind/office")));
        list.add(scenario("an IPv6 client in a block relays")
                .xclient("ADDR=IPV6:2001:db8:42:ffff::25", "2001:db8:42:ffff::25")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE)));
        list.add(scenario("an IPv6 client beside the block does not relay")
                .xclient("ADDR=IPV6:2001:db8:43::25", "2001:db8:43::25")
                .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")));
        list.add(scenario("an IPv4-mapped IPv6 address is the IPv4 address")
                .xclient("ADDR=IPV6:::ffff:198.51.100.7", "198.51.100.7")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE)));
        list.add(scenario("a client of unknown address is not identified, wherever it connects from").from("127.0.1.10")
                .xclient("ADDR=[UNAVAILABLE]", "unknown")
                .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")).to(INSIDE, accept("inbound")));
        list.add(scenario("XCLIENT changes who the client is, and changes it back").from("127.0.1.10")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE))
                .xclient("ADDR=192.0.2.1", "192.0.2.1")
                .mail("a@contoso.com").to(OUTSIDE, reject("not-identified"))
                .xclient("ADDR=198.51.100.7", "198.51.100.7")
                .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE)));
        list.add(scenario("an exempt client relays any mail").from("127.0.9.9")
                .mail(STRANGER).to(OUTSIDE, accept("exempt-client")).to(INSIDE, accept("exempt-client")));
        return list;
    }

    private static List<Scenario.Builder> organizations(TestCertificates certificates) {
        ClientCertificate contoso = certificates.verified("mail.contoso.com");
        ClientCertificate northwind = certificates.verified("mail.northwind.example");
        ClientCertificate tailspin = certificates.verified("mail.tailspin.example");
        ClientCertificate edge = certificates.verified("a.b.edge.contoso.com");
        return List.of(
                scenario("a certificate whose domain is accepted relays for any sender")
                        .tls(contoso, "mail.contoso.com")
                        .mail(STRANGER).to(OUTSIDE, accept("certificate-domain", HEADQUARTERS)),
                scenario("a certificate whose domain is not accepted relays for accepted senders only")
                        .tls(edge, "a.b.edge.contoso.com")
                        .mail(STRANGER).to(OUTSIDE, reject("domain-not-accepted"))
                        .mail("a@fabrikam.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS)),
                scenario("an address relays for accepted senders only").from("127.0.1.10")
                        .mail(STRANGER).to(OUTSIDE, reject("domain-not-accepted")).to(INSIDE, accept("inbound"))
                        .mail("a@fabrikam.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE))
                        .mail("a@deep.sub.fabrikam.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE))
                        .mail("a@sub.contoso.com").to(OUTSIDE, reject("domain-not-accepted")),
                scenario("one organization's certificate cannot send as another organization")
                        .tls(contoso, "mail.contoso.com")
                        .mail("a@northwind.example").to(OUTSIDE, reject("protected-sender")),
                scenario("nor the other as the one")
                        .tls(northwind, "mail.northwind.example")
                        .mail("a@contoso.com").to(OUTSIDE, reject("protected-sender"))
                        .mail("a@sub.fabrikam.com").to(OUTSIDE, reject("protected-sender")),
                scenario("one organization's address cannot send as another organization").from("127.0.2.10")
                        .mail("a@contoso.com").to(OUTSIDE, reject("domain-not-accepted"))
                        .to("b@northwind.example", accept("inbound")),
                scenario("a client that two organizations know sends as each").from("127.0.2.10")
                        .tls(contoso, "mail.contoso.com")
                        .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", HEADQUARTERS))
                        .mail("a@northwind.example").to(OUTSIDE, accept("sender-domain", "northwind/office"))
                        .mail("a@tailspin.example").to(OUTSIDE, reject("protected-sender")),
                scenario("sender-protection off: another organization's certificate may send as it")
                        .tls(contoso, "mail.contoso.com")
                        .mail("a@litware.example").to(OUTSIDE, accept("certificate-domain", HEADQUARTERS)),
                scenario("sender-protection relay: a stranger may still write inbound as it")
                        .mail("a@contoso.com").to(INSIDE, accept("inbound")).to("b@northwind.example", accept("inbound")),
                scenario("sender-protection all: a stranger may not write as it, not even inbound")
                        .mail("a@tailspin.example")
                        .to("b@tailspin.example", reject("protected-sender"))
                        .to(INSIDE, reject("protected-sender"))
                        .to(OUTSIDE, reject("not-identified")),
                scenario("sender-protection all: another organization's server may not write as it, not even inbound")
                        .tls(contoso, "mail.contoso.com")
                        .mail("a@tailspin.example")
                        .to(INSIDE, reject("protected-sender")).to(OUTSIDE, reject("protected-sender")),
                scenario("sender-protection all: its own servers may, by certificate")
                        .tls(tailspin, "mail.tailspin.example")
                        .mail("a@tailspin.example")
                        .to(INSIDE, accept("inbound")).to(OUTSIDE, accept("sender-domain", "tailspin/headquarters")),
                scenario("sender-protection all: its own servers may, by address").from("127.0.3.10")
                        .mail("a@tailspin.example")
                        .to(INSIDE, accept("inbound")).to(OUTSIDE, accept("sender-domain", "tailspin/office")));
    }

    private static List<Scenario.Builder> connectorSettings(TestCertificates certificates) {
        ClientCertificate vault = certificates.verified("vault.contoso.com");
        return List.of(
                scenario("a connector with a name and an address wants both").from("127.0.1.40")
                        .tls(vault, "vault.contoso.com")
                        .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", "contoso/vault")),
                scenario("the name alone is not enough for it")
                        .tls(vault, "vault.contoso.com")
                        .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")),
                scenario("nor is the address alone").from("127.0.1.40")
                        .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")),
                scenario("require-accepted-domain = false relays for any unprotected sender").from("127.0.4.10")
                        .mail(STRANGER).to(OUTSIDE, accept("any-domain", "adatum/forwarder"))
                        .mail("").to(OUTSIDE, accept("any-domain", "adatum/forwarder"))
                        .mail("a@litware.example").to(OUTSIDE, accept("any-domain", "adatum/forwarder"))
                        .mail("a@contoso.com").to(OUTSIDE, reject("protected-sender")),
                scenario("require-tls refuses without TLS, with its own reply").from("127.0.4.12")
                        .mail("a@adatum.example").to(OUTSIDE, reject("tls-required")).to(INSIDE, accept("inbound")),
                scenario("require-tls is content with TLS without a certificate").from("127.0.4.12").tls()
                        .mail("a@adatum.example").to(OUTSIDE, accept("sender-domain", "adatum/encrypted")),
                scenario("sender-domains limits a server to some of the organization's domains").from("127.0.4.13")
                        .mail("a@adatum-news.example").to(OUTSIDE, accept("sender-domain", "adatum/newsletter"))
                        .mail("a@adatum.example").to(OUTSIDE, reject("domain-not-accepted")),
                scenario("a connector that is switched off identifies no client").from("127.0.4.14")
                        .mail("a@adatum.example").to(OUTSIDE, reject("not-identified")),
                scenario("issuers: the right name from the right issuer relays")
                        .tls(certificates.issuedBy("Adatum Issuing CA", "mail.adatum.example"), "mail.adatum.example")
                        .mail("a@adatum.example").to(OUTSIDE, accept("sender-domain", "adatum/issued")),
                scenario("issuers: the right name from another trusted issuer does not")
                        .tls(certificates.issuedBy("Other Issuing CA", "mail.adatum.example"), "mail.adatum.example")
                        .mail("a@adatum.example").to(OUTSIDE, reject("not-identified")));
    }

    private static List<Scenario.Builder> nullSender(TestCertificates certificates) {
        return List.of(
                scenario("a bounce leaves by certificate")
                        .tls(certificates.verified("mail.contoso.com"), "mail.contoso.com")
                        .mail("").to(OUTSIDE, accept("certificate-domain", HEADQUARTERS)),
                scenario("a bounce does not leave by a certificate whose domain is not accepted")
                        .tls(certificates.verified("a.b.edge.contoso.com"), "a.b.edge.contoso.com")
                        .mail("").to(OUTSIDE, reject("null-sender")),
                scenario("a bounce does not leave by address").from("127.0.1.10")
                        .mail("").to(OUTSIDE, reject("null-sender")).to(INSIDE, accept("inbound")),
                scenario("a bounce leaves by address with allow-null-sender").from("127.0.4.11")
                        .mail("").to(OUTSIDE, accept("null-sender-allowed", "adatum/bouncer"))
                        .mail(STRANGER).to(OUTSIDE, reject("domain-not-accepted")),
                scenario("a stranger's bounce comes in and does not go out")
                        .mail("").to(INSIDE, accept("inbound")).to(OUTSIDE, reject("not-identified")));
    }

    private static List<Scenario.Builder> sessions(TestCertificates certificates) {
        return List.of(
                scenario("of several recipients some are refused, and the others get the mail").from("127.0.1.10")
                        .mail(STRANGER)
                        .to(OUTSIDE, reject("domain-not-accepted"))
                        .to(INSIDE, accept("inbound"))
                        .to("other@outside.example", reject("domain-not-accepted"))
                        .to("b@northwind.example", accept("inbound")),
                scenario("the same, pipelined").from("127.0.1.10")
                        .pipelinedMail(STRANGER)
                        .to(OUTSIDE, reject("domain-not-accepted"))
                        .to(INSIDE, accept("inbound"))
                        .to("other@outside.example", reject("domain-not-accepted")),
                scenario("messages of one connection do not leak into each other").from("127.0.1.10")
                        .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE))
                        .mail(STRANGER).to(OUTSIDE, reject("domain-not-accepted"))
                        .mail("").to(OUTSIDE, reject("null-sender"))
                        .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE))
                        .command("RSET")
                        .mail("a@northwind.example").to(OUTSIDE, reject("domain-not-accepted"))
                        .mail("b@fabrikam.com").to(INSIDE, accept("inbound"))
                        .to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE)),
                scenario("a login relays, with every message of its session").login()
                        .mail(STRANGER).to(OUTSIDE, accept("authenticated"))
                        .command("RSET")
                        .mail("a@contoso.com").to(OUTSIDE, accept("authenticated")),
                scenario("a login is gone in the next session")
                        .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")),
                scenario("a login does not survive XCLIENT").login()
                        .mail("a@contoso.com").to(OUTSIDE, accept("authenticated"))
                        .xclient("ADDR=192.0.2.1", "192.0.2.1")
                        .mail("a@contoso.com").to(OUTSIDE, reject("not-identified")),
                scenario("XCLIENT keeps the certificate and changes the address").from("127.0.1.10")
                        .tls(certificates.verified("mail.northwind.example"), "mail.northwind.example")
                        .mail("a@contoso.com").to(OUTSIDE, accept("sender-domain", BRANCH_OFFICE))
                        .xclient("ADDR=192.0.2.1", "192.0.2.1")
                        .mail("a@contoso.com").to(OUTSIDE, reject("protected-sender"))
                        .mail("a@northwind.example")
                        .to(OUTSIDE, accept("sender-domain", "northwind/headquarters")));
    }

    private static List<Scenario.Builder> ordinaryAddresses(TestCertificates certificates) {
        return List.of(
                scenario("postmaster is always within reach")
                        .mail(STRANGER).to("postmaster", accept("inbound").toLocalUser("postmaster")),
                scenario("the MTA's own users are within reach")
                        .mail(STRANGER)
                        .to("cron@mx1.example.net", accept("inbound").toLocalUser("cron"))
                        .to("root", accept("inbound").toLocalUser("root")),
                scenario("the MTA's own name is not a sender domain of any organization").from("127.0.1.10")
                        .mail("root@mx1.example.net").to(OUTSIDE, reject("domain-not-accepted")),
                scenario("plus and VERP addresses come in")
                        .mail("list-return+info=contoso.com@stranger.example")
                        .to("info+tag@contoso.com", accept("inbound"))
                        .to("bounces+someone=outside.example@contoso.com", accept("inbound"))
                        .to("prvs=1234=info@contoso.com", accept("inbound")),
                scenario("plus and VERP addresses go out").from("127.0.1.10")
                        .mail("bounces+someone=outside.example@contoso.com")
                        .to("someone+tag@outside.example", accept("sender-domain", BRANCH_OFFICE)),
                scenario("quoted local parts without routing characters come in")
                        .mail(STRANGER).to("\"john doe\"@contoso.com", accept("inbound")),
                scenario("domains compare without regard to case")
                        .mail(STRANGER).to("info@CONTOSO.Com", accept("inbound")),
                scenario("SMTPUTF8 addresses come in")
                        .mail("jürgen@stranger.example")
                        .to("用户@contoso.com", accept("inbound"))
                        .to("info@bücher.example", accept("inbound"))
                        .to("sales@BÜCHER.example", accept("inbound"))
                        .to("info@xn--bcher-kva.example", accept("inbound")),
                scenario("SMTPUTF8 addresses go out")
                        .tls(certificates.verified("mail.xn--bcher-kva.example"), "mail.xn--bcher-kva.example")
                        .mail("jürgen@bücher.example")
                        .to("用户@outside.example", accept("sender-domain", "buecher/headquarters")),
                scenario("subdomains are within reach only where the organization includes them")
                        .mail(STRANGER)
                        .to("info@deep.sub.fabrikam.com", accept("inbound"))
                        .to("info@sub.contoso.com", reject("not-identified")),
                scenario("an address literal is never an accepted domain")
                        .mail(STRANGER).to("info@[127.0.0.1]", reject("not-identified")));
    }

    private static List<Scenario.Builder> addressTricks(TestCertificates certificates) {
        List<Scenario.Builder> tricks = new ArrayList<>();
        for (String trick : List.of(
                "u%evil.example@contoso.com",
                "evil.example!u@contoso.com",
                "\"u@evil.example\"@contoso.com",
                "\"u%evil.example\"@contoso.com",
                "\"evil.example!u\"@contoso.com",
                "u@evil.example@contoso.com",
                "@hop.example:u@evil.example",
                "@contoso.com:u@evil.example",
                "@contoso.com:u%evil.example@contoso.com",
                "@hop.example:info@contoso.com",
                "u%evil.example%hop.example@contoso.com",
                "u%evil.example@contoso.com.",
                "u%contoso.com@evil.example",
                "contoso.com!u@evil.example",
                "u%evil.example@mx1.example.net",
                "u%evil.example@[127.0.0.1]",
                "u%evil.example",
                "evil.example!u",
                "\"u@evil.example\"")) {
            tricks.add(scenario("a stranger gets nothing out by way of <" + trick + ">")
                    .mail(STRANGER).to(trick, reject("not-identified")).to(INSIDE, accept("inbound")));
        }
        return tricks;
    }

    private static List<Scenario.Builder> unidentifiedRejected(TestCertificates certificates) {
        return List.of(
                scenario("unidentified-mail = reject: a stranger does not even come in")
                        .mail(STRANGER).to(INSIDE, reject("unidentified-inbound")).to(OUTSIDE, reject("not-identified"))
                        .mail("").to(INSIDE, reject("unidentified-inbound")),
                scenario("unidentified-mail = reject: an identified server comes in").from("127.0.2.10")
                        .mail(STRANGER).to(INSIDE, accept("inbound")).to(OUTSIDE, reject("domain-not-accepted")),
                scenario("unidentified-mail = reject: a server that lacks only TLS gets that reply").from("127.0.4.12")
                        .mail("a@adatum.example").to(INSIDE, reject("tls-required")).to(OUTSIDE, reject("tls-required"))
                        .tls()
                        .mail("a@adatum.example").to(INSIDE, accept("inbound"))
                        .to(OUTSIDE, accept("sender-domain", "adatum/encrypted")),
                scenario("unidentified-mail = reject: logins and exempt clients are not strangers").from("127.0.9.9")
                        .mail(STRANGER).to(INSIDE, accept("exempt-client"))
                        .xclient("ADDR=192.0.2.1", "192.0.2.1")
                        .login()
                        .mail(STRANGER).to(INSIDE, accept("authenticated")),
                scenario("unidentified-mail = reject: a self-signed certificate is a stranger's")
                        .tls(certificates.selfSigned("mail.contoso.com"))
                        .mail("a@contoso.com").to(INSIDE, reject("unidentified-inbound")))
                .stream().map(builder -> builder.policy(Scenario.Policy.UNIDENTIFIED_REJECTED)).toList();
    }
}
// spotless:on
