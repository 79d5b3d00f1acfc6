package io.github.orgmilter.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.identity.Mta;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An export, where Postfix can ask who may relay,")
final class PolicyGateExportTest {

    private static final String CONFIGURATION = """
            exempt-clients = [ "192.0.2.99" ]
            organizations { contoso { accepted-domains = [ "contoso.com" ], connectors {
              hq { certificate-names = [ "mail.contoso.com" ] }
              office { addresses = [ "203.0.113.16/28" ] }
            } } }
            """;

    private static final String ASKING =
            "policy-listen = [ \"unix:/var/spool/postfix/orgmilter/policy.sock\", \"inet6:10039@::1\" ]\n"
                    + CONFIGURATION;

    private static final String QUERY = "check_policy_service { unix:orgmilter/policy.sock, timeout=5s }, ";

    @TempDir
    private Path folder;

    private Configuration configuration(String hocon) throws Exception {
        return Configuration.load(Files.writeString(folder.resolve("orgmilter.conf"), hocon));
    }

    private List<ExportedFile> export(String hocon) throws Exception {
        return Exports.of(Mta.POSTFIX, configuration(hocon), Path.of("orgmilter.conf"));
    }

    private static String text(List<ExportedFile> files, String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .orElseThrow()
                .text();
    }

    /** What of a file is no comment. */
    private static List<String> lines(List<ExportedFile> files, String name) {
        return text(files, name)
                .lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    @Test
    @DisplayName("has the policy gate where queries grant relaying, and lists exempt clients alone")
    void policyGate() throws Exception {
        List<ExportedFile> files = export("policy-grants-relay = true\n" + ASKING);
        assertThat(lines(files, "orgmilter.cidr")).containsExactly("192.0.2.99 OK");
        assertThat(lines(files, "orgmilter-main.cf"))
                .contains("smtpd_tls_ask_ccert = yes", "smtpd_tls_fingerprint_digest = sha256")
                .endsWith("milter_default_action = tempfail");
        assertThat(lines(files, "orgmilter-master.cf").get(1)).contains(" smtpd_milters = { inet:127.0.0.1:10033, ");
        assertThat(lines(files, "orgmilter-master.cf").get(2))
                .isEqualTo("  -o { smtpd_relay_restrictions = permit_sasl_authenticated, " + QUERY
                        + "check_client_access cidr:$config_directory/orgmilter.cidr, reject_unauth_destination }");
        assertThat(Exports.whyStale(
                                Files.writeString(folder.resolve("exported"), Exports.asOneText(export(CONFIGURATION))),
                                configuration(ASKING))
                        .orElseThrow())
                .contains(
                        "orgmilter-main.cf lacks smtpd_tls_fingerprint_digest = sha256",
                        "orgmilter-master.cf lacks -o");
    }

    @Test
    @DisplayName("has the query before the tight gate where it grants nothing")
    void policyQueries() throws Exception {
        List<ExportedFile> files = export("trust-authenticated = false\n" + ASKING);
        assertThat(lines(files, "orgmilter.cidr")).hasSize(2);
        assertThat(lines(files, "orgmilter-master.cf").get(2))
                .isEqualTo(
                        "  -o { smtpd_relay_restrictions = " + QUERY + "check_client_access"
                                + " cidr:$config_directory/orgmilter.cidr, permit_tls_all_clientcerts, reject_unauth_destination }");
        assertThatThrownBy(() -> export("policy-listen = [ \"inet:0@127.0.0.1\" ]\n" + CONFIGURATION))
                .hasMessageStartingWith("the first socket of policy-listen has port 0");
    }

    @Test
    @DisplayName("has logins behind the query where connectors have logins, which may be beside pins")
    void logins() throws Exception {
        String hocon = """
                trusted-logins = [ "root" ]
                policy-listen = [ "unix:/var/spool/postfix/orgmilter/policy.sock" ]
                organizations.contoso {
                  accepted-domains = [ "contoso.com" ]
                  connectors {
                    hq { logins = [ "joe" ] }
                    office { logins = [ "ann" ], addresses = [ "192.0.2.1" ] }
                    line { addresses = [ "192.0.2.2" ] }
                  }
                }
                """;
        List<ExportedFile> files = export(hocon);
        assertThat(lines(files, "orgmilter-master.cf").get(2))
                .isEqualTo(
                        "  -o { smtpd_relay_restrictions = " + QUERY + "check_client_access"
                                + " cidr:$config_directory/orgmilter.cidr, permit_sasl_authenticated, reject_unauth_destination }");
        assertThat(lines(files, "orgmilter.cidr").toString())
                .contains("192.0.2.2")
                .doesNotContain("192.0.2.1 ");
    }

    @Test
    @DisplayName("says who lets pinned certificates through, which Postfix need not trust")
    void pins() throws Exception {
        String hocon = """
                policy-listen = [ "inet:10034@127.0.0.1" ]
                organizations { contoso { accepted-domains = [ "contoso.com" ], connectors {
                  hq { certificate-fingerprints = [ "%s" ] }
                } } }
                """.formatted("ab".repeat(32));
        List<ExportedFile> files = export(hocon);
        assertThat(text(files, "orgmilter-master.cf"))
                .contains("\n# This gate lets pinned certificates and keys through only if");
        assertThat(lines(files, "orgmilter-main.cf")).contains("smtpd_tls_ask_ccert = yes");
        for (String other : List.of(
                hocon.replace("hq {", "hq { enabled = false,"),
                hocon.replace("organizations", "policy-grants-relay = true\norganizations"))) {
            assertThat(text(export(other), "orgmilter-master.cf")).doesNotContain("pinned certificates");
        }
    }
}
