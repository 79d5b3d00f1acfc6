package io.github.orgmilter.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.directory.Holdings;
import io.github.orgmilter.directory.Store;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.Freshness;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.rows.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DirectoryWarningsTest {

    private static final String PIN = "aa".repeat(32);

    private static final String PIN_TEXT = "AA" + ":AA".repeat(31);

    @TempDir
    private Path folder;

    private static Arguments row(String name, String file, List<String> rows, String... expected) {
        return Arguments.of(name, file, rows, List.of(expected));
    }

    // spotless:off
    static Stream<Arguments> tables() {
        return Stream.of(
                row("a login that is trusted by default", "", List.of("a office|logins|relay@a.example", "a office|logins|ann@a.example"),
                        "directory: organization a, connector office, logins: trusted-logins lets \"ann@a.example\" send anything anyway, so the connector has no effect for it; set trusted-logins to the other logins, [] for none (default: all), or remove the row"),
                row("a login that is not trusted", "trusted-logins = []", List.of("a office|logins|relay@a.example")),
                row("a login of a domain that is trusted", "trusted-logins = [ \"*@a.example\" ]", List.of("a office|logins|relay@a.example", "b office|logins|relay@b.example"),
                        "directory: organization a, connector office, logins: trusted-logins lets \"relay@a.example\" send anything anyway, so the connector has no effect for it; set trusted-logins to the other logins, [] for none (default: all), or remove the row"),
                row("a login that is trusted in part", "trusted-logins = [ \"ann@a.example\" ]", List.of("a office|logins|*@a.example"),
                        "directory: organization a, connector office, logins: \"*@a.example\" includes \"ann@a.example\", which trusted-logins lets send anything anyway; remove it from trusted-logins if the connector is to decide for it"),
                row("authors beside trusted logins", "directory.settings = [ \"header-from\" ]", List.of("a |header-from|relay", "b |header-from|off"),
                        "directory: organization a, header-from: it does not apply to trusted logins: each may use this organization's From addresses; set trusted-logins = [], or let the MTA check what these logins send"),
                row("pins that nothing reports", "", List.of("a office|certificate-fingerprints|" + PIN),
                        "directory: organization a, connector office, pins: without policy-listen, Postfix cannot report which certificate a client presents; add policy-listen, and check_policy_service in Postfix's main.cf"),
                row("pins that are reported", "policy-listen = [ \"inet:10034@127.0.0.1\" ]", List.of("a office|certificate-fingerprints|" + PIN)),
                row("large blocks where strangers may write", "directory.large-blocks = true", List.of("a office|addresses|10.0.0.0/8")),
                row("large blocks where strangers may not write", "directory.large-blocks = true, unidentified-mail = reject", List.of("a office|addresses|10.0.0.0/8", "b office|addresses|192.0.2.0/24"),
                        "directory: organization a, connector office, addresses: every client in \"10.0.0.0/8\" counts as identified, so unidentified-mail = reject lets its mail in; narrow the connector to the organization's own servers"),
                row("a shared certificate name", "", List.of("a x|certificate-names|*.cloud.example", "b y|certificate-names|*.cloud.example", "b y|addresses|192.0.2.1"),
                        "directory: organization a, connector x, certificate-names: \"*.cloud.example\" is also in connector b/y; a connector is for servers that the organization does not share",
                        "directory: organization b, connector y, certificate-names: \"*.cloud.example\" is also in connector a/x; a connector is for servers that the organization does not share"),
                row("a shared certificate name where strangers may not write", "unidentified-mail = reject", List.of("a x|certificate-names|mx.cloud.example", "b y|certificate-names|mx.cloud.example", "b y|addresses|192.0.2.1"),
                        "directory: organization a, connector x, certificate-names: \"mx.cloud.example\" is also in connector b/y; every client with it counts as identified, so unidentified-mail = reject lets its mail in; narrow the connector to the organization's own servers",
                        "directory: organization b, connector y, certificate-names: \"mx.cloud.example\" is also in connector a/x; a connector is for servers that the organization does not share"),
                row("a name in two connectors of one organization", "", List.of("a x|certificate-names|mx.cloud.example", "a y|certificate-names|mx.cloud.example")),
                row("a name that a file has too", "organizations.f { accepted-domains = [ f.example ], connectors.hq.certificate-names = [ mx.cloud.example ] }", List.of("a x|certificate-names|mx.cloud.example"),
                        "directory: organization a, connector x, certificate-names: \"mx.cloud.example\" is also in connector f/hq; a connector is for servers that the organization does not share"),
                row("a shared pin", "policy-listen = [ \"inet:10034@127.0.0.1\" ]", List.of("a x|certificate-fingerprints|" + PIN, "b y|certificate-fingerprints|" + PIN),
                        "directory: organization a, connector x, pins: certificate " + PIN_TEXT + " is also in connector b/y; a connector is for servers that the organization does not share",
                        "directory: organization b, connector y, pins: certificate " + PIN_TEXT + " is also in connector a/x; a connector is for servers that the organization does not share"),
                row("a shared login", "trusted-logins = []", List.of("a x|logins|joe", "b y|logins|JOE"),
                        "directory: organization a, connector x, logins: \"joe\" is also in connector b/y; a connector is for servers that the organization does not share",
                        "directory: organization b, connector y, logins: \"joe\" is also in connector a/x; a connector is for servers that the organization does not share"),
                row("shared addresses", "", List.of("a x|addresses|192.0.2.0/28", "a z|addresses|192.0.2.7", "b y|addresses|192.0.2.8"),
                        "directory: organization b, connector y, addresses: \"192.0.2.8\" overlaps \"192.0.2.0/28\" in connector a/x; a connector is for servers that the organization does not share"));
    }
    // spotless:on

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void says(String name, String file, List<String> rows, List<String> expected) throws Exception {
        List<String> all = new ArrayList<>(rows);
        rows.stream()
                .map(row -> row.substring(0, row.indexOf(' ')))
                .distinct()
                .forEach(organization -> all.add(organization + " |accepted-domains|" + organization + ".example"));
        DirectoryWarnings warnings = DirectoryWarnings.of(policy(file, all));
        assertThat(warnings.lines()).containsExactlyElementsOf(expected);
    }

    // Each row is ORGANIZATION CONNECTOR|SETTING|VALUE.
    private Policy policy(String file, List<String> rows) throws Exception {
        Path path = folder.resolve("orgmilter.conf");
        Files.writeString(
                path,
                "directory { url = \"jdbc:postgresql://127.0.0.1/mail\", queries.settings = \"SELECT\" }\n" + file
                        + "\n");
        Configuration configuration = Configuration.load(path);
        Holdings holdings = new Holdings(
                new RowsReader(
                        configuration.settings().directory().orElseThrow().rules()),
                1);
        Map<String, List<Setting>> organizations = new HashMap<>();
        for (String row : rows) {
            String name = row.substring(0, row.indexOf(' '));
            organizations
                    .computeIfAbsent(name, none -> new ArrayList<>())
                    .add(Rows.setting(name, row.substring(name.length() + 1)));
        }
        LiveConfiguration live = new LiveConfiguration(configuration, Freshness.ALWAYS);
        live.directory(holdings.apply(new Store.Changes(1, organizations), Instant.EPOCH), true, "1");
        assertThat(holdings.problems()).isEmpty();
        return live.current().policy();
    }

    @Test
    @Timeout(60)
    void areFewHoweverManyThereAre() throws Exception {
        List<String> rows = new ArrayList<>();
        for (int i = 1_000; i < 4_000; i++) {
            String name = "o" + i;
            rows.add(name + " |accepted-domains|" + name + ".example");
            rows.add(name + " cloud|certificate-names|*.cloud.example");
            rows.add(name + " office|addresses|192.0.2.0/24");
            rows.add(name + " relay|logins|relay@" + name + ".example");
        }
        List<String> lines = DirectoryWarnings.of(policy("", rows)).lines();
        assertThat(lines)
                .hasSize(18)
                .contains(
                        "directory: in all 3000 connectors with logins that trusted-logins covers",
                        "directory: in all 3000 certificate names that several organizations have",
                        "directory: in all 2999 address ranges that several organizations have")
                .anyMatch(line -> line.startsWith("directory: organization o1004, connector cloud, "));
    }

    @Test
    void ofSomeOrganizationsAreTheirs() throws Exception {
        Policy policy = policy(
                "",
                List.of(
                        "a |accepted-domains|a.example",
                        "a office|logins|relay@a.example",
                        "b |accepted-domains|b.example",
                        "b office|logins|relay@b.example"));
        assertThat(DirectoryWarnings.ofSome(policy, List.of("b", "gone")).lines())
                .singleElement()
                .asString()
                .startsWith("directory: organization b, connector office, logins: ");
    }
}
