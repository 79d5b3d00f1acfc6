package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.certificate.TestCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("orgmilter check")
final class CheckCommandTest {

    private static final String GOOD = """
            organizations {
              contoso {
                accepted-domains = [ "contoso.com", "contoso.net" ]
                connectors {
                  hq { certificate-names = [ "mail.contoso.com" ] }
                  branch { addresses = [ "198.51.100.0/28", "2001:db8:42::/48", "203.0.113.10-203.0.113.20" ] }
                }
              }
              fabrikam { accepted-domains = [ "fabrikam.com" ] }
            }
            """;
    private static final String DOUBTFUL = GOOD.replace("198.51.100.0/28", "198.51.0.0/16");

    /** Of the directory: what the text means is for the store to say. */
    private static final Set<String> TAKES_ANY_TEXT =
            Set.of("user", "password-file", "settings", "settings-of", "version", "changes", "snapshot");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("orgmilter.conf");
    }

    private int check(String text, String... options) throws IOException {
        Files.writeString(file(), text);
        String[] arguments = new String[options.length + 3];
        arguments[0] = "check";
        arguments[1] = "--config";
        arguments[2] = file().toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return run(arguments);
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @Test
    @DisplayName("says what there is, and exits with 0")
    void good() throws IOException {
        assertThat(check(GOOD)).isZero();
        assertThat(out.toString().strip())
                .matches("config [0-9a-f]{8}: 2 organizations, 2 connectors, 3 accepted domains, 1 certificate name,"
                        + " 0 pins, 3 address ranges");
        assertThat(err.toString()).isEmpty();
        assertThat(check(GOOD, "--strict")).isZero();
    }

    @Test
    @DisplayName("counts one and none in good English")
    void numbers() throws IOException {
        assertThat(check("organizations.contoso { accepted-domains = [ \"contoso.com\" ] }"))
                .isZero();
        assertThat(out.toString().strip())
                .endsWith(
                        ": 1 organization, 0 connectors, 1 accepted domain, 0 certificate names, 0 pins, 0 address ranges");
    }

    @Test
    @DisplayName("warns on standard error, and exits with 1 only when it is strict")
    void warnings() throws IOException {
        assertThat(check(DOUBTFUL)).isZero();
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("warning: " + file() + ":6: organizations.contoso.connectors.branch.addresses: ");
        assertThat(check(DOUBTFUL, "--strict")).isEqualTo(1);
        assertThat(out.toString().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("config "));
    }

    @Test
    @DisplayName("warns of a service that refuses nothing, and of an admin socket that others reach")
    void operatorWarnings() throws IOException {
        assertThat(check("mode = audit\nadmin-listen = \"inet:9033@0.0.0.0\"\n" + GOOD))
                .isZero();
        assertThat(err.toString().lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("warning: " + file() + ":1: mode: nothing is refused while mode = audit"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("warning: " + file() + ":2: admin-listen: inet:9033@0.0.0.0 is not on loopback"));
    }

    @Test
    @DisplayName("warns of a configuration that every user can change")
    void permissions() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(Files.createFile(file()), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(check(GOOD)).isZero();
        assertThat(err.toString().strip())
                .isEqualTo(
                        "warning: " + file() + ": every user of this machine can write to it; run chmod o-w " + file());
        assertThat(check(GOOD, "--strict")).isEqualTo(1);
    }

    @Test
    @DisplayName("counts pins, and warns of certificates by the time that it is")
    void pins() throws IOException {
        Instant end = TestCertificate.NOW.plus(Duration.ofDays(20));
        Files.writeString(
                folder.resolve("a.pem"),
                new TestCertificate("mail.contoso.com")
                        .valid(TestCertificate.NOW, end)
                        .pem());
        Files.writeString(
                file(),
                "policy-listen = [ \"inet:10034@127.0.0.1\" ]\n"
                        + GOOD.replace("hq {", "hq { certificate-files = [ \"a.pem\" ],"));
        CommandLine commandLine = new CommandLine(new CheckCommand(InstantSource.fixed(TestCertificate.NOW)));
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        assertThat(commandLine.execute("--config", file().toString())).isZero();
        assertThat(out.toString()).contains(", 1 certificate name, 1 pin, 3 address ranges");
        assertThat(err.toString())
                .startsWith("warning: " + file() + ":6: organizations.contoso.connectors.hq.certificate-files: ")
                .contains("a.pem expires on 2026-06-21T12:00:00Z, in 20 days; ");
        assertThat(commandLine.execute("--strict", "--config", file().toString()))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("says every error, then the warnings and how many errors there are, and exits with 1")
    void errors() throws IOException {
        assertThat(check("unidentified-mail = maybe\n" + DOUBTFUL.replace("fabrikam.com", "com")))
                .isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines().toList()).hasSize(4).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith(file() + ":1: unidentified-mail: ");
            assertThat(lines.get(1)).startsWith(file() + ":10: organizations.fabrikam.accepted-domains: ");
            assertThat(lines.get(2)).startsWith("warning: " + file() + ":7: ");
            assertThat(lines.get(3)).isEqualTo("2 errors");
        });
    }

    @Tag("slow")
    @ParameterizedTest(name = "= {0}")
    @ValueSource(strings = {"nonsense $1", "[ [ $1 ] ]"})
    @DisplayName("names the line, whichever line with a value is broken, in a configuration with every key")
    void everyLine(String breaking) throws IOException {
        List<String> lines = Files.readString(Path.of("src/main/resources/reference.conf"))
                .replaceAll("(?m)^( *)#(?=[^ #\n])", "$1") // the keys without a default stand there as comments
                .replace("policy-listen = []", "policy-listen = [ \"inet:10034@127.0.0.1\" ]") // which pins need
                .replace("trusted-logins = [ \"*\" ]", "trusted-logins = [ \"joe\" ]") // not a connector's
                .replaceFirst("(?m)^trust-authenticated.*\n", "") // the same setting
                .lines()
                .toList();
        for (String year : List.of("2026", "2027")) {
            Files.writeString(
                    folder.resolve("contoso-" + year + ".pem"), new TestCertificate("mail.contoso.com").pem());
        }
        Files.writeString(folder.resolve("tailspin-2026.pem"), new TestCertificate("mail.tailspin.example").pem());
        Files.writeString(folder.resolve("tailspin-addresses.txt"), "192.0.2.3\n");
        Files.writeString(folder.resolve("contoso-domains.txt"), "contoso.example\n");
        Files.writeString(folder.resolve("contoso-addresses.txt"), "192.0.2.2\n");
        Files.writeString(folder.resolve("admin.token"), "0123456789abcdef0123456789abcdef\n");
        Files.createDirectory(folder.resolve("organizations.d"));
        assertThat(check(String.join("\n", lines), "--no-directory"))
                .as("%s", err)
                .isZero();
        int broken = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.strip().startsWith("#") || !line.contains(" = ")) {
                continue;
            }
            if (breaking.startsWith("nonsense")
                    && TAKES_ANY_TEXT.contains(line.strip().split(" ")[0])) {
                continue;
            }
            broken++;
            List<String> changed = new ArrayList<>(lines);
            changed.set(i, line.replaceFirst("(?<= = )(.*)$", breaking));
            err.getBuffer().setLength(0);
            assertThat(check(String.join("\n", changed), "--no-directory"))
                    .as(changed.get(i))
                    .isEqualTo(1);
            assertThat(err.toString()).as(changed.get(i)).contains(file() + ":" + (i + 1) + ": ");
        }
        assertThat(broken).as("lines").isGreaterThan(30);
    }

    @Test
    @DisplayName("says that a file is not there or no HOCON, and exits with 1")
    void unreadable() throws IOException {
        assertThat(run("check", "--config", folder.resolve("none.conf").toString()))
                .isEqualTo(1);
        assertThat(check("listen = [")).isEqualTo(1);
        assertThat(err.toString().lines().toList())
                .satisfies(lines -> {
                    assertThat(lines.get(0)).startsWith(folder.resolve("none.conf") + ": ");
                    assertThat(lines.get(1)).isEqualTo("1 error");
                    assertThat(lines.get(2)).startsWith(file() + ":1: ");
                    assertThat(lines.get(3)).isEqualTo("1 error");
                })
                .hasSize(4);
    }

    @Test
    @DisplayName("exits with 2 when it is called wrongly")
    void usage() throws IOException {
        assertThat(check(GOOD, "--no-such-option")).isEqualTo(2);
        assertThat(run("check", "--config")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("Usage: orgmilter check", "--config=FILE");
    }

    @Test
    @DisplayName("tells whether an export still says what the configuration says")
    void exported() throws IOException {
        Files.writeString(file(), GOOD);
        Path exports = folder.resolve("exports");
        assertThat(run("export", "postfix", "--config", file().toString(), "--output-dir", exports.toString()))
                .isZero();
        Path cidr = exports.resolve("orgmilter.cidr");
        assertThat(check(GOOD + "# a comment\n", "--exported", cidr.toString())).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(check(GOOD.replace("198.51.100.0/28", "198.51.100.0/27"), "--exported", cidr.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith(cidr + ": stale: ").contains("198.51.100.0/27");
        assertThat(check(GOOD, "--exported", folder.resolve("none").toString())).isEqualTo(1);
        assertThat(check(GOOD, "--exported", file().toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains("there is no " + folder.resolve("none"))
                .contains("is no export of orgmilter");
    }
}
