package io.github.orgmilter.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.rows.OrganizationRows;
import io.github.orgmilter.rows.ReadOrganization;
import io.github.orgmilter.rows.RowCollector;
import io.github.orgmilter.rows.RowLimits;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.RowsReader;
import io.github.orgmilter.rows.Setting;
import io.github.orgmilter.suffix.PublicSuffixes;
import io.github.orgmilter.suffix.ReservedDomains;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that nobody should write. */
class HostileRowsTest {

    private static final RowsReader READER = new RowsReader(new RowRules(
            Set.of(),
            false,
            PublicSuffixes.builtIn(),
            ReservedDomains.of(List.of(
                    new AcceptedDomain(new DomainName("gmail.com"), false),
                    new AcceptedDomain(new DomainName("hoster.example"), true))),
            RowRules.STANDARD.resultHeader(),
            RowLimits.STANDARD));
    private static final RowsReader PERMISSIVE = new RowsReader(new RowRules(
            RowRules.TO_BE_LISTED,
            true,
            PublicSuffixes.builtIn(),
            ReservedDomains.NONE,
            RowRules.STANDARD.resultHeader(),
            RowLimits.STANDARD));

    /** Errors that rows cannot have: of types, braces, files and blocks; and those that concern several organizations. */
    private static final Pattern NOT_OF_ROWS = Pattern.compile(
            "^(expected |null is not|an empty list|an entry without|there is no|an empty path|a connector (outside|without)|sender domain |the name \"h i\"|trusted-logins lets )"
                    + "|already an accepted domain|defined twice|without accepted domains|a folder, not|not a path|cannot be read"
                    + "|has no entries|no header field;|value that is not a string|values of a header field are not|key belongs|is inside |with a blank|is more than one value; write \"contoso.com\"");

    /** A configuration of the table of bad ones, as rows: the words of its errors, by organization. */
    private record BadFile(String name, Map<String, List<Setting>> rows, List<String> errors) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<BadFile> badFiles() throws IOException {
        try (InputStream in = HostileRowsTest.class.getResourceAsStream("/config/problems.txt")) {
            assertThat(in).isNotNull();
            return Stream.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^== "))
                    .filter(entry -> entry.contains(">> errors"))
                    .map(HostileRowsTest::badFile)
                    .filter(file -> !file.rows().isEmpty())
                    .toList()
                    .stream();
        }
    }

    private static BadFile badFile(String entry) {
        String[] parts = entry.split("(?m)^>> errors", 2);
        String name = parts[0].lines().findFirst().orElseThrow();
        String file = parts[0].substring(name.length()).split("(?m)^-- ", 2)[0];
        Map<String, List<Setting>> rows = new LinkedHashMap<>();
        try {
            ConfigObject root = ConfigFactory.parseString(file)
                    .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true))
                    .root();
            if (root.get("organizations") instanceof ConfigObject organizations) {
                organizations.forEach((organization, value) -> {
                    if (value instanceof ConfigObject settings) {
                        rows.put(organization, rows(organization, settings));
                    }
                });
            }
        } catch (ConfigException e) {
            rows.clear(); // only HOCON can be wrong like that
        }
        List<String> errors = parts[1].lines()
                .filter(line -> line.startsWith("orgmilter.conf:") && line.contains(": organizations."))
                .filter(line -> !line.contains(".subdomains: "))
                .toList();
        return new BadFile(name, rows, errors);
    }

    private static List<Setting> rows(String organization, ConfigObject settings) {
        List<Setting> rows = new ArrayList<>();
        settings.forEach((key, value) -> {
            if (List.of("connectors", "partners").contains(key) && value instanceof ConfigObject named) {
                String prefix = key.equals("partners") ? "partner/" : "";
                named.forEach((connector, keys) -> {
                    if (keys instanceof ConfigObject object) {
                        object.forEach((name, each) -> add(rows, organization, prefix + connector, name, each));
                    }
                });
            } else {
                add(rows, organization, "", key, value);
            }
        });
        return rows;
    }

    private static void add(List<Setting> rows, String organization, String connector, String key, ConfigValue value) {
        try {
            if (value.unwrapped() instanceof List<?> list) {
                list.forEach(element -> rows.add(row(organization, connector, key, text(element))));
            } else if (key.equals("required-headers") && value instanceof ConfigObject fields) {
                fields.forEach((name, values) -> add(rows, organization, connector, key + "." + name, values));
            } else {
                rows.add(row(organization, connector, key, text(value.unwrapped())));
            }
        } catch (ConfigException.NotResolved e) {
            // no value, no row
        }
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> map && map.get("domain") != null) {
            return map.get("domain") + (Boolean.TRUE.equals(map.get("subdomains")) ? " subdomains" : "");
        }
        return String.valueOf(value);
    }

    private static Setting row(String organization, String connector, String key, String value) {
        return new Setting(organization, connector, key, value, AcceptedDomain.UNDATED);
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void whatIsWrongInAFileIsWrongInARow(BadFile file) {
        List<String> words = new ArrayList<>();
        file.rows().forEach((name, rows) -> {
            for (String organization : List.of(name, "renamed")) {
                OrganizationRows store = OrganizationRows.of(organization, rows);
                PERMISSIVE.read(store, Optional.empty()).problems().forEach(problem -> words.add(problem.problem()));
                assertThatWhatCountsCanBeRead(READER.read(store, Optional.empty()));
            }
        });
        assertThat(file.errors())
                .extracting(
                        error -> error.replaceFirst("^.*?: organizations\\.(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^: ])*: ", ""))
                .allMatch(error -> words.stream().anyMatch(error::startsWith)
                        || NOT_OF_ROWS.matcher(error).find());
    }

    private static void assertThatWhatCountsCanBeRead(ReadOrganization read) {
        assertThat(READER.read(read.effective(), Optional.empty()).problems())
                .extracting(Problem::problem)
                .allMatch(problem -> problem.startsWith("an organization without accepted domains"));
    }

    private static Arguments bad(String name, String expected, String... rows) {
        return Arguments.of(name, expected, List.of(rows));
    }

    private static final String LONG = "a".repeat(1 << 20);

    // spotless:off
    static Stream<Arguments> tables() {
        return Stream.of(
                bad("NUL in a domain", "accepted-domains: \"a\\u0000.example\" is not a domain name; use letters, digits and inner hyphens, labels of 1 to 63 octets with single dots between",
                        "|accepted-domains|a\u0000.example"),
                bad("two lines in a domain", "accepted-domains: \"a.example\\u000ab.example\" is more than one domain; write one domain on each line, followed by the word subdomains to include all below it",
                        "|accepted-domains|a.example\nb.example"),
                bad("an empty domain", "accepted-domains: empty domain name; write a name such as contoso.com", "|accepted-domains|"),
                bad("a blank domain", "accepted-domains: empty domain name; write a name such as contoso.com", "|accepted-domains| \t "),
                bad("a domain that was not UTF-8", "accepted-domains: \"m\ufffdnchen.example\" is not valid text; store it in UTF-8", "|accepted-domains|m\ufffdnchen.example"),
                bad("half a character", "connector office, issuers: \"\ufffd\" is not valid text; store it in UTF-8",
                        "office|certificate-names|mail.contoso.com", "office|issuers|\ud800"),
                bad("a megabyte in a value", "accepted-domains: the value has more than 1024 characters; shorten it", "|accepted-domains|" + LONG),
                bad("a megabyte in a connector's name", ": the name has more than 1024 characters; shorten it", LONG + "|addresses|192.0.2.1"),
                bad("a megabyte in a key", ": unknown key; use a key of orgmilter.conf", "|" + LONG + "|1"),
                bad("no key", "a row without a setting; name a key such as accepted-domains, or remove the row", "||1"),
                bad("a key of a dot", "a row without a setting; name a key such as accepted-domains, or remove the row", "|.|1"),
                bad("a key with a line break", "a\\u000ab: unknown key; use accepted-domains", "|a\nb|1"),
                bad("connectors as a key", "connectors: unknown key; write the name of the connector into its own column", "|connectors|office"),
                bad("a path into connectors", "connectors.office.addresses: unknown key; write the name of the connector into its own column", "|connectors.office.addresses|192.0.2.1"),
                bad("a key below a list", "accepted-domains.subdomains: unknown key; use accepted-domains", "|accepted-domains.subdomains|true"),
                bad("a key below a word", "sender-protection: expected a string, found an object; write off, relay or all", "|sender-protection.x|all"),
                bad("two words for one", "sender-protection: expected a string, found several rows; write off, relay or all", "|sender-protection|all", "|sender-protection|off"),
                bad("two flags for one", "connector office, require-tls: expected true or false, found several rows; write true or false",
                        "office|addresses|192.0.2.1", "office|require-tls|true", "office|require-tls|false"),
                bad("an empty word", "sender-protection: \"\" is not a possible value; write off, relay or all", "|sender-protection|"),
                bad("a file of domains", "accepted-domains-file: only a configuration file may name a file; write the values themselves", "|accepted-domains-file|/etc/passwd"),
                bad("a file of addresses", "connector office, addresses-file: only a configuration file may name a file; write the values themselves", "office|addresses-file|/etc/passwd"),
                bad("a certificate's file", "connector office, certificate-files: only a configuration file may name a file; write the values themselves", "office|certificate-files|/etc/shadow"),
                bad("a substitution", "accepted-domains: \"${HOME}\" is not a domain name; use letters, digits and inner hyphens, labels of 1 to 63 octets with single dots between", "|accepted-domains|${HOME}"),
                bad("HOCON", "connector office, addresses: \"[ \"192.0.2.1\" ]\"", "office|addresses|[ \"192.0.2.1\" ]"),
                bad("a mode", "mode: a directory may not set this key; remove the row, or add mode to directory.settings", "|mode|audit"),
                bad("a connector's mode", "connector office, mode: a directory may not set this key; remove the row, or add mode to directory.settings", "office|addresses|192.0.2.1", "office|mode|audit"),
                bad("relaying for all", "connector office, require-accepted-domain: a directory may not set this key; remove the row, or add require-accepted-domain to directory.settings",
                        "office|addresses|192.0.2.1", "office|require-accepted-domain|false"),
                bad("a null sender", "connector office, allow-null-sender: a directory may not set this key; remove the row, or add allow-null-sender to directory.settings",
                        "office|addresses|192.0.2.1", "office|allow-null-sender|true"),
                bad("a large block", "connector office, addresses: \"10.0.0.0/8\" is larger than a /24; list only the addresses of the organization's own servers, or set directory.large-blocks = true",
                        "office|addresses|10.0.0.0/8"),
                bad("a large IPv6 block", "connector office, addresses: \"2001:db8::/32\" is larger than a /48; list only the addresses of the organization's own servers, or set directory.large-blocks = true",
                        "office|addresses|2001:db8::/32"),
                bad("a public suffix", "accepted-domains: \"co.uk\" is a public suffix: anybody can have a domain below it; list the organization's own domains; only a file may have this",
                        "|accepted-domains|co.uk"),
                bad("a public suffix with all below it", "accepted-domains: \"co.uk\" is a public suffix: anybody can have a domain below it; list the organization's own domains; only a file may have this",
                        "|accepted-domains|CO.UK. subdomains"),
                bad("a hoster's public suffix", "accepted-domains: \"github.io\" is a public suffix: anybody", "|accepted-domains|github.io subdomains"),
                bad("a public suffix in Unicode", "accepted-domains: \"xn--55qx5d.cn\" is a public suffix: anybody", "|accepted-domains|公司.cn"),
                bad("all of a registry", "accepted-domains: \"kawasaki.jp\" with its subdomains includes public suffixes: anybody can have a domain there; list the organization's own domains; only a file may have this",
                        "|accepted-domains|kawasaki.jp subdomains"),
                bad("everybody's certificates", "connector office, certificate-names: \"*.co.uk\" is for servers of anybody: co.uk is a public suffix, or has some below it; list the organization's own servers; only a file may have this",
                        "office|certificate-names|*.co.uk"),
                bad("everybody's mail", "accepted-domains: \"gmail.com\" is reserved; remove the row; if the organization does own the domain, define it in a file, or take \"gmail.com\" out of directory.reserved-domains",
                        "|accepted-domains|gmail.com"),
                bad("a name of the service", "accepted-domains: \"panel.hoster.example\" is reserved; remove the row; if the organization does own the domain, define it in a file, or take \"hoster.example and below\" out of directory.reserved-domains",
                        "|accepted-domains|Panel.hoster.example"),
                bad("everything", "connector office, addresses: \"0.0.0.0/0\" covers every address; write the organization's own addresses", "office|addresses|0.0.0.0/0"),
                bad("every login", "connector office, logins: \"*\" is every login, and a connector is for servers of one organization; write a login such as relay@contoso.com, or *@contoso.com for all of a domain",
                        "office|logins|*"),
                bad("a wildcard in a login", "connector office, logins: \"a*@contoso.com\" has a wildcard other than *@ in front of a domain; write a login such as relay@contoso.com, or *@contoso.com for all of a domain",
                        "office|logins|a*@contoso.com"),
                bad("a key of the service", "exempt-clients: unknown key; use accepted-domains", "|exempt-clients|192.0.2.1"),
                bad("a connector's key for the organization", "addresses: unknown key; use accepted-domains", "|addresses|192.0.2.1"),
                bad("partners for the organization", "partners.x: unknown key; write partner/ and the name of the partner into the column for connectors", "|partners.x|y"),
                bad("a partner's bad sender", "partner x, sender-domains: \"com\" is a single label", "partner/x|sender-domains|com", "partner/x|require-tls|true"),
                bad("a partner that is closed", "partner x: closed, as not all of its rows can be read: its senders get temporary failures; mend or remove these rows",
                        "partner/x|sender-domains|a.example", "partner/x|require-tls|tru"),
                bad("a partner's file", "partner x, addresses-file: only a configuration file may name a file; write the values themselves",
                        "partner/x|sender-domains|a.example", "partner/x|addresses-file|/etc/passwd"),
                bad("a partner that requires nothing", "partner x: a partner that requires nothing, and so restricts no client; add", "partner/x|sender-domains|*"),
                bad("a partner's mode", "partner x, mode: a directory may not set this key", "partner/x|sender-domains|*", "partner/x|require-tls|true", "partner/x|mode|audit"),
                bad("a blank connector", "connector  : the name \" \" has a space, a slash or an unprintable character; use letters, digits, hyphens and dots: it appears in log lines", " |addresses|192.0.2.1"),
                bad("a connector with a line break", "connector a\\u000ab: the name \"a\\u000ab\" has a space, a slash or an unprintable character; use letters, digits, hyphens and dots: it appears in log lines", "a\nb|addresses|192.0.2.1"));
    }
    // spotless:on

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void isAProblemOfItsOrganizationAlone(String name, String expected, List<String> rows) {
        List<String> all = new ArrayList<>(rows);
        all.add("|accepted-domains|contoso.com");
        ReadOrganization read = READER.read(collected("contoso", all), Optional.empty());
        assertThat(read.problems())
                .extracting(Problem::toString)
                .allMatch(problem ->
                        problem.startsWith("directory: organization contoso, ") || problem.contains(expected))
                .allMatch(problem -> problem.length() < 5_000)
                .anyMatch(problem -> problem.contains(expected));
        Organization organization = read.organization().orElseThrow();
        assertThat(organization.acceptedDomains()).extracting(Object::toString).containsExactly("contoso.com");
        assertThat(organization.connectors())
                .allMatch(Connector::requireAcceptedDomain)
                .noneMatch(Connector::allowNullSender)
                .noneMatch(connector -> connector.mode() == Mode.AUDIT);
        assertThatWhatCountsCanBeRead(read);
    }

    private static OrganizationRows collected(String organization, List<String> rows) {
        RowCollector collector = new RowCollector(organization, RowLimits.STANDARD, Optional.empty());
        rows.forEach(row -> collector.add(Rows.setting(organization, row)));
        return collector.collected();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "a\u0000b", "\u202ea", "a b", "\ufffd"})
    void anOrganizationWithSuchANameIsNone(String name) {
        ReadOrganization read =
                READER.read(collected(name, List.of("|accepted-domains|contoso.com")), Optional.empty());
        assertThat(read.organization()).isEmpty();
        assertThat(read.problems()).hasSize(1);
        assertThat(read.problems().get(0).toString())
                .startsWith("directory: organization ")
                .matches("\\P{Cntrl}*");
    }

    @Tag("slow")
    @Test
    @Timeout(60)
    void anOrganizationOfBadRowsOnlyCostsLittle() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 25_000; i++) {
            rows.add("|colour" + i + "|red");
            rows.add("c" + i + "|adresses|192.0.2.1");
            rows.add("|accepted-domains|d" + i + ".example");
            rows.add("|accepted-domains|d" + i + ".example subdomains");
        }
        OrganizationRows store = collected("contoso", rows);
        ReadOrganization read = READER.read(store, Optional.empty());
        assertThat(read.problems()).hasSize(21);
        assertThat(read.problems().get(20).problem()).endsWith(" more problems");
        assertThat(read.organization().orElseThrow().acceptedDomains()).hasSize(25_000);
        assertThat(READER.read(store, Optional.of(read.held(store)))).isEqualTo(read);
    }
}
