package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.cli.option.Failures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("The command")
final class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @Test
    @DisplayName("says every problem of a configuration, each with its place and repair, and exits with 1")
    void badConfiguration() throws IOException {
        Path config = Files.writeString(folder.resolve("orgmilter.conf"), """
                listen = [ "inet:99999@127.0.0.1" ]
                organizations {
                  contoso {
                    accepted-domains = [ "com" ]
                    connectors { hq { adresses = [ "10.0.0.5/8" ] } }
                  }
                }
                """);
        assertThat(run("serve", "--allow-root", "--config", config.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(
                        line -> assertThat(line).startsWith(config.toString()).contains("; "))
                .anySatisfy(line -> assertThat(line).startsWith(config + ":1: listen"))
                .anySatisfy(line -> assertThat(line).startsWith(config + ":4: organizations.contoso.accepted-domains"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith(config + ":5: ")
                        .contains("adresses")
                        .contains("addresses"));
    }

    @Test
    @DisplayName("says that a configuration does not exist, and exits with 1")
    void noConfiguration() {
        Path config = folder.resolve("none.conf");
        assertThat(run("serve", "--allow-root", "--config", config.toString())).isEqualTo(1);
        assertThat(err.toString()).startsWith(config.toString());
    }

    @Test
    @DisplayName("says which socket cannot be had, and exits with 1")
    void takenPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Path config = Files.writeString(
                    folder.resolve("orgmilter.conf"),
                    "listen = [ \"inet:" + taken.getLocalPort() + "@127.0.0.1\" ]\n"
                            + "organizations { contoso { accepted-domains = [ \"contoso.com\" ] } }\n");
            assertThat(run("serve", "--allow-root", "--config", config.toString()))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("orgmilter: cannot listen on inet:" + taken.getLocalPort() + "@127.0.0.1: ");
        }
    }

    @Test
    @DisplayName("does not serve as root unless it is told to, and says how else")
    void root() {
        CommandLine serve = new CommandLine(new ServeCommand(() -> true)).setExecutionExceptionHandler(new Failures());
        serve.setErr(new PrintWriter(err));
        String config = folder.resolve("none.conf").toString();
        assertThat(serve.execute("--config", config)).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("orgmilter: refusing to run as root; ")
                .contains("--allow-root")
                .hasLineCount(1);
        err.getBuffer().setLength(0);
        assertThat(serve.execute("--config", config, "--allow-root")).isEqualTo(1);
        assertThat(err.toString()).as("what comes next").startsWith(config);
    }

    @Test
    @DisplayName("exits with 2 and the usage when it is called wrongly")
    void usage() {
        assertThat(run("serve", "--no-such-option")).isEqualTo(2);
        assertThat(err.toString()).contains("--no-such-option").contains("--config=FILE");
        err.getBuffer().setLength(0);
        assertThat(run("chekc")).isEqualTo(2);
        assertThat(err.toString()).contains("chekc").contains("check");
    }

    @Test
    @DisplayName("prints its help and exits with 2 when it is called with nothing")
    void nothing() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("serve", "check", "explain", "export", "fingerprint");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest(name = "orgmilter {0}")
    @ValueSource(strings = {"serve", "check", "explain", "export"})
    @DisplayName("reads the installed configuration unless it is given another")
    void defaultConfiguration(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("[--config=FILE]").contains("/etc/orgmilter/orgmilter.conf");
    }

    @Test
    @DisplayName("prints each error once, in colour on a terminal only")
    void colour() {
        String config = folder.resolve("none.conf").toString();
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.ON));
        assertThat(commandLine.execute("export", "postfix", "--config", config)).isEqualTo(1);
        assertThat(err.toString()).startsWith("\u001b[").contains(config).hasLineCount(1);
        err.getBuffer().setLength(0);
        assertThat(run("export", "postfix", "--config", config)).isEqualTo(1);
        assertThat(err.toString()).startsWith(config).hasLineCount(1);
    }

    @ParameterizedTest(name = "orgmilter {0}: {1}")
    @CsvSource({
        "ex, explain export",
        "'', serve check explain export generate-completion",
        "explain --resolved-, --resolved-from --resolved-to",
        "explain --mta s, sendmail",
        "export '', postfix sendmail",
        "serve --config pom.x, pom.xml"
    })
    @DisplayName("is completed by the shell")
    void completion(String typed, String expected) throws Exception {
        assertThat(run("generate-completion")).isZero();
        Path script = Files.writeString(folder.resolve("orgmilter"), out.toString());
        String ask = """
                compopt() { :; } # works only where a person has typed TAB
                source "$1"
                eval "COMP_WORDS=(orgmilter $2)"
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                complete -p orgmilter >/dev/null
                _complete_orgmilter
                echo "${COMPREPLY[@]}"
                """;
        String completions;
        try (ChildProcess bash = ChildProcess.start(
                List.of("bash", "-c", ask, "bash", script.toString(), typed.isEmpty() ? "''" : typed))) {
            assertThat(bash.exitValue()).as(bash.said()).isZero();
            completions = bash.said();
        }
        assertThat(completions.trim().split(" ")).contains(expected.split(" "));
    }

    @Test
    @DisplayName("knows its version and its help")
    void help() {
        assertThat(run("--version")).isZero();
        assertThat(run("serve", "--help")).isZero();
        assertThat(out.toString()).startsWith("orgmilter ").contains("--config=FILE");
    }
}
