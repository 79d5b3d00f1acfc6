package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("orgmilter explain, in sentences,")
final class ExplainSentencesTest {

    private CommandRun explain;

    @BeforeEach
    void configuration(@TempDir Path folder) throws IOException {
        explain = TwoOrganizations.explain(folder);
    }

    @Test
    @DisplayName("says for every connector why it does not identify the client")
    void whyNot() {
        assertThat(explain.run(
                        "--client-address",
                        "192.0.2.7",
                        "--cert-subject",
                        "mail.contoso.org",
                        "--from",
                        "a@contoso.com",
                        "--to",
                        "b@example.net"))
                .isZero();
        assertThat(explain.out().lines())
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
        assertThat(explain.run(
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
        assertThat(explain.out().lines())
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
        explain.run(
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
        explain.run(
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
        explain.run(
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
        explain.run("--client-address", "192.0.2.8", "--from", "<>", "--to", "postmaster", "--sasl", "joe");
        assertThat(explain.out().lines())
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
    @DisplayName(
            "says of a domain that only mapping makes an accepted one why it does not count, and answers in the stranger's words")
    void mappedDomains() {
        assertThat(explain.run(
                        "--client-address",
                        "198.51.100.3",
                        "--from",
                        "a@fabri\u00adkam.com",
                        "--to",
                        "b@con\u00adtoso.com"))
                .isZero();
        assertThat(explain.out().lines())
                .contains(
                        "no         the recipient is relayed: contoso.com (only after Unicode mapping, which permits"
                                + " nothing)",
                        "no         fabrikam/branch: sender fabrikam.com (only after Unicode mapping, which permits nothing) is not"
                                + " in sender-domains",
                        "reply      550 5.7.1 Relay access denied: fabri?kam.com is not an accepted domain for this"
                                + " mail server");
    }

    @Test
    @DisplayName("explains each partner that the sender concerns")
    void partners() throws IOException {
        explain.configure(explain.configuration()
                .replace(
                        "accepted-domains = [ \"contoso.com\" ]",
                        "accepted-domains = [ \"contoso.com\" ], partners { bank { sender-domains = [ \"bank.example\" ],"
                                + " certificate-names = [ \"mail.bank.example\" ], issuers = [ \"Good CA\" ] },"
                                + " any { sender-domains = [ \"*\" ], require-tls = true } }"));
        String[] mail = {"--from", "a@bank.example", "--to", "b@contoso.com"};
        explain.run(mail, "--cert-subject", "mail.bank.example", "--cert-issuer", "Evil CA");
        assertThat(explain.out())
                .contains("verdict    reject, partner-restriction\n")
                .contains(
                        "reply      550 5.7.1 Access denied: mail from bank.example must come from its registered servers\n")
                .contains(
                        "no         partner bank of contoso: sender bank.example is one of its senders, and the issuer is Evil CA,"
                                + " not Good CA\n")
                .doesNotContain("partner any");
        explain.run(mail, "--cert-subject", "mail.bank.example", "--cert-issuer", "Good CA");
        assertThat(explain.out())
                .contains("verdict    accept, inbound\n")
                .contains(
                        "yes        partner bank of contoso: sender bank.example is one of its senders, and the client is one of"
                                + " its servers\n");
        explain.run("--json", "--from", "a@example.org", "--to", "b@contoso.com");
        assertThat(explain.out()).contains("\"cause\" : \"tls-required\"").contains("\"fact\" : \"partner\"");
    }
}
