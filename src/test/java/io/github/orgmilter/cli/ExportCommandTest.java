package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.cli.option.Failures;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.export.Exports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("orgmilter export")
final class ExportCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path config = Path.of("");

    @BeforeEach
    void writeConfiguration() throws IOException {
        config = Files.writeString(
                folder.resolve("orgmilter.conf"),
                "organizations { contoso { accepted-domains = [ \"contoso.com\" ]\n"
                        + "connectors { hq { addresses = [ \"192.0.2.0/24\" ] } } } }\n");
    }

    private int run(String... arguments) {
        CommandLine commandLine = new CommandLine(new ExportCommand()).setExecutionExceptionHandler(new Failures());
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postfix", "sendmail"})
    @DisplayName("prints one text, which check understands")
    void standardOutput(String mta) throws Exception {
        assertThat(run(mta, "--config", config.toString())).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains("  orgmilter export " + mta + " --config " + config + "\n")
                .contains("192.0.2");
        Path exported = Files.writeString(folder.resolve("exported"), out.toString());
        assertThat(Exports.whyStale(exported, Configuration.load(config))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postfix", "sendmail"})
    @DisplayName("writes the files to a folder, which it makes, and replaces what was there")
    void folder(String mta) throws Exception {
        Path target = folder.resolve("new/folder");
        assertThat(run(mta, "--config", config.toString(), "--output-dir", target.toString()))
                .isZero();
        List<String> printed = out.toString().lines().toList();
        for (Path file : printed.stream().map(Path::of).toList()) {
            Files.writeString(file, "old");
        }
        assertThat(run(mta, "--config", config.toString(), "--output-dir", target.toString()))
                .isZero();
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files.map(Path::toString)).containsExactlyInAnyOrderElementsOf(printed);
        }
        for (String file : printed) {
            assertThat(Exports.whyStale(Path.of(file), Configuration.load(config)))
                    .as(file)
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("says what is wrong with the configuration, or has no form there, and exits with 1")
    void failures() throws IOException {
        Files.writeString(config, "listen = [ \"inet:0@127.0.0.1\" ]\n" + Files.readString(config));
        assertThat(run("postfix", "--config", config.toString())).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo(config + ": the first socket of listen has port 0, which is another one at each start;"
                        + " write a port of its own" + System.lineSeparator());
        Files.writeString(config, "organizations { contoso { accepted-domains = [ \"com\" ] } }");
        assertThat(run("postfix", "--config", config.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(config + ":1: organizations.contoso.accepted-domains");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    @DisplayName("says that it cannot write, and exits with 1")
    void notWritable() {
        assertThat(run("postfix", "--config", config.toString(), "--output-dir", config.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("orgmilter: cannot write ").contains(config.toString());
    }

    @Test
    @DisplayName("exits with 2 for an MTA that it does not know, or none")
    void usage() {
        assertThat(run("exim", "--config", config.toString())).isEqualTo(2);
        assertThat(run("--config", config.toString())).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }
}
