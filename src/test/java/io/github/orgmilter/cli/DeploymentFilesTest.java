package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.certificate.TestCertificate;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.Settings;
import io.github.orgmilter.net.ListenAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("The configuration that is deployed with")
final class DeploymentFilesTest {

    private static final Path GATES = Path.of("docs/gates.md");
    /** Names what opens a gate, and is no copy of one. */
    private static final Path DOCTOR = Path.of("docs", "doctor.md");

    @TempDir
    private Path folder;

    private void assertUsable(Path configuration) {
        assertUsable(configuration, new String[0]);
    }

    private void assertUsable(Path configuration, String... options) {
        StringWriter said = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(said));
        command.setErr(new PrintWriter(said));
        String[] arguments = Stream.concat(Stream.of("check", "--config", configuration.toString()), Stream.of(options))
                .toArray(String[]::new);
        assertThat(command.execute(arguments)).as(said.toString()).isZero();
    }

    @Test
    @DisplayName("compose.yaml can be used")
    void compose() throws IOException {
        assertThat(Files.readString(Path.of("src/oci/compose.yaml")))
                .contains("./orgmilter.conf:", "../../postfix-example/orgmilter.conf:/etc/orgmilter/example.conf:");
        Files.copy(Path.of("postfix-example/orgmilter.conf"), folder.resolve("example.conf"));
        assertUsable(Files.copy(Path.of("src/oci/orgmilter.conf"), folder.resolve("orgmilter.conf")));
    }

    @Test
    @DisplayName("the policy gate of the example can be used")
    void policyGate() throws IOException {
        Path example = Path.of("postfix-example");
        Files.copy(example.resolve("orgmilter.conf"), folder.resolve("orgmilter.conf"));
        Files.createDirectory(folder.resolve("certificates"));
        Files.writeString(
                folder.resolve("certificates/mail.adatum.com.pem"), new TestCertificate("mail.adatum.com").pem());
        assertUsable(Files.copy(example.resolve("orgmilter-policy.conf"), folder.resolve("orgmilter-policy.conf")));
        String socket = "check_policy_service { inet:127.0.0.1:10034, timeout=5s }";
        assertThat(Files.readString(example.resolve("master.cf"))).contains(socket);
    }

    @Test
    @DisplayName("docs/gates.md, line by line, is the one of the example")
    void gates() throws IOException {
        Path example = Path.of("postfix-example");
        List<String> lines = Stream.of(
                        "main.cf", "master.cf", "sendmail/orgmilter.m4", "sendmail/maps.mc", "sendmail/access")
                .flatMap(file -> read(example.resolve(file)).lines())
                .map(DeploymentFilesTest::bare)
                .toList();
        List<String> blocks = Pattern.compile("(?ms)^```([a-z]*)\n(.*?)^```$")
                .matcher(read(GATES))
                .results()
                .filter(block -> block.group(1).isEmpty())
                .flatMap(block -> block.group(2).lines())
                .map(DeploymentFilesTest::bare)
                .toList();
        assertThat(blocks).hasSizeGreaterThan(12).isSubsetOf(lines);
    }

    @Test
    @DisplayName("nowhere but in docs/gates.md and the example are the gates written out")
    void oneHome() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            Stream.concat(
                            files,
                            Stream.of("README.md", "postfix-example/README.md", "postfix-example/sendmail/README.md")
                                    .map(Path::of))
                    .filter(file -> file.toString().endsWith(".md") && !file.equals(GATES) && !file.equals(DOCTOR))
                    .forEach(file -> assertThat(read(file))
                            .as(file.toString())
                            .doesNotContain("check_policy_service {", "static:OK", "INPUT_MAIL_FILTER"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line of a table or of Postfix's files, active or not, whatever its spaces. */
    private static String bare(String line) {
        return line.replaceFirst("^ *#", "").strip().replaceAll("\\s+", " ");
    }

    @ParameterizedTest(name = "the wiring of {0} lets nobody smuggle a message")
    @ValueSource(
            strings = {
                "docs/gates.md",
                "postfix-example/main.cf",
                "src/man/orgmilter.8",
                "src/kubernetes/orgmilter.yaml",
                "src/kubernetes/orgmilter-directory.yaml"
            })
    void smuggling(String file) throws IOException {
        assertThat(Files.readAllLines(Path.of(file)))
                .anyMatch(line -> line.matches("(# +)?smtpd_forbid_bare_newline = normalize"))
                .anyMatch(line -> line.matches("(# +)?smtpd_forbid_bare_newline_exclusions ="));
    }

    @Test
    @DisplayName("the Kubernetes manifest can be used")
    void kubernetes() throws IOException {
        assertUsable(Files.writeString(
                folder.resolve("orgmilter.conf"), configurationIn(Path.of("src/kubernetes/orgmilter.yaml"))));
    }

    private static String configurationIn(Path manifest) {
        Matcher block =
                Pattern.compile("\n  orgmilter\\.conf: \\|\n((?: {4}.*\n|\n)+)").matcher(read(manifest));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    @Test
    @DisplayName("the Kubernetes manifest with a directory can be used, and every file that it names is mounted")
    void kubernetesWithDirectory() throws IOException {
        Path manifest = Path.of("src/kubernetes/orgmilter-directory.yaml");
        String configuration = configurationIn(manifest);
        assertUsable(withToken(configuration), "--no-directory");
        assertAsksForTheTables(configuration);
        String yaml = read(manifest);
        List<String> mounts = Pattern.compile("mountPath: (/\\S+)")
                .matcher(yaml)
                .results()
                .map(mount -> mount.group(1) + "/")
                .toList();
        Stream<String> named = Pattern.compile(
                        "(?:password-file = \"|token-file = \"|snapshot = \"|sslrootcert=)(/[^\"&]+)")
                .matcher(configuration)
                .results()
                .map(file -> file.group(1));
        assertThat(named).hasSize(5).allSatisfy(file -> assertThat(mounts).anyMatch(file::startsWith));
        for (String socket : List.of("10033", "10035")) {
            assertThat(configuration).contains("\"inet:" + socket + "@127.0.0.1\"");
            assertThat(yaml).contains("value: inet:127.0.0.1:" + socket);
        }
        assertThat(yaml).contains("- port: 5432", "secretName: orgmilter-directory", "externalTrafficPolicy: Local");
    }

    /** A file with the configuration, and its token in another file. */
    private Path withToken(String configuration) throws IOException {
        Path token = Files.writeString(folder.resolve("admin-token"), "correct-horse-battery-staple");
        return Files.writeString(
                folder.resolve("orgmilter.conf"),
                configuration.replaceAll("(admin-token-file = )\".*\"", "$1\"" + token + "\""));
    }

    private static void assertAsksForTheTables(String configuration) {
        List<String> queries = Pattern.compile("(?m)^-- +(settings|settings-of|version|changes) += (\".*\")$")
                .matcher(read(Path.of("src/main/resources/schema/postgresql.sql")))
                .results()
                .map(query -> query.group(2))
                .toList();
        assertThat(queries).hasSize(4);
        assertThat(configuration).contains(queries);
    }

    @Test
    @DisplayName("compose-directory.yaml can be used")
    void composeWithDirectory() throws IOException {
        Path oci = Path.of("src/oci");
        String yaml = read(oci.resolve("compose-directory.yaml"));
        String configuration = read(oci.resolve("directory.conf"));
        assertUsable(withToken(configuration), "--no-directory");
        assertAsksForTheTables(configuration);
        assertThat(configuration)
                .contains("/run/secrets/directory-password\"", "/run/secrets/admin-token\"", "\"/var/lib/orgmilter/");
        Stream<String> mounted = Pattern.compile("(?m)^ +- (\\.[^:]+):/")
                .matcher(yaml)
                .results()
                .map(file -> file.group(1))
                .filter(file -> !file.contains("/target/"));
        assertThat(mounted)
                .hasSize(6)
                .allSatisfy(file -> assertThat(oci.resolve(file)).exists());
        assertNodes(yaml, read(oci.resolve("haproxy.cfg")));
    }

    // Each Postfix asks the OrgMilter beside it, and gets no mail without it.
    private static void assertNodes(String yaml, String balancer) {
        for (int i = 1; i <= 3; i++) {
            assertThat(service(yaml, "orgmilter" + i))
                    .contains(
                            "<<: *orgmilter",
                            "./directory.conf:/etc/orgmilter/orgmilter.conf:ro",
                            "socket" + i + ":/run/orgmilter\n",
                            "snapshot" + i + ":/var/lib/orgmilter\n");
            assertThat(service(yaml, "postfix" + i))
                    .contains("<<: *postfix", "socket" + i + ":/var/spool/postfix/orgmilter\n");
            assertThat(balancer).contains("server postfix" + i + " postfix" + i + ":25 addr orgmilter" + i + "\n");
        }
        assertThat(balancer).contains("default-server check inter 2s port 9033 send-proxy-v2\n");
        assertThat(yaml).contains("command: [\"smtp/inet/smtpd_upstream_proxy_protocol=haproxy\",");
    }

    private static String service(String yaml, String name) {
        Matcher block = Pattern.compile("\n  " + name + ":\n((?: {4}.*\n)+)").matcher(yaml);
        assertThat(block.find()).as(name).isTrue();
        return block.group(1);
    }

    @Test
    @DisplayName("orgmilter-archive, which root runs, listens nowhere but where only root can reach it")
    void archive() throws Exception {
        Matcher block = Pattern.compile("(?s)cat >\"\\$work/orgmilter\\.conf\" <<'?END'?\n(.*?)\nEND\n")
                .matcher(Files.readString(Path.of("src/main/bin/orgmilter-archive")));
        assertThat(block.find()).isTrue();
        String text = block.group(1).replace("$sockets", folder.toString());
        Settings settings = Configuration.load(Files.writeString(folder.resolve("orgmilter.conf"), text))
                .settings();
        assertThat(Stream.concat(settings.listen().stream(), settings.adminListen().stream()))
                .hasSize(2)
                .allSatisfy(socket -> assertThat(socket).isInstanceOfSatisfying(ListenAddress.Unix.class, unix -> {
                    assertThat(unix.path().getParent()).isEqualTo(folder); // of mktemp -d: mode 0700
                    assertThat(PosixFilePermissions.toString(unix.mode())).isEqualTo("rw-------");
                }));
        assertThat(settings.policyListen()).isEmpty();
    }

    @Test
    @DisplayName("the unit and the image is where they look for it")
    void paths() throws IOException {
        String path = "--config /etc/orgmilter/orgmilter.conf";
        assertThat(Files.readString(Path.of("src/systemd/orgmilter.service")))
                .contains("serve " + path, "check " + path);
        assertThat(Files.readString(Path.of("src/oci/Dockerfile")))
                .contains("\"serve\", \"--config\", \"/etc/orgmilter/orgmilter.conf\"");
    }
}
