package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.github.orgmilter.certificate.TestCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("orgmilter explain")
final class ExplainCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path config = Path.of("");

    @BeforeEach
    void configuration() throws IOException {
        config = Files.writeString(folder.resolve("orgmilter.conf"), """
                listen = [ "inet:10033@127.0.0.1" ]
                local-domains = [ "mx1.example.net" ]
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors {
                      headquarters { certificate-names = [ "mail.contoso.com", "*.edge.contoso.com" ] }
                      issued { certificate-names = [ "mail.contoso.com" ], issuers = [ "Good CA" ], addresses = [ "192.0.2.9" ] }
                      off { addresses = [ "192.0.2.7" ], enabled = false }
                    }
                  }
                  fabrikam {
                    accepted-domains = [ "fabrikam.com" ]
                    connectors {
                      branch { addresses = [ "198.51.100.0/28", "2001:db8:42::/48" ], sender-domains = [ "fabrikam.com" ] }
                      encrypted { addresses = [ "192.0.2.8" ], require-tls = true }
                    }
                  }
                }
                """);
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("explain", "--config", config.toString()));
        all.addAll(List.of(arguments));
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(all.toArray(String[]::new));
    }

    @Test
    @DisplayName("explains the decision at the end of the header")
    void header() throws IOException {
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("[ \"contoso.com\" ]", "[ \"contoso.com\" ], header-from = relay")
                        .replace("local-domains", "trust-authenticated = false\nlocal-domains"));
        Path message = Files.writeString(
                folder.resolve("message"), "Subject: a\r\nFrom: A\r\n <a@contoso.com>\r\n\r\nFrom: b@x.example\r\n");
        String[] relayed = {"--client-address", "198.51.100.3", "--from", "a@fabrikam.com", "--to", "b@example.net"};
        run(with(relayed, "--header", "From: a@fabrikam.com"));
        assertThat(out.toString()).contains("header     From has fabrikam.com\nverdict    accept\n");
        run(with(relayed, "--message", message.toString()));
        assertThat(out.toString())
                .contains(
                        "header     From has contoso.com\nverdict    reject, protected-header-from\nreply      550 5.7.1 Access denied:")
                .contains(
                        "contoso.com belongs to contoso, whose header-from is relay and whose connectors do not identify the client");
        assertThat(run(with(relayed, "--header", "nonsense"))).isEqualTo(2);
        assertThat(err.toString())
                .contains("header field 1 of --header has no name and colon")
                .doesNotContain("nonsense");
        run(with(relayed, "--json", "--header", "From: a@contoso.com"));
        assertThat(out.toString()).contains("\"cause\" : \"protected-header-from\"");
    }

    @Test
    @DisplayName("explains each partner that the sender concerns")
    void partners() throws IOException {
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(
                                "accepted-domains = [ \"contoso.com\" ]",
                                "accepted-domains = [ \"contoso.com\" ], partners { bank { sender-domains = [ \"bank.example\" ],"
                                        + " certificate-names = [ \"mail.bank.example\" ], issuers = [ \"Good CA\" ] },"
                                        + " any { sender-domains = [ \"*\" ], require-tls = true } }"));
        String[] mail = {"--from", "a@bank.example", "--to", "b@contoso.com"};
        run(with(mail, "--cert-subject", "mail.bank.example", "--cert-issuer", "Evil CA"));
        assertThat(out.toString())
                .contains("verdict    reject, partner-restriction\n")
                .contains(
                        "reply      550 5.7.1 Access denied: mail from bank.example must come from its registered servers\n")
                .contains(
                        "no         partner bank of contoso: sender bank.example is one of its senders, and the issuer is Evil CA,"
                                + " not Good CA\n")
                .doesNotContain("partner any");
        run(with(mail, "--cert-subject", "mail.bank.example", "--cert-issuer", "Good CA"));
        assertThat(out.toString())
                .contains("verdict    accept, inbound\n")
                .contains(
                        "yes        partner bank of contoso: sender bank.example is one of its senders, and the client is one of"
                                + " its servers\n");
        run("--json", "--from", "a@example.org", "--to", "b@contoso.com");
        assertThat(out.toString()).contains("\"cause\" : \"tls-required\"").contains("\"fact\" : \"partner\"");
    }

    @Test
    @DisplayName("explains what the header of a shared server's message decides, and shows no value")
    void sharedServer() throws IOException {
        Files.writeString(config, """
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors.cloud { addresses = [ "192.0.2.9" ], required-headers { X-Key = [ "top-secret" ] } }
                  }
                }
                """);
        String[] relayed = {"--client-address", "192.0.2.9", "--from", "a@contoso.com", "--to", "b@example.net"};
        run(relayed);
        assertThat(out.toString())
                .contains("verdict    accept, sender-domain, if the header meets: relay\n")
                .contains("connector  contoso/cloud: match if the header has the required X-Key\n")
                .contains("yes        the client matches connectors with required-headers, so the header decides\n");
        Path message = Files.writeString(folder.resolve("message"), "x-key: top-SECRET\r\n\r\n");
        run(with(relayed, "--message", message.toString()));
        assertThat(out.toString())
                .contains(
                        "header     the header has the required fields of contoso/cloud (X-Key)\nverdict    accept\n");
        run(with(relayed, "--json", "--header", "X-Key: other"));
        assertThat(out.toString())
                .contains("\"provisional\" : [", "\"cause\" : \"header-mismatch\"")
                .contains("the header has the required fields of no connector that the client matches");
        assertThat(out.toString().toLowerCase(Locale.ROOT)).doesNotContain("secret");
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
    }

    @Test
    @DisplayName("knows a client by the certificate that it presents, or by its key, and not without being told")
    void pins() throws IOException {
        TestCertificate certificate = new TestCertificate("mail.contoso.com");
        Path pem = Files.writeString(folder.resolve("a.pem"), certificate.pem());
        Files.writeString(
                config,
                "policy-listen = [ \"inet:10034@127.0.0.1\" ]\norganizations.contoso { accepted-domains = [ \"contoso.com\" ]\n"
                        + "connectors.pinned { public-key-fingerprints = [ \"" + certificate.publicKeyFingerprint()
                        + "\" ] } }");
        String[] message = {"--tls", "--from", "a@contoso.com", "--to", "b@example.net"};
        assertThat(verdict(message)).isEqualTo("verdict    tempfail, no-policy-data");
        assertThat(verdict(message, "--cert-file", pem.toString())).isEqualTo("verdict    accept, sender-domain");
        assertThat(verdict(message, "--public-key-fingerprint", certificate.publicKeyFingerprint()))
                .isEqualTo("verdict    accept, sender-domain");
        assertThat(verdict(message, "--cert-fingerprint", "ab".repeat(32)))
                .isEqualTo("verdict    reject, not-identified");
        assertThat(run("--cert-fingerprint", "ab", "--from", "a@contoso.com", "--to", "b@example.net"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("\"ab\" is not a SHA-256 fingerprint");
        assertThat(run(
                        "--cert-fingerprint",
                        "ab",
                        "--cert-file",
                        pem.toString(),
                        "--from",
                        "a@contoso.com",
                        "--to",
                        "b@x.example"))
                .isEqualTo(2);
        String authority = new TestCertificate("Some CA").pem();
        Files.writeString(pem, "\ufeff" + certificate.pem() + authority);
        assertThat(verdict(message, "--cert-file", pem.toString())).isEqualTo("verdict    accept, sender-domain");
        Files.writeString(pem, certificate.pem().strip() + authority);
        assertThat(run("--cert-file", pem.toString(), "--from", "a@contoso.com", "--to", "b@example.net"))
                .isEqualTo(1);
        assertThat(err.toString()).contains(" looks like part of a certificate that cannot be read; ");
    }

    private String verdict(String[] message, String... more) {
        out.getBuffer().setLength(0);
        assertThat(run(Stream.concat(Stream.of(message), Stream.of(more)).toArray(String[]::new)))
                .isZero();
        return out.toString()
                .lines()
                .filter(line -> line.startsWith("verdict"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("says for every connector why it does not identify the client")
    void whyNot() {
        assertThat(run(
                        "--client-address",
                        "192.0.2.7",
                        "--cert-subject",
                        "mail.contoso.org",
                        "--from",
                        "a@contoso.com",
                        "--to",
                        "b@example.net"))
                .isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "client     192.0.2.7, encrypted, verified certificate mail.contoso.org",
                        "sender     <a@contoso.com>",
                        "",
                        "recipient  <b@example.net>",
                        "verdict    reject, not-identified",
                        "reply      550 5.7.1 Relay access denied: 192.0.2.7 is not a known customer mail server",
                        "connector  contoso/headquarters: no match: certificate name mail.contoso.org does not match"
                                + " mail.contoso.com or *.edge.contoso.com",
                        "connector  contoso/issued: no match: certificate name mail.contoso.org does not match"
                                + " mail.contoso.com",
                        "connector  contoso/off: no match: disabled (enabled = false)",
                        "connector  fabrikam/branch: no match: client address 192.0.2.7 is not in 198.51.100.0/28 or"
                                + " 2001:db8:42::/48",
                        "connector  fabrikam/encrypted: no match: client address 192.0.2.7 is not in 192.0.2.8",
                        "no         the client is not logged in",
                        "no         the client is not in exempt-clients",
                        "yes        the recipient address is well-formed",
                        "yes        the sender address is well-formed",
                        "no         the recipient is relayed: example.net, not an accepted or local domain",
                        "no         no connector identifies the client");
    }

    @Test
    @DisplayName("says which domain condition held, and what stood against it")
    void conditions() {
        assertThat(run(
                        "--client-address",
                        "192.0.2.7",
                        "--cert-subject",
                        "mail.contoso.com",
                        "--cert-issuer",
                        "Bad CA",
                        "--from",
                        "a@fabrikam.com",
                        "--to",
                        "b@example.net",
                        "--to",
                        "u%x@contoso.com"))
                .isZero();
        assertThat(out.toString().lines())
                .contains(
                        "connector  contoso/headquarters: match: certificate name mail.contoso.com matches"
                                + " mail.contoso.com",
                        "connector  contoso/issued: no match: the issuer is Bad CA, not Good CA",
                        "verdict    reject, protected-sender",
                        "reply      550 5.7.1 Access denied: fabrikam.com may only be used by its own organization's servers",
                        "yes        the client is identified by contoso/headquarters",
                        "no         contoso/headquarters: sender fabrikam.com is not an accepted domain of contoso",
                        "yes        contoso/headquarters: certificate name mail.contoso.com belongs to contoso",
                        "yes        the sender's domain belongs to fabrikam, whose sender-protection excludes other"
                                + " organizations' connectors",
                        "no         the recipient is relayed: its local part contains %, ! or @, or it has a source route");
    }

    @Test
    @DisplayName("says what a resolved form, a login, missing TLS and sender-domains do")
    void otherFacts() {
        run(
                "--client-address",
                "198.51.100.3",
                "--from",
                "a@contoso.com",
                "--resolved-from",
                "a@x.example",
                "--to",
                "b@contoso.com",
                "--resolved-to",
                "b@evil.example");
        run(
                "--client-address",
                "192.0.2.8",
                "--from",
                "",
                "--to",
                "b@example.net",
                "--sasl",
                "joe",
                "--sasl-mechanism",
                "EXTERNAL");
        run(
                "--client-address",
                "192.0.2.8",
                "--from",
                "<>",
                "--to",
                "postmaster",
                "--sasl",
                "joe",
                "--sasl-mechanism",
                "");
        run("--client-address", "192.0.2.8", "--from", "<>", "--to", "postmaster", "--sasl", "joe");
        assertThat(out.toString().lines())
                .contains(
                        "no         the recipient is relayed: contoso.com, an accepted domain of contoso, resolved by the"
                                + " MTA to evil.example, not an accepted or local domain",
                        "no         fabrikam/branch: sender contoso.com, resolved to x.example, is not in"
                                + " sender-domains",
                        "no         the login does not count: its mechanism is EXTERNAL",
                        "no         the login does not count: the MTA reports no mechanism",
                        "connector  fabrikam/encrypted: no match: the connection is not encrypted (require-tls)",
                        "no         no connector identifies the client, only because the connection is not encrypted",
                        "reply      550 5.7.10 Encryption needed",
                        "verdict    accept, authenticated",
                        "yes        the client is logged in as joe, and trusted-logins has this login");
    }

    @Test
    @DisplayName("says where a wildcard ends and another organization begins, and whose a certificate's name is")
    void wildcards() throws IOException {
        Files.writeString(config, """
                organizations {
                  hoster {
                    accepted-domains = [ { domain = "hoster.example", subdomains = true } ]
                    connectors {
                      all { certificate-names = [ "*.hoster.example" ] }
                      one { certificate-names = [ "old.customer.hoster.example" ] }
                    }
                  }
                  customer {
                    accepted-domains = [ "customer.hoster.example" ]
                    connectors.hq { certificate-names = [ "mail.customer.hoster.example", "out.hoster.example" ] }
                  }
                }
                """);
        String[] message = {"--from", "ceo@hoster.example", "--to", "b@example.net"};
        assertThat(verdict(message, "--cert-subject", "mail.customer.hoster.example"))
                .isEqualTo("verdict    reject, protected-sender");
        assertThat(out.toString().lines())
                .contains(
                        "connector  hoster/all: no match: *.hoster.example does not match certificate name"
                                + " mail.customer.hoster.example, which is at or below customer.hoster.example, an accepted domain of customer");
        assertThat(verdict(message, "--cert-subject", "out.hoster.example"))
                .isEqualTo("verdict    reject, domain-not-accepted");
        assertThat(out.toString().lines())
                .contains(
                        "connector  hoster/all: no match: *.hoster.example does not match certificate name out.hoster.example,"
                                + " which is a certificate name of customer/hq",
                        "no         customer/hq: certificate name out.hoster.example belongs to hoster, not to customer");
        String[] bounce = {"--from", "", "--to", "b@example.net"};
        assertThat(verdict(bounce, "--cert-subject", "old.customer.hoster.example"))
                .isEqualTo("verdict    reject, null-sender");
        assertThat(out.toString().lines())
                .contains(
                        "no         hoster/one: certificate name old.customer.hoster.example belongs to customer, not to hoster");
    }

    @Test
    @DisplayName(
            "says of a domain that only mapping makes an accepted one why it does not count, and answers in the stranger's words")
    void mappedDomains() {
        assertThat(run(
                        "--client-address",
                        "198.51.100.3",
                        "--from",
                        "a@fabri\u00adkam.com",
                        "--to",
                        "b@con\u00adtoso.com"))
                .isZero();
        assertThat(out.toString().lines())
                .contains(
                        "no         the recipient is relayed: contoso.com (only after Unicode mapping, which permits"
                                + " nothing)",
                        "no         fabrikam/branch: sender fabrikam.com (only after Unicode mapping, which permits nothing) is not"
                                + " in sender-domains",
                        "reply      550 5.7.1 Relay access denied: fabri?kam.com is not an accepted domain for this"
                                + " mail server");
    }

    @Test
    @DisplayName("reads Sendmail's macros as the daemon does, and says why a certificate does not count")
    void sendmail() {
        run(
                "--mta",
                "sendmail",
                "--client-address",
                "192.0.2.7",
                "--cert-subject",
                "mail.contoso.com",
                "--from",
                "a@contoso.com",
                "--to",
                "b@example.net");
        run(
                "--mta",
                "sendmail",
                "--cert-subject",
                "mail.contoso.com",
                "--verify",
                "FAIL",
                "--from",
                "a@contoso.com",
                "--to",
                "b@example.net");
        assertThat(out.toString().lines())
                .contains(
                        "client     192.0.2.7, encrypted",
                        "           the MTA does not report whether it verified the certificate, so the name does not count;"
                                + " have it send {verify}, {cn_subject} and {cn_issuer} (Sendmail: confMILTER_MACROS_HELO)",
                        "           the MTA did not verify the certificate (verify=FAIL)")
                .noneMatch(line -> line.startsWith("verdict    accept"));
        run(
                "--mta",
                "sendmail",
                "--cert-subject",
                "mail.contoso.com",
                "--verify",
                "OK",
                "--from",
                "a@contoso.com",
                "--to",
                "b@example.net");
        assertThat(out.toString()).contains("verdict    accept, sender-domain");
    }

    @Test
    @DisplayName("counts a recipient without a domain as local if the MTA's mailer says so, and says so of each")
    void mailer() {
        assertThat(run(
                        "--mta",
                        "sendmail",
                        "--from",
                        "a@example.org",
                        "--to",
                        "joe",
                        "--resolved-to",
                        "joe",
                        "--to-mailer",
                        "local",
                        "--to",
                        "joe",
                        "--resolved-to",
                        "joe",
                        "--to-mailer",
                        "esmtp"))
                .isZero();
        assertThat(out.toString().lines().filter(line -> line.startsWith("recipient") || line.startsWith("verdict")))
                .containsExactly(
                        "recipient  <joe>", "verdict    accept, inbound",
                        "recipient  <joe>", "verdict    reject, not-identified");
        run(
                "--mta",
                "sendmail",
                "--client-address",
                "IPv6:2001:db8:42:0:0:0:0:1",
                "--from",
                "a@fabrikam.com",
                "--to",
                "a%b@example.net",
                "--resolved-to",
                "",
                "--to-mailer",
                "");
        assertThat(out.toString()).contains("verdict    accept, sender-domain");
        assertThat(run("--from", "a@x", "--to", "b@y", "--to", "c@y", "--to-mailer", "local"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("Give --to-mailer as often as --to, or not at all");
    }

    @Test
    @DisplayName("prints a reply as Sendmail's client sees it, with the recipient in it")
    void sendmailReply() throws IOException {
        Files.writeString(
                config,
                "\nreplies { protected-sender = [ \"550 5.7.1 Not yours\", \"Ask us\" ], tls-required = \"554 5.7.1 No\" }\n",
                StandardOpenOption.APPEND);
        String longest = "x".repeat(300) + "@example.net";
        run(
                "--mta",
                "sendmail",
                "--client-address",
                "192.0.2.7",
                "--from",
                "a@contoso.com",
                "--to",
                "b@example.net",
                "--to",
                longest);
        run(
                "--mta",
                "sendmail",
                "--client-address",
                "192.0.2.7",
                "--cert-subject",
                "mail.contoso.com",
                "--verify",
                "OK",
                "--from",
                "a@fabrikam.com",
                "--to",
                "b@example.net");
        run("--mta", "sendmail", "--client-address", "192.0.2.8", "--from", "a@fabrikam.com", "--to", "b@example.net");
        String refusal = "Relay access denied: 192.0.2.7 is not a known customer mail server";
        assertThat(out.toString()
                        .lines()
                        .filter(line -> line.startsWith("reply"))
                        .map(line -> line.substring(11)))
                .containsExactly(
                        "550 5.7.1 <b@example.net>... " + refusal,
                        "550 5.7.1 <" + "x".repeat(99) + "..." + "x".repeat(87) + "@example.net>... " + refusal,
                        "550-5.7.1 <b@example.net>... Not yours",
                        "550 5.7.1 Ask us",
                        "554 5.7.1 No");
    }

    @Test
    @DisplayName("prints JSON for programs")
    void json() {
        assertThat(run(
                        "--client-address",
                        "198.51.100.3",
                        "--from",
                        "a@fabrikam.com",
                        "--to",
                        "b@example.net",
                        "--json"))
                .isZero();
        Config answer = ConfigFactory.parseString(out.toString());
        Config recipient = answer.getConfigList("recipients").get(0);
        assertThat(answer.getString("client")).isEqualTo("198.51.100.3, not encrypted");
        assertThat(recipient.getString("recipient")).isEqualTo("<b@example.net>");
        assertThat(recipient.getString("verdict")).isEqualTo("accept");
        assertThat(recipient.getString("cause")).isEqualTo("sender-domain");
        assertThat(recipient.getString("organization")).isEqualTo("fabrikam");
        assertThat(recipient.getString("connector")).isEqualTo("branch");
        assertThat(recipient.getConfigList("connectors")).hasSize(5);
        assertThat(recipient.getConfigList("connectors").stream()
                        .map(it -> it.getString("organization") + "/" + it.getString("connector") + " "
                                + it.getBoolean("identifies") + " "
                                + it.getConfigList("reasons").get(0).getString("reason")))
                .containsExactly(
                        "contoso/headquarters false no-verified-name",
                        "contoso/issued false no-verified-name",
                        "contoso/off false disabled",
                        "fabrikam/branch true address",
                        "fabrikam/encrypted false other-address");
        assertThat(recipient.getConfigList("facts").stream()
                        .map(it -> it.getString("fact") + " " + it.getBoolean("holds")))
                .containsExactly(
                        "login false",
                        "exempt-client false",
                        "recipient-well-formed true",
                        "sender-well-formed true",
                        "inbound false",
                        "identified true",
                        "sender-within-limit true",
                        "sender-domain true");
        assertThat(recipient.getConfigList("facts").get(7).getString("text"))
                .isEqualTo("fabrikam/branch: sender fabrikam.com is an accepted domain of fabrikam");
        assertThat(recipient.getConfigList("facts").get(7).getString("connector"))
                .isEqualTo("branch");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "[192.0.2.1]:25",
                "192.0.2.1:25",
                "[192.0.2.1]",
                "192.0.2.0/24",
                "mail.contoso.com",
                "",
                "192.0.2.1 ",
                "UNKNOWN"
            })
    @DisplayName("refuses what no MTA reports for a client's address")
    void noClientAddress(String address) {
        assertThat(run("--client-address", address, "--from", "a@fabrikam.com", "--to", "b@example.net"))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .startsWith(
                        "Give --client-address an IPv4 or IPv6 address, or unknown, and no port or brackets: no MTA reports \""
                                + address + "\"");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"unknown", "198.51.100.3", "2001:db8:42::1", "IPv6:2001:db8:42::1", "::ffff:198.51.100.3"})
    @DisplayName("takes what an MTA reports for a client's address")
    void clientAddress(String address) {
        assertThat(run("--client-address", address, "--from", "a@fabrikam.com", "--to", "b@example.net"))
                .isZero();
        assertThat(out.toString()).contains("verdict    " + (address.equals("unknown") ? "reject" : "accept"));
    }

    @Test
    @DisplayName("says what is wrong with its arguments and with the configuration")
    void errors() throws IOException {
        assertThat(run("--from", "a@x", "--to", "b@y", "--to", "c@y", "--resolved-to", "b@y"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("Give --resolved-to as often as --to, or not at all");
        Files.writeString(config, "listen = 1");
        assertThat(run("--from", "a@x", "--to", "b@y")).isEqualTo(1);
        assertThat(err.toString()).contains(config + ":1: listen");
    }
}
