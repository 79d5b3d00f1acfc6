package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("orgmilter who")
final class WhoCommandTest {

    private CommandRun who;

    @BeforeEach
    void configuration(@TempDir Path folder) throws IOException {
        who = new CommandRun("who", folder, """
                listen = [ "inet:10033@127.0.0.1" ]
                local-domains = [ "mx1.example.net" ]
                trusted-logins = [ "*@staff.example" ]
                exempt-clients = [ "192.0.2.250" ]
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com", { domain = "contoso.example", subdomains = true } ]
                    header-from = relay
                    connectors {
                      headquarters { certificate-names = [ "mail.contoso.com", "*.contoso.example" ], issuers = [ "Good CA" ] }
                      branch { addresses = [ "198.51.100.0/28" ], logins = [ "relay@contoso.com" ], require-tls = true }
                      shop { addresses = [ "198.51.100.20" ], sender-domains = [ "contoso.com" ] }
                      old { addresses = [ "198.51.100.30" ], enabled = false }
                    }
                  }
                  fabrikam {
                    accepted-domains = [ "fabrikam.com" ]
                    sender-protection = off
                    connectors {
                      any { addresses = [ "203.0.113.7" ], require-accepted-domain = false, allow-null-sender = true }
                      trial { addresses = [ "203.0.113.8" ], mode = audit }
                    }
                  }
                  northwind {
                    accepted-domains = [ "northwind.example" ]
                    sender-protection = all
                    connectors.mail { certificate-names = [ "mail.northwind.example" ] }
                  }
                }
                """);
    }

    @Test
    @DisplayName("lists the owner's connectors for a domain that is protected")
    void protectedDomain() {
        assertThat(who.run("contoso.com")).isZero();
        assertThat(who.out()).isEqualTo("""
                contoso.com is an accepted domain of contoso

                To recipients outside (relay):
                  7.2, step 1  any client that has logged in as *@staff.example (trusted-logins)
                  7.2, step 2  any client with an address in 192.0.2.250 (exempt-clients)
                  4.1, way 1   contoso/headquarters: certificate name mail.contoso.com or *.contoso.example (not the names that other organizations have below, 3.2), issued by Good CA
                  4.1, way 1   contoso/branch: login relay@contoso.com, and client address in 198.51.100.0/28, and an encrypted connection
                  4.1, way 1   contoso/shop: client address in 198.51.100.20
                  5.1          nobody else: sender-protection of contoso is relay

                To recipients in accepted and local domains (inbound):
                  7.2, step 1  any client that has logged in as *@staff.example (trusted-logins)
                  7.2, step 2  any client with an address in 192.0.2.250 (exempt-clients)
                  5.1          anybody: sender-protection of contoso is relay

                In From fields:
                  14.1         only clients that a connector of contoso identifies, trusted logins and exempt clients, if a recipient is outside (header-from = relay)
                """);
    }

    @Test
    @DisplayName("lists other organizations' connectors where nothing is in their way")
    void unprotectedDomain() {
        assertThat(who.run("--relay", "fabrikam.com")).isZero();
        assertThat(who.out()).isEqualTo("""
                fabrikam.com is an accepted domain of fabrikam

                To recipients outside (relay):
                  7.2, step 1  any client that has logged in as *@staff.example (trusted-logins)
                  7.2, step 2  any client with an address in 192.0.2.250 (exempt-clients)
                  4.1, way 2   contoso/headquarters: certificate name mail.contoso.com or *.contoso.example (not the names that other organizations have below, 3.2), issued by Good CA; the certificate's name must be in a domain of contoso
                  4.1, way 1   fabrikam/any: client address in 203.0.113.7
                  4.1, way 1   fabrikam/trial: client address in 203.0.113.8
                  4.1, way 2   northwind/mail: certificate name mail.northwind.example
                  5.1          nobody else; other organizations' connectors are in the list: sender-protection of fabrikam is off

                In From fields:
                  14.1         anybody, whatever the envelope sender is: header-from of fabrikam is off
                """);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "outside.example   | relay   | 4.1, way 3   fabrikam/any: client address in 203.0.113.7",
                "outside.example   | relay   | 8.2          fabrikam/trial: client address in 203.0.113.8; in audit: while each connector that"
                        + " identifies the client is, and no way of 4.1 holds",
                "outside.example   | inbound | 5.1          anybody: no organization protects it",
                "outside.example   | relay   | outside.example belongs to no organization",
                "mx1.example.net   | inbound | mx1.example.net is a local domain, and belongs to no organization",
                "northwind.example | inbound | 5.1          northwind/mail: certificate name mail.northwind.example",
                "northwind.example | inbound | 5.1          nobody else: sender-protection of northwind is all",
                "sub.contoso.example | relay | 4.1, way 1   contoso/branch:",
                "<>                | relay   | 4.1, way 3   fabrikam/any: client address in 203.0.113.7",
                "<>                | relay   | 4.1, way 2   northwind/mail: certificate name mail.northwind.example",
                "<>                | inbound | 5.1          anybody: no organization protects it"
            })
    @DisplayName("has a line for each rule")
    void lines(String domain, String mail, String line) {
        who.run("--" + mail, domain);
        assertThat(who.out()).contains(line);
    }

    @Test
    @DisplayName("lists the organizations whose partners restrict such senders, by the closest entry")
    void partners() throws IOException {
        who.configure(
                who.configuration()
                        .replace("header-from = relay", """
                        header-from = relay
                        partners {
                          bank { sender-domains = [ { domain = "bank.example", subdomains = true } ], certificate-names = [ "*.bank.example" ], issuers = [ "Good CA" ] }
                          branch { sender-domains = [ "sub.bank.example" ], addresses = [ "192.0.2.0/28" ], require-tls = true }
                          filter { sender-domains = [ "*" ], addresses = [ "203.0.113.50" ] }
                        }
                        """)
                        .replace(
                                "sender-protection = off",
                                "sender-protection = off, mode = audit, partners.p { sender-domains = [ \"*\" ], require-tls = true }"));
        String restricted = "\nWhere the recipient's organization has partners for such senders:\n";
        String contoso = "those that a connector of contoso identifies, trusted logins and exempt clients\n";
        String fabrikam =
                "  15.1         to recipients of fabrikam: only clients of its partner p (an encrypted connection), those that a connector"
                        + " of fabrikam identifies, trusted logins and exempt clients; in audit\n";
        who.run("--inbound", "mail.bank.example");
        assertThat(who.out())
                .contains("5.1          anybody: no organization protects it\n" + restricted
                        + "  15.1         to recipients of contoso: only clients of its partner bank (certificate name *.bank.example, and a verified"
                        + " certificate issued by Good CA), " + contoso + fabrikam);
        who.forget();
        who.run("--inbound", "sub.bank.example");
        assertThat(who.out())
                .contains("partner branch (client address in 192.0.2.0/28, and an encrypted connection), " + contoso);
        who.forget();
        who.run("--inbound", "outside.example");
        assertThat(who.out()).contains("partner filter (client address in 203.0.113.50), " + contoso);
        who.forget();
        who.run("--inbound", "mx1.example.net");
        assertThat(who.out()).doesNotContain("partner");
        who.run("--inbound", "<>");
        assertThat(who.out()).doesNotContain("partner");
        who.run("--connector", "contoso/shop");
        assertThat(who.out())
                .contains(
                        "and only from where the partners of another organization allow, if it is the recipient's (15.1)");
        who.forget();
        who.run("--json", "mail.bank.example");
        Config entry = ConfigFactory.parseString(who.out())
                .getConfigList("partners.entries")
                .get(0);
        assertThat(entry.getString("organization")).isEqualTo("contoso");
        assertThat(entry.getConfigList("partners").get(0).getStringList("names"))
                .containsExactly("*.bank.example");
    }

    @Test
    @DisplayName("says that nobody is refused while the service is in audit, and lists connectors all the same")
    void audit() throws IOException {
        who.configure("mode = audit\n" + who.configuration());
        who.run("contoso.com");
        assertThat(who.out())
                .contains("8.2          anybody: the whole service is in audit, and refuses nobody (mode = audit)")
                .contains("contoso/shop")
                .doesNotContain("nobody else");
    }

    @Test
    @DisplayName("counts what is over the limit")
    void limit() {
        who.run("--limit", "1", "--relay", "contoso.com");
        assertThat(who.out())
                .contains("contoso/headquarters")
                .doesNotContain("contoso/shop")
                .contains("and 2 more; --limit=0 lists all");
        who.run("--limit", "1", "--json", "--relay", "contoso.com");
        assertThat(who.out()).contains("\"more\" : 2");
    }

    @Test
    @DisplayName("prints JSON with codes")
    void json() {
        assertThat(who.run("--json", "contoso.com")).isZero();
        Config answer = ConfigFactory.parseString(who.out());
        assertThat(answer.getString("sender")).isEqualTo("contoso.com");
        assertThat(answer.getConfigList("owners").get(0).getString("sender-protection"))
                .isEqualTo("relay");
        List<? extends Config> relay = answer.getConfigList("relay.entries");
        assertThat(relay)
                .extracting(entry -> entry.getString("code"))
                .containsExactly(
                        "authenticated",
                        "exempt-client",
                        "sender-domain",
                        "sender-domain",
                        "sender-domain",
                        "nobody-else");
        Config headquarters = relay.get(2);
        assertThat(headquarters.getString("rule")).isEqualTo("4.1, way 1");
        assertThat(headquarters.getString("connector")).isEqualTo("headquarters");
        assertThat(headquarters.getConfigList("identity.certificates").get(1).getString("name"))
                .isEqualTo("*.contoso.example");
        assertThat(headquarters.getStringList("identity.issuers")).containsExactly("Good CA");
        assertThat(answer.getConfigList("inbound.entries").get(2).getString("code"))
                .isEqualTo("anybody");
        assertThat(answer.getConfigList("header-from.entries").get(0).getString("rule"))
                .isEqualTo("14.1");
    }

    @Test
    @DisplayName("shows what a connector's servers may do")
    void connector() {
        assertThat(who.run("--connector", "contoso/shop")).isZero();
        assertThat(who.out()).isEqualTo("""
                contoso/shop: client address in 198.51.100.20

                Relay as the domains of its organization:
                  4.1, way 1   contoso.com
                  4.2          contoso.example and below: no, it is not in sender-domains

                Relay as any other domain:
                  4.1          no

                Relay with the null sender:
                  4.3          no

                To recipients in accepted and local domains:
                  7.2, step 7  as any domain, but not as one of another organization whose sender-protection is all
                """);
    }

    @Test
    @DisplayName("shows a connector that may relay for others, and one that is disabled")
    void otherConnectors() {
        who.run("--connector", "fabrikam/any");
        assertThat(who.out())
                .contains(
                        "4.1, way 3   as any domain of no organization, and of other organizations whose sender-protection is off\n")
                .contains("Relay with the null sender:\n  4.1, way 3   yes\n");
        who.run("--connector", "contoso/old");
        assertThat(who.out()).endsWith("contoso/old: identifies no client: it is disabled (enabled = false)\n");
        who.run("--json", "--connector", "contoso/headquarters");
        assertThat(who.out()).contains("\"code\" : \"certificate-domain\"");
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a@contoso.com      | ''           | 1 | is a mail address, not a domain name; write \"contoso.com\"",
                "--connector        | contoso      | 2 | \"contoso\" is not a connector's name; write its organization, / and its own name",
                "--connector        | contoso/none | 1 | there is no connector contoso/none; the organization contoso has others",
                "--connector        | none/none    | 1 | there is no organization none either",
                "--relay            | ''           | 2 | Give a domain, or --connector with a name such as contoso/headquarters",
                "--limit=-1         | contoso.com  | 2 | Give --limit a number from 0 on",
                "--relay --connector| contoso/shop | 2 | Give --relay and --inbound with a domain only"
            })
    @DisplayName("says what is wrong with a question")
    void mistakes(String options, String value, int status, String message) {
        List<String> arguments = new ArrayList<>(List.of(options.split(" ")));
        if (!value.isEmpty()) {
            arguments.add(value);
        }
        assertThat(who.run(arguments.toArray(String[]::new))).isEqualTo(status);
        assertThat(who.err()).contains(message);
    }
}
