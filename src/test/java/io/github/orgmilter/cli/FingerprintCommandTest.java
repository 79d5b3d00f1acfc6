package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.certificate.TestCertificate;
import io.github.orgmilter.config.Configuration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("orgmilter fingerprint")
final class FingerprintCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... files) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(Stream.concat(
                        Stream.of("fingerprint"),
                        Stream.of(files).map(file -> folder.resolve(file).toString()))
                .toArray(String[]::new));
    }

    @Test
    @DisplayName("prints lines that a connector understands, and that pin the very certificate")
    void paste() throws Exception {
        TestCertificate certificate =
                new TestCertificate("Contoso\nlisten").alternatives("mail.contoso.com", "*.contoso.com");
        String pem = certificate.pem();
        Files.writeString(folder.resolve("a.pem"), pem);
        assertThat(run("a.pem")).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().lines())
                .hasSize(5)
                .startsWith(
                        "# " + folder.resolve("a.pem") + ": CN=Contoso\\u000alisten",
                        "# names: mail.contoso.com, *.contoso.com",
                        "# valid: 2025-12-03T12:00:00Z to 2026-11-28T12:00:00Z")
                .endsWith("public-key-fingerprints = [ \"" + certificate.publicKeyFingerprint() + "\" ]");
        Path file = folder.resolve("orgmilter.conf");
        Files.writeString(
                file,
                "organizations.contoso { accepted-domains = [ \"contoso.com\" ], connectors {\n a {\n" + out
                        + "}\n b.certificate-files = [ \"a.pem\" ] } }");
        var connectors = Configuration.load(file)
                .policy()
                .organizations()
                .iterator()
                .next()
                .connectors();
        assertThat(connectors.get(0).pins().get(0).fingerprint())
                .isEqualTo(connectors.get(1).pins().get(0).fingerprint());
    }

    @Test
    @DisplayName("prints every certificate of every file, names the file that has none, and exits with 1 then")
    void several() throws Exception {
        Files.writeString(
                folder.resolve("a.pem"), new TestCertificate("a.example").pem() + new TestCertificate("Some CA").pem());
        Files.writeString(folder.resolve("b.pem"), "nothing");
        Files.writeString(folder.resolve("c.pem"), new TestCertificate("c.example").pem());
        assertThat(run("a.pem", "b.pem", "gone.pem", "c.pem")).isEqualTo(1);
        assertThat(out.toString().lines().filter(line -> line.startsWith("certificate-fingerprints")))
                .hasSize(3);
        assertThat(err.toString().lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).startsWith(folder.resolve("b.pem") + " has no PEM certificate; "))
                .anySatisfy(line -> assertThat(line).startsWith("there is no " + folder.resolve("gone.pem") + "; "));
    }

    @Test
    @DisplayName("never takes a later certificate for the first, and prints none of a file that holds something unread")
    void unread() throws Exception {
        TestCertificate first = new TestCertificate("a.example");
        String pem = first.pem();
        String authority = new TestCertificate("Some CA").pem();
        Files.writeString(folder.resolve("a.pem"), "\ufeff" + pem + authority);
        assertThat(run("a.pem")).isZero();
        assertThat(out.toString()
                        .lines()
                        .filter(line -> line.startsWith("public-key-fingerprints"))
                        .findFirst())
                .hasValue("public-key-fingerprints = [ \"" + first.publicKeyFingerprint() + "\" ]");
        out.getBuffer().setLength(0);
        Files.writeString(folder.resolve("b.pem"), pem.strip() + authority);
        assertThat(run("b.pem")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .matches("line \\d+ of .*b.pem looks like part of a certificate that cannot be read; .*\\R");
    }

    @Test
    @DisplayName("wants a file")
    void usage() {
        assertThat(run()).isEqualTo(2);
    }
}
