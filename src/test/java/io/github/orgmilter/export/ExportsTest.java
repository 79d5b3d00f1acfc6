package io.github.orgmilter.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Mta;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("An export")
final class ExportsTest {

    private static final String CONFIGURATION = """
            listen = [ "inet:10033@127.0.0.1", "inet:10034@127.0.0.1" ]
            exempt-clients = [ "192.0.2.99" ]
            local-domains = [ "mx2.example.net", "mx1.example.net" ]
            organizations {
              fabrikam {
                accepted-domains = [ { domain = "fabrikam.com", subdomains = true }, "sub.fabrikam.com" ]
                connectors {
                  office { addresses = [ "203.0.113.16/28", "2001:db8:42::/48" ], require-tls = true }
                  retired { addresses = [ "203.0.113.99" ], enabled = false }
                }
              }
              contoso {
                accepted-domains = [ "contoso.com", "bücher.example", "faß.example" ]
                connectors {
                  headquarters { certificate-names = [ "mail.contoso.com" ] }
                  vault { certificate-names = [ "vault.contoso.com" ], addresses = [ "203.0.113.200" ] }
                  branch { addresses = [ "192.0.2.4/30", "192.0.2.0-192.0.2.3" ] }
                }
              }
            }
            """;

    @TempDir
    private Path folder;

    private Configuration configuration(String hocon) throws Exception {
        return Configuration.load(Files.writeString(folder.resolve("orgmilter.conf"), hocon));
    }

    private static List<ExportedFile> export(Mta mta, Configuration configuration) throws ExportException {
        return Exports.of(mta, configuration, Path.of("/etc/orgmilter/orgmilter.conf"));
    }

    /** What of a file is no comment. */
    private static List<String> lines(List<ExportedFile> files, String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .flatMap(file -> file.text().lines())
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("dnl"))
                .toList();
    }

    private static String text(List<ExportedFile> files, String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private Optional<String> whyStale(String exported, String hocon) throws Exception {
        return Exports.whyStale(Files.writeString(folder.resolve("exported"), exported), configuration(hocon));
    }

    @Test
    @DisplayName(
            "for Postfix has the addresses of enabled address connectors and exempt clients, joined, and no others")
    void cidr() throws Exception {
        assertThat(lines(export(Mta.POSTFIX, configuration(CONFIGURATION)), "orgmilter.cidr"))
                .containsExactly("192.0.2.0/29 OK", "192.0.2.99 OK", "203.0.113.16/28 OK", "2001:db8:42::/48 OK");
    }

    @Test
    @DisplayName(
            "for Postfix has the domains in A-labels and U-labels, but no U-label that Postfix takes for another name")
    void relayDomains() throws Exception {
        List<ExportedFile> files = export(Mta.POSTFIX, configuration(CONFIGURATION));
        assertThat(lines(files, "orgmilter-relay-domains"))
                .containsExactly(
                        "contoso.com OK",
                        "fabrikam.com OK",
                        ".fabrikam.com OK",
                        "sub.fabrikam.com OK",
                        "xn--bcher-kva.example OK",
                        "bücher.example OK",
                        "xn--fa-hia.example OK");
        assertThat(text(files, "orgmilter-relay-domains")).contains("\n# faß.example: only as an A-label.");
    }

    @Test
    @DisplayName("for Postfix has the lines of the tight gate, wired to the first listener")
    void gate() throws Exception {
        List<ExportedFile> files = export(Mta.POSTFIX, configuration(CONFIGURATION));
        assertThat(lines(files, "orgmilter-main.cf"))
                .containsExactly(
                        "relay_domains = texthash:$config_directory/orgmilter-relay-domains",
                        "parent_domain_matches_subdomains =",
                        "smtpd_forbid_bare_newline = normalize",
                        "smtpd_forbid_bare_newline_exclusions =",
                        "smtpd_tls_ask_ccert = yes",
                        "milter_default_action = tempfail");
        assertThat(text(files, "orgmilter-main.cf")).contains("\n#   mx1.example.net\n#   mx2.example.net\n");
        assertThat(lines(files, "orgmilter-master.cf"))
                .containsExactly(
                        "smtp      inet  n       -       n       -       -       smtpd",
                        "  -o { smtpd_milters = { inet:127.0.0.1:10033, connect_timeout=5s, command_timeout=5s,"
                                + " content_timeout=5s, default_action=tempfail } }",
                        "  -o { smtpd_relay_restrictions = check_client_access cidr:$config_directory/orgmilter.cidr,"
                                + " permit_tls_all_clientcerts, permit_sasl_authenticated, reject_unauth_destination }");
    }

    @Test
    @DisplayName("lets certificates in only if an enabled connector wants one, and logins only if they are trusted")
    void narrowGate() throws Exception {
        Configuration configuration = configuration("""
                trust-authenticated = false
                organizations { contoso { accepted-domains = [ "contoso.com" ], connectors {
                  hq { certificate-names = [ "mail.contoso.com" ], enabled = false }
                } } }
                """);
        List<ExportedFile> files = export(Mta.POSTFIX, configuration);
        assertThat(lines(files, "orgmilter.cidr")).isEmpty();
        assertThat(lines(files, "orgmilter-main.cf")).noneMatch(line -> line.startsWith("smtpd_tls_ask_ccert"));
        assertThat(lines(files, "orgmilter-master.cf").get(2))
                .isEqualTo(
                        "  -o { smtpd_relay_restrictions = check_client_access cidr:$config_directory/orgmilter.cidr,"
                                + " reject_unauth_destination }");
        assertThat(lines(export(Mta.SENDMAIL, configuration), "orgmilter-gate.m4"))
                .noneMatch(line -> line.contains("Local_Relay_Auth"));
    }

    @Test
    @DisplayName("has clients asked for certificates that partners want, and lets none of their servers relay")
    void partners() throws Exception {
        Configuration configuration = configuration("""
                trust-authenticated = false
                organizations.contoso { accepted-domains = [ "contoso.com" ], partners {
                  a { sender-domains = [ "a.example" ], addresses = [ "192.0.2.1" ], issuers = [ "CA" ] }
                } }
                """);
        List<ExportedFile> files = export(Mta.POSTFIX, configuration);
        assertThat(lines(files, "orgmilter.cidr")).isEmpty();
        assertThat(lines(files, "orgmilter-main.cf")).containsOnlyOnce("smtpd_tls_ask_ccert = yes");
        assertThat(lines(files, "orgmilter-master.cf").get(2)).doesNotContain("clientcerts");
        assertThat(lines(export(Mta.SENDMAIL, configuration), "orgmilter-access"))
                .noneMatch(line -> line.startsWith("Connect:"));
        assertThat(lines(export(Mta.SENDMAIL, configuration), "orgmilter-gate.m4"))
                .noneMatch(line -> line.contains("Local_Relay_Auth"));
    }

    @ParameterizedTest(name = "{0}: Postfix has {1}, Sendmail {2}")
    @CsvSource({
        "inet:10033@127.0.0.1, inet:127.0.0.1:10033, inet:10033@127.0.0.1",
        "inet:10033@localhost, inet:localhost:10033, inet:10033@localhost",
        "inet6:10033@::1, inet:[::1]:10033, inet6:10033@::1",
        "inet:10033@0.0.0.0, inet:127.0.0.1:10033, inet:10033@127.0.0.1",
        "inet6:10033@::, inet:[::1]:10033, inet6:10033@::1",
        "unix:/var/spool/postfix/orgmilter/orgmilter.sock, unix:orgmilter/orgmilter.sock,"
                + " local:/var/spool/postfix/orgmilter/orgmilter.sock",
        "unix:/run/orgmilter/o.sock, unix:/run/orgmilter/o.sock, local:/run/orgmilter/o.sock",
        "unix:/var/spool/postfixed/o.sock, unix:/var/spool/postfixed/o.sock, local:/var/spool/postfixed/o.sock",
    })
    void sockets(String listen, String postfix, String sendmail) throws Exception {
        Configuration configuration = configuration(CONFIGURATION.replace("inet:10033@127.0.0.1", listen));
        assertThat(text(export(Mta.POSTFIX, configuration), "orgmilter-master.cf"))
                .contains("smtpd_milters = { " + postfix + ", connect_timeout");
        assertThat(text(export(Mta.SENDMAIL, configuration), "orgmilter-gate.m4"))
                .contains("`S=" + sendmail + ", F=T, T=C:5s");
    }

    @ParameterizedTest
    @CsvSource({
        "inet:0@127.0.0.1, 'the first socket of listen has port 0, which is another one at each start;"
                + " write a port of its own'",
        "'unix:/run/a b.sock', 'the first socket of listen, /run/a b.sock, would need quoting in the MTA''s files;"
                + " use a path of letters, digits and _ . / + @ : -'",
        "'unix:/run/$a.sock', 'the first socket of listen, /run/$a.sock, would need quoting in the MTA''s files;"
                + " use a path of letters, digits and _ . / + @ : -'",
    })
    @DisplayName("of a socket that has no form there is refused")
    void badSockets(String listen, String message) throws Exception {
        Configuration configuration = configuration(CONFIGURATION.replace("inet:10033@127.0.0.1", listen));
        for (Mta mta : Mta.values()) {
            assertThatThrownBy(() -> export(mta, configuration))
                    .isInstanceOf(ExportException.class)
                    .hasMessage(message);
        }
    }

    @Test
    @DisplayName("for Sendmail has whole octets and groups, and stops names below a domain that is accepted alone")
    void access() throws Exception {
        assertThat(lines(export(Mta.SENDMAIL, configuration(CONFIGURATION)), "orgmilter-access"))
                .startsWith("Connect:192.0.2.0\tRELAY", "Connect:192.0.2.1\tRELAY")
                .contains("Connect:192.0.2.99\tRELAY", "Connect:203.0.113.31\tRELAY")
                .doesNotContain("Connect:203.0.113.99\tRELAY", "Connect:203.0.113.200\tRELAY")
                .endsWith(
                        "Connect:IPv6:2001:db8:42\tRELAY",
                        "To:contoso.com\tRELAY",
                        "To:.contoso.com\tSKIP",
                        "To:fabrikam.com\tRELAY",
                        "To:sub.fabrikam.com\tRELAY",
                        "To:xn--bcher-kva.example\tRELAY",
                        "To:.xn--bcher-kva.example\tSKIP",
                        "To:bücher.example\tRELAY",
                        "To:.bücher.example\tSKIP",
                        "To:xn--fa-hia.example\tRELAY",
                        "To:.xn--fa-hia.example\tSKIP",
                        "To:faß.example\tRELAY",
                        "To:.faß.example\tSKIP")
                .hasSize(8 + 1 + 16 + 1 + 12);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("says where it comes from and how to check it, and is the same octets each time")
    void header(Mta mta) throws Exception {
        Configuration configuration = configuration(CONFIGURATION);
        List<ExportedFile> files = Exports.of(mta, configuration, Path.of("/etc/orgmilter/evil\nrelay.conf"));
        assertThat(files).isEqualTo(Exports.of(mta, configuration, Path.of("/etc/orgmilter/evil\nrelay.conf")));
        assertThat(files).extracting(ExportedFile::name).containsExactlyElementsOf(Exports.files(mta));
        assertThat(files)
                .allSatisfy(file -> assertThat(file.text())
                        .contains(
                                " Made from revision " + configuration.policy().revision() + " of")
                        .contains("  orgmilter export " + mta + " --config /etc/orgmilter/evil?relay.conf\n")
                        .contains("  orgmilter check --config /etc/orgmilter/evil?relay.conf --exported " + file.name()
                                + "\n")
                        .doesNotContain("\nrelay.conf"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is current, each file alone and all of them in one text, as long as only comments and order change")
    void current(Mta mta) throws Exception {
        List<ExportedFile> files = export(mta, configuration(CONFIGURATION));
        String rewritten = "# another comment, another revision\n"
                + CONFIGURATION
                        .replace("\"192.0.2.4/30\", \"192.0.2.0-192.0.2.3\"", "\"192.0.2.0/29\"")
                        .replace("fabrikam {", "a-fabrikam {");
        assertThat(configuration(rewritten).policy().revision())
                .isNotEqualTo(configuration(CONFIGURATION).policy().revision());
        for (ExportedFile file : files) {
            assertThat(whyStale(file.text(), rewritten)).as(file.name()).isEmpty();
            assertThat(whyStale(file.text().replace("\n", "\r\n").replace("\t", "   "), rewritten))
                    .isEmpty();
        }
        assertThat(whyStale(Exports.asOneText(files), rewritten)).isEmpty();
    }

    @ParameterizedTest(name = "{0} with {1} -> {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "orgmilter.cidr | 203.0.113.16/28 | 203.0.113.32/28 | orgmilter.cidr lacks 203.0.113.32/28,"
                        + " and has 203.0.113.16/28, which the configuration does not",
                "orgmilter.cidr | , enabled = false | | orgmilter.cidr lacks 203.0.113.99",
                "orgmilter.cidr | exempt-clients = [ \"192.0.2.99\" ] | | orgmilter.cidr has 192.0.2.99,"
                        + " which the configuration does not",
                "orgmilter.cidr | [ \"192.0.2.99\" ] | [ 192.0.2.11, 192.0.2.13, 192.0.2.15, 192.0.2.17, 192.0.2.19 ] |"
                        + " orgmilter.cidr lacks 192.0.2.11, 192.0.2.13, 192.0.2.15 and 2 more,"
                        + " and has 192.0.2.99, which the configuration does not",
                "orgmilter-relay-domains | \"contoso.com\" | \"contoso.net\" | orgmilter-relay-domains lacks contoso.net,"
                        + " and has contoso.com, which the configuration does not",
                "orgmilter-relay-domains | , subdomains = true | | orgmilter-relay-domains has .fabrikam.com,"
                        + " which the configuration does not",
                "orgmilter-master.cf | inet:10033@ | inet:10035@ | orgmilter-master.cf lacks -o { smtpd_milters ="
                        + " { inet:127.0.0.1:10035, connect_timeout=5s, command_timeout=5s, content_timeout=5s,"
                        + " default_action=tempfail } }, and has -o { smtpd_milters = { inet:127.0.0.1:10033, connect_timeout=5s,"
                        + " command_timeout=5s, content_timeout=5s, default_action=tempfail } }, which the configuration does not",
                "orgmilter-master.cf | inet:10033@ | inet:0@ | , and cannot be made anew: the first socket of listen has port 0,"
                        + " which is another one at each start; write a port of its own",
                "orgmilter-access | 2001:db8:42:: | 2001:db8:43:: | orgmilter-access lacks Connect:IPv6:2001:db8:43,"
                        + " and has Connect:IPv6:2001:db8:42, which the configuration does not",
            })
    void stale(String file, String old, String changed, String difference) throws Exception {
        Mta mta = Exports.files(Mta.POSTFIX).contains(file) ? Mta.POSTFIX : Mta.SENDMAIL;
        List<ExportedFile> files = export(mta, configuration(CONFIGURATION));
        String hocon = CONFIGURATION.replace(old, changed == null ? "" : changed);
        String expected = difference.startsWith(",") ? "stale" + difference : "stale: " + difference;
        assertThat(whyStale(text(files, file), hocon)).contains(expected);
        assertThat(whyStale(Exports.asOneText(files), hocon).orElseThrow()).contains(difference);
    }

    @Test
    @DisplayName("is stale when somebody edited it, lost a part of it, or never made it")
    void tampered() throws Exception {
        List<ExportedFile> files = export(Mta.POSTFIX, configuration(CONFIGURATION));
        String cidr = text(files, "orgmilter.cidr");
        assertThat(whyStale(cidr + "0.0.0.0/0 OK\n", CONFIGURATION))
                .contains("stale: orgmilter.cidr has 0.0.0.0/0, which the configuration does not");
        assertThat(whyStale(cidr.replace("192.0.2.99 OK", "192.0.2.99 REJECT"), CONFIGURATION))
                .contains("stale: orgmilter.cidr lacks 192.0.2.99,"
                        + " and has 192.0.2.99 REJECT, which the configuration does not");
        assertThat(whyStale(cidr.replace("192.0.2.99 OK", "#192.0.2.99 OK"), CONFIGURATION))
                .contains("stale: orgmilter.cidr lacks 192.0.2.99");
        String all = Exports.asOneText(files);
        assertThat(whyStale(all.substring(0, all.indexOf("# orgmilter-master.cf: ")), CONFIGURATION))
                .contains("stale: orgmilter-master.cf is missing");
        String unknown = "is no export of orgmilter for one MTA: no line in it says so";
        assertThat(whyStale("", CONFIGURATION)).contains(unknown);
        assertThat(whyStale("203.0.113.16/28 OK\n", CONFIGURATION)).contains(unknown);
        assertThat(whyStale(all + Exports.asOneText(export(Mta.SENDMAIL, configuration(CONFIGURATION))), CONFIGURATION))
                .contains(unknown);
    }

    @Test
    @Timeout(30)
    @DisplayName("need not be text, but must be regular files of a bounded size")
    void unreadable() throws Exception {
        Configuration configuration = configuration(CONFIGURATION);
        Path binary = Files.write(folder.resolve("binary"), new byte[] {0, (byte) 0xff, (byte) 0xfe, '\n', '#'});
        assertThat(Exports.whyStale(binary, configuration)).isPresent();
        Path large = folder.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(1L << 33);
        }
        for (Path unreadable : List.of(folder.resolve("none"), folder, Path.of("/dev/zero"), large)) {
            assertThatThrownBy(() -> Exports.whyStale(unreadable, configuration))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageContaining(unreadable.toString());
        }
        Files.delete(large);
    }
}
