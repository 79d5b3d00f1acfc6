package io.github.orgmilter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.github.orgmilter.certificate.TestCertificate;
import io.github.orgmilter.config.listen.ListenReader;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.hocon.WrittenKeys;
import io.github.orgmilter.map.MapObserver;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.settings.ConnectorReader;
import io.github.orgmilter.settings.Domains;
import io.github.orgmilter.settings.Names;
import io.github.orgmilter.settings.OrganizationReader;
import io.github.orgmilter.settings.PartnerReader;
import io.github.orgmilter.verdict.Cause.Accepting;
import io.github.orgmilter.verdict.Cause.Refusing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, reference.conf, the man page and the installed configuration agree. */
class DocumentationTest {

    private static final Path MAN_PAGE = Path.of("src/man/orgmilter.conf.5");
    private static final Path INSTALLED = Path.of("conf/orgmilter.conf");

    @TempDir
    private Path folder;

    private static Set<String> knownKeys() {
        return Stream.of(
                        ServiceReader.KEYS,
                        ListenReader.KEYS,
                        LimitsReader.KEYS,
                        RepliesReader.KEYS,
                        DirectoryReader.KEYS,
                        DirectoryReader.QUERY_KEYS,
                        DirectoryLdapReader.KEYS,
                        OrganizationReader.KEYS,
                        Domains.KEYS,
                        ConnectorReader.KEYS,
                        PartnerReader.KEYS)
                .flatMap(keys -> keys.names().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String reference() throws IOException {
        try (InputStream in = DocumentationTest.class.getResourceAsStream("/reference.conf")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** reference.conf with the keys that stand there behind a {@code #}, which is one without a space after it. */
    private static String uncommented() throws IOException {
        return reference().replaceAll("(?m)^( *)#(?=[^ #\n])", "$1");
    }

    @Test
    void referenceConfHoldsEveryKeyAtItsPlaceAndNoOther() throws IOException {
        Set<List<String>> expected = new HashSet<>();
        ServiceReader.KEYS.names().forEach(key -> expected.add(List.of(key)));
        Stream.of(Refusing.values()).forEach(cause -> expected.add(List.of("replies", cause.key())));
        LimitsReader.KEYS.names().forEach(key -> expected.add(List.of("limits", key)));
        DirectoryReader.KEYS.names().stream()
                .filter(key -> !key.equals("ldap")) // in the prose: a directory has either queries or that
                .forEach(key -> expected.add(List.of("directory", key)));
        DirectoryReader.QUERY_KEYS.names().forEach(key -> expected.add(List.of("directory", "queries", key)));
        expected.add(List.of("organizations", "contoso"));
        OrganizationReader.KEYS.names().forEach(key -> expected.add(List.of("organizations", "contoso", key)));
        expected.add(List.of("organizations", "contoso", "connectors", "mail-server"));
        ConnectorReader.KEYS
                .names()
                .forEach(key -> expected.add(List.of("organizations", "contoso", "connectors", "mail-server", key)));
        expected.add(List.of("organizations", "contoso", "partners", "tailspin"));
        PartnerReader.KEYS
                .names()
                .forEach(key -> expected.add(List.of("organizations", "contoso", "partners", "tailspin", key)));
        expected.add(List.of(
                "organizations", "contoso", "connectors", "mail-server", Names.REQUIRED_HEADERS, "X-OriginatorOrg"));
        assertThat(WrittenKeys.in(uncommented())).containsExactlyInAnyOrderElementsOf(expected);
        // The keys of what stands in lists, in the prose or in an example.
        assertThat(reference())
                .contains("{ socket = \"unix:", "mode = \"", "group = \"", "{ domain = \"", "subdomains = true }")
                .contains("ldap {");
        for (String key : DirectoryLdapReader.KEYS.names()) {
            assertThat(reference()).containsPattern("# +" + key + " [={]");
        }
    }

    @Test
    void theManPageDescribesEveryKeyAndNoOther() throws IOException {
        Set<String> described = new TreeSet<>();
        Matcher key = Pattern.compile("(?m)^\\.(?:It )?Cm ([a-z-]+)").matcher(Files.readString(MAN_PAGE));
        while (key.find()) {
            described.add(key.group(1));
        }
        assertThat(described).isEqualTo(knownKeys());
    }

    @Test
    void theManPageHasTheOrderAndTheExampleOfAConfigurationThatWorks() throws Exception {
        String page = Files.readString(MAN_PAGE);
        List<String> order = new ArrayList<>();
        Matcher item = Pattern.compile("(?m)^\\.It Cm ([a-z-]+)").matcher(page);
        while (item.find()) {
            order.add(item.group(1));
        }
        List<String> expected = new ArrayList<>();
        WrittenKeys.in(uncommented()).stream()
                .filter(path -> !path.get(0).equals("replies") || path.size() == 1)
                .map(path -> path.get(path.size() - 1))
                .filter(knownKeys()::contains)
                .forEach(expected::add);
        assertThat(order).containsExactlyElementsOf(expected);

        Matcher example = Pattern.compile("(?s)\n\\.Sh EXAMPLES.*?\\.Bd[^\n]*\n(.*?)\\.Ed\n")
                .matcher(page);
        assertThat(example.find()).isTrue();
        Path file = Files.writeString(folder.resolve("example.conf"), example.group(1));
        assertThat(Configuration.load(file).warnings()).isEmpty();
    }

    private static Map<Path, String> documents() throws IOException {
        Map<Path, String> documents = new TreeMap<>();
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            for (Path page : Stream.concat(docs, Stream.of(Path.of("README.md")))
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList()) {
                documents.put(page, Files.readString(page));
            }
        }
        return documents;
    }

    @Test
    void theDocumentsNameEveryKeyThatIsNoLimit() throws IOException {
        String all = String.join("\n", documents().values());
        Stream.of(
                        ServiceReader.KEYS,
                        ListenReader.KEYS,
                        DirectoryReader.KEYS,
                        DirectoryReader.QUERY_KEYS,
                        DirectoryLdapReader.KEYS,
                        OrganizationReader.KEYS,
                        Domains.KEYS,
                        ConnectorReader.KEYS,
                        PartnerReader.KEYS)
                .flatMap(keys -> keys.names().stream())
                .forEach(key -> assertThat(all).containsPattern("(?<![a-z-])" + key + "(?![a-z-])"));
    }

    @Test
    void theConfigurationsInTheDocumentsHaveKeysThatExist() throws IOException {
        int blocks = 0;
        for (Map.Entry<Path, String> page : documents().entrySet()) {
            for (MatchResult block : Pattern.compile("(?ms)^```hocon\n(.*?)^```$")
                    .matcher(page.getValue())
                    .results()
                    .toList()) {
                blocks++;
                for (List<String> path : WrittenKeys.in(block.group(1))) {
                    String before = "";
                    for (String part : path) {
                        if (!Set.of(
                                        Names.ORGANIZATIONS,
                                        Names.CONNECTORS,
                                        Names.PARTNERS,
                                        Names.REQUIRED_HEADERS,
                                        "attributes")
                                .contains(before)) {
                            assertThat(knownKeys())
                                    .as(page.getKey() + ": " + path)
                                    .contains(part);
                        }
                        before = part;
                    }
                }
            }
        }
        assertThat(blocks).isGreaterThanOrEqualTo(4);
    }

    @Test
    void theRulesNameKeysAndWordsThatExist() throws IOException {
        Set<String> known = knownKeys();
        Stream.of(Accepting.values()).map(Accepting::key).forEach(known::add);
        Stream.of(Refusing.values()).map(Refusing::key).forEach(known::add);
        known.addAll(MapObserver.maps());
        Set<String> named = Pattern.compile("`([a-z]+(?:-[a-z]+)+)`")
                .matcher(Files.readString(Path.of("docs/rules.md")))
                .results()
                .map(word -> word.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        named.removeAll(Set.of("like-this", "first-last", "trusted-login", "public-key", "certificate-name"));
        assertThat(known).containsAll(named);
    }

    @Test
    void theMapsAreDocumented() throws IOException {
        String rules = Files.readString(Path.of("docs/rules.md"));
        String manual = Files.readString(Path.of("src/man/orgmilter.conf.5"));
        String reference = Files.readString(Path.of("src/main/resources/reference.conf"));
        for (String map : MapObserver.maps()) {
            assertThat(rules).contains("| `" + map + "` |");
            assertThat(manual).contains(".It Li " + map + "\n");
            assertThat(reference).contains("#   " + map + " ");
        }
    }

    @Test
    void referenceConfAloneGivesDefaults() throws IOException {
        List<String> defaults = new ArrayList<>(List.of("(default", "Default:", "by default `"));
        Stream.of(Refusing.values())
                .map(Refusing::defaultReply)
                .filter(reply -> reply.contains("{"))
                .forEach(defaults::add);
        Config limits = ConfigFactory.parseString(uncommented()).getConfig("limits");
        LimitsReader.KEYS.names().forEach(key -> defaults.add(key + " = " + limits.getString(key)));
        for (Map.Entry<Path, String> page : documents().entrySet()) {
            assertThat(page.getValue()).as(page.getKey().toString()).doesNotContain(defaults.toArray(String[]::new));
        }
    }

    @Test
    void theInstalledConfigurationLoadsWithoutAWarning() throws Exception {
        Configuration installed = Configuration.load(INSTALLED);
        assertThat(installed.warnings()).isEmpty();
        assertThat(installed.settings().listen()).containsExactly(new ListenAddress.Tcp("127.0.0.1", 10033));
    }

    @Test
    void theInstalledConfigurationStillLoadsWithWhatStandsInItsComments() throws Exception {
        String text = Files.readString(INSTALLED);
        Matcher socket = Pattern.compile("(?m)^#   (\\{ socket .*})$").matcher(text);
        assertThat(socket.find()).isTrue();
        String changed = text.replaceAll("(?m)^listen = .*", "listen = [ " + socket.group(1) + " ]")
                .replaceAll("(?m)^# (organizations-dir = )", "$1");
        Files.createDirectory(folder.resolve("organizations.d"));
        Configuration loaded = Configuration.load(Files.writeString(folder.resolve("orgmilter.conf"), changed));
        assertThat(loaded.settings().listen()).hasSize(1).first().isInstanceOf(ListenAddress.Unix.class);
    }

    @Test
    void theKeysOfReferenceConfThatHaveNoDefaultAreExamplesThatWork() throws Exception {
        String text = uncommented()
                .replace("policy-listen = []", "policy-listen = [ \"inet:10034@127.0.0.1\" ]")
                .replace("trusted-logins = [ \"*\" ]", "trusted-logins = [ \"joe\" ]")
                .replace("trust-authenticated = true", ""); // another name
        Path file = Files.writeString(folder.resolve("orgmilter.conf"), text);
        for (String year : List.of("2026", "2027")) {
            Files.writeString(
                    folder.resolve("contoso-" + year + ".pem"), new TestCertificate("mail.contoso.com").pem());
        }
        Files.writeString(folder.resolve("tailspin-2026.pem"), new TestCertificate("mail.tailspin.example").pem());
        Files.writeString(folder.resolve("tailspin-addresses.txt"), "192.0.2.3\n");
        Files.writeString(folder.resolve("contoso-domains.txt"), "contoso.example subdomains\n");
        Files.writeString(folder.resolve("contoso-addresses.txt"), "192.0.2.2\n");
        Files.writeString(folder.resolve("admin.token"), "0123456789abcdef0123456789abcdef\n");
        Files.createDirectory(folder.resolve("organizations.d"));
        Files.setPosixFilePermissions(
                Files.writeString(folder.resolve("directory.password"), "secret\n"),
                PosixFilePermissions.fromString("rw-------"));
        assertThat(Configuration.load(file).warnings()).isEmpty();
    }

    @Test
    void referenceConfAloneGivesTheDefaultsOfTheService() throws Exception {
        Config reference = ConfigFactory.parseString(uncommented());
        for (Refusing cause : Refusing.values()) {
            assertThat(reference.getString("replies." + cause.key())).isEqualTo(cause.defaultReply());
        }
        Configuration empty = Configuration.load(Files.writeString(folder.resolve("empty.conf"), ""));
        assertThat(empty.settings().limits()).isEqualTo(Limits.DEFAULT);
        // The value of a key that is null, or may not be used, comes from reference.conf as well.
        String nulls = ServiceReader.KEYS.names().stream()
                .filter(key -> !key.equals("listen"))
                .map(key -> key + " = null\n")
                .collect(Collectors.joining());
        Configuration same = Configuration.load(Files.writeString(folder.resolve("nulls.conf"), nulls));
        assertThat(same.settings()).isEqualTo(empty.settings());
        assertThat(same.policy().options()).isEqualTo(empty.policy().options());
    }

    @Test
    void theDefaultsOfOrganizationsAreThoseThatReferenceConfDescribes() throws Exception {
        Config organization = ConfigFactory.parseString(uncommented()).getConfig("organizations.contoso");
        String text =
                "organizations.a { accepted-domains = [ \"a.example\" ]%s, connectors.b { addresses = [ \"192.0.2.1\" ]%s } }";
        Organization minimal = only(text.formatted("", ""));
        List<String> described = new ArrayList<>();
        for (String key : List.of("sender-protection", "header-from", "mode")) {
            described.add(key);
            assertThat(only(text.formatted(", " + key + " = " + organization.getString(key), "")))
                    .as(key)
                    .isEqualTo(minimal);
        }
        Config connector = organization.getConfig("connectors.mail-server");
        for (String key : ConnectorReader.KEYS.names()) {
            if (!Set.of("LIST", "OBJECT")
                            .contains(connector.getValue(key).valueType().name())
                    && !key.endsWith("-file")
                    && !key.equals(Names.REMOVE_REQUIRED_HEADERS)) { // which stands beside required-headers only
                described.add(key);
                assertThat(only(text.formatted("", ", " + key + " = " + connector.getString(key))))
                        .as(key)
                        .isEqualTo(minimal);
            }
        }
        assertThat(described)
                .containsExactly(
                        "sender-protection",
                        "header-from",
                        "mode",
                        "require-tls",
                        "require-accepted-domain",
                        "allow-null-sender",
                        "enabled",
                        "mode");
        assertThat(minimal.connectors().get(0).issuers()).isEmpty();
        assertThat(minimal.connectors().get(0).senderDomains()).isEmpty();
    }

    private Organization only(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("minimal.conf"), text);
        return Configuration.load(file).policy().organizations().iterator().next();
    }

    @Test
    void everyLineWithAValueIsNamedWhenItIsBroken() throws Exception {
        List<String> lines = Files.readString(INSTALLED).lines().toList();
        int broken = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.strip().startsWith("#") || !line.contains("= ")) {
                continue;
            }
            broken++;
            List<String> changed = new ArrayList<>(lines);
            changed.set(i, line.replaceFirst("= ", "= nonsense "));
            Path file = Files.write(folder.resolve("broken.conf"), changed);
            int expected = i + 1;
            assertThat(catchThrowableOfType(ConfigurationException.class, () -> Configuration.load(file)))
                    .as(changed.get(i))
                    .isNotNull()
                    .satisfies(thrown -> assertThat(thrown.problems())
                            .extracting(Problem::line)
                            .contains(expected));
        }
        assertThat(broken).isGreaterThanOrEqualTo(8);
    }
}
