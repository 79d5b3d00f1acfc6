package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What changed from one configuration to the next")
final class ConfigurationChangeTest {

    private static final String PIN = "abababababababababababababababababababababababababababababababab";
    private static final String BASE = """
            listen = [ "inet:10033@127.0.0.1", { socket = "unix:/tmp/s", mode = "0660" } ]
            policy-listen = [ "inet:10035@127.0.0.1" ]
            admin-listen = "inet:9033@127.0.0.1"
            metrics-organizations = 10
            shutdown-timeout = 30s
            organizations {
              contoso {
                accepted-domains = [ "contoso.com", "contoso.net" ]
                connectors {
                  hq { certificate-names = [ "mail.contoso.com" ] }
                  branch { addresses = [ "198.51.100.0/28", "2001:db8:42::/48" ] }
                }
              }
              fabrikam { accepted-domains = [ "fabrikam.com" ], connectors { hq { addresses = [ "192.0.2.1" ] } } }
            }
            """;

    @TempDir
    private Path folder;

    private Configuration load(String text) throws IOException, ConfigurationException {
        return Configuration.load(Files.writeString(folder.resolve("orgmilter.conf"), text));
    }

    private List<String> changes(String from, String to) throws IOException, ConfigurationException {
        Configuration old = load(from);
        return new ConfigurationChange(old, load(to), old.settings()).lines();
    }

    @Test
    @DisplayName("is nothing when the same is read again, or only comments differ")
    void nothing() throws Exception {
        assertThat(changes(BASE, BASE)).containsExactly("nothing changed");
        assertThat(changes(BASE, "# new\n" + BASE)).containsExactly("nothing changed");
    }

    @ParameterizedTest(name = "{1} for {0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"contoso.net\" | \"contoso.org\" | changed: organization contoso",
                "\"mail.contoso.com\" | \"smtp.contoso.com\" | changed: connector contoso/hq",
                "\"mail.contoso.com\" ] | \"mail.contoso.com\" ], issuers = [ \"CA\" ] | changed: connector contoso/hq",
                "198.51.100.0/28 | 198.51.100.0/29 | changed: connector contoso/branch",
                "\"2001:db8:42::/48\" ] | \"2001:db8:42::/48\" ], require-tls = true | changed: connector contoso/branch",
                "\"2001:db8:42::/48\" ] | \"2001:db8:42::/48\" ], enabled = false | changed: connector contoso/branch",
                "\"mail.contoso.com\" ] | \"mail.contoso.com\" ], public-key-fingerprints = [ " + PIN
                        + " ] | changed: connector contoso/hq",
                "policy-listen = [ | map-listen = [ \"inet:10036@127.0.0.1\" ], policy-listen = [ | needs a restart: listen"
                        + " on inet:10036@127.0.0.1 for map look-ups",
                "policy-listen = [ | delivered-domains = [ \"contoso.com\" ], policy-listen = [ | changed: delivered-domains",
                "policy-listen = [ | policy-grants-relay = true, policy-listen = [ | changed: policy-grants-relay",
                "10035@ | 10036@ | needs a restart: listen on inet:10036@127.0.0.1 for policy queries;"
                        + " needs a restart: stop listening on inet:10035@127.0.0.1 for policy queries",
                "contoso { | contoso { sender-protection = all | changed: organization contoso",
                "branch { | main { | added: connector contoso/main; removed: connector contoso/branch",
                "metrics-organizations | unidentified-mail = reject, metrics-organizations | changed: settings for all organizations",
                "metrics-organizations | trust-authenticated = false, metrics-organizations | changed: settings for all organizations",
                "metrics-organizations | exempt-clients = [ 192.0.2.99 ], metrics-organizations | changed: settings for all organizations",
                "metrics-organizations | local-domains = [ mx1 ], metrics-organizations | changed: settings for all organizations",
                "metrics-organizations | mode = audit, metrics-organizations | changed: settings for all organizations",
                "metrics-organizations | replies.null-sender = \"550 5.7.1 No\", metrics-organizations | changed: settings for all organizations",
                "30s | 40s | changed: shutdown-timeout",
                "10033@ | 10034@ | needs a restart: listen on inet:10034@127.0.0.1;"
                        + " needs a restart: stop listening on inet:10033@127.0.0.1",
                "\"inet:10033@127.0.0.1\", | '' | needs a restart: stop listening on inet:10033@127.0.0.1",
                "0660 | 0666 | needs a restart: mode and group of unix:/tmp/s",
                "9033 | 9034 | needs a restart: admin-listen",
                "\"inet:9033@127.0.0.1\" | { socket = \"unix:/tmp/a\", mode = \"0600\" } | needs a restart: admin-listen",
                "metrics-organizations | admin-hosts = [ mx1 ], metrics-organizations | changed: admin-hosts",
                "= 10 | = 11 | needs a restart: metrics-organizations",
                "30s | 30s, limits.connections = 20 | changed: limits, for new connections",
                "30s | 30s, limits.recent-verdicts = 20 | needs a restart: limits.recent-verdicts",
                "30s | 30s, limits.followed-organizations = 20 | needs a restart: limits.followed-organizations"
            })
    @DisplayName("is named")
    void named(String old, String now, String lines) throws Exception {
        assertThat(BASE).contains(old);
        assertThat(String.join("; ", changes(BASE, BASE.replace(old, now)))).isEqualTo(lines);
    }

    @Test
    @DisplayName("is also a mode that connectors take over from their organization")
    void inheritedMode() throws Exception {
        assertThat(changes(BASE, BASE.replace("contoso {", "contoso { mode = audit")))
                .containsExactly("changed: organization contoso", "changed: connectors contoso/branch, contoso/hq");
    }

    @Test
    @DisplayName("is also the order, which is the last word between connectors")
    void order() throws Exception {
        String branch = "      branch { addresses = [ \"198.51.100.0/28\", \"2001:db8:42::/48\" ] }\n";
        String hq = "      hq { certificate-names = [ \"mail.contoso.com\" ] }\n";
        assertThat(changes(BASE, BASE.replace(branch, "").replace(hq, branch + hq)))
                .containsExactly("changed: the order of organizations or connectors");
    }

    @Test
    @DisplayName("needs a restart as long as what runs is not what is written")
    void pendingRestart() throws Exception {
        Configuration started = load(BASE);
        Configuration moved = load(BASE.replace("10033", "10034"));
        assertThat(new ConfigurationChange(moved, moved, started.settings()).lines())
                .containsExactly(
                        "needs a restart: listen on inet:10034@127.0.0.1",
                        "needs a restart: stop listening on inet:10033@127.0.0.1");
        assertThat(new ConfigurationChange(moved, started, started.settings()).lines())
                .containsExactly("nothing changed");
    }

    @Test
    @DisplayName("fits into a line each, however much it is")
    void many() throws Exception {
        String many = IntStream.range(0, 1000)
                .mapToObj(i -> String.format(
                        "organizations.o%03d { accepted-domains = [ \"o%03d.example\" ], connectors.c { addresses = [ \"10.1.%d.%d\" ] } }",
                        i, i, i / 250, i % 250))
                .collect(Collectors.joining("\n"));
        List<String> lines = changes(BASE, BASE + many);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("added: organizations o000, o001, ").endsWith(", o019 and 980 more");
        assertThat(lines.get(1)).startsWith("added: connectors o000/c, ").endsWith(", o019/c and 980 more");
    }
}
