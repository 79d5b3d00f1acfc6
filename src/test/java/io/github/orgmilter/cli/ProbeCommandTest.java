package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.probe.FakeSmtpServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("orgmilter probe")
final class ProbeCommandTest {

    private static final String DENIED = "550 5.7.1 Relay access denied: 127.0.0.1 is not a known customer mail server";

    /** Mail to postmaster of contoso.com, and whatever else an address that is plainly inside is. */
    private static final Function<String, String> CLOSED =
            line -> line.startsWith("RCPT TO:") && !line.equals("RCPT TO:<postmaster@contoso.com>") ? DENIED : "";

    private CommandRun command;

    @BeforeEach
    void configuration(@TempDir Path folder) throws IOException {
        command = new CommandRun("probe", folder, """
                listen = [ "inet:10033@127.0.0.1" ]
                local-domains = [ "mx1.example.net" ]
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors.headquarters { addresses = [ "192.0.2.1" ] }
                  }
                  northwind {
                    accepted-domains = [ "northwind.example" ]
                    connectors.mail { certificate-names = [ "mail.northwind.example" ], issuers = [ "Good CA" ] }
                  }
                }
                """);
    }

    private int probe(FakeSmtpServer server, String... arguments) {
        List<String> all = new ArrayList<>(List.of("127.0.0.1:" + server.port(), "--rate=50"));
        all.addAll(List.of(arguments));
        return command.run(all.toArray(String[]::new));
    }

    @Tag("slow")
    @Test
    @DisplayName("exits with 0 if nothing is relayed that should not be, and else with 1")
    void status() throws IOException {
        try (FakeSmtpServer server = new FakeSmtpServer(CLOSED)) {
            assertThat(probe(server)).as(command.err()).isZero();
            assertThat(command.out()).contains("result     nothing was relayed that should not be");
        }
        try (FakeSmtpServer server = new FakeSmtpServer(line -> "")) {
            assertThat(probe(server, "--json", "--domain=northwind.example")).isEqualTo(1);
            assertThat(command.out()).contains("OPEN", "@northwind.example");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "192.0.2.1:2525", "[2001:db8::1]:25", "2001:db8::1"})
    @DisplayName("leaves other people's hosts alone")
    void foreign(String host) {
        assertThat(command.run(host)).isEqualTo(1);
        assertThat(command.err())
                .contains("is not this machine and not in local-domains, so nothing is sent to it")
                .contains("--i-am-the-operator");
    }

    @Test
    @DisplayName("sends no password without TLS, and none as an argument")
    void password() throws IOException {
        Path file = command.write("password", "secret\n");
        try (FakeSmtpServer server = new FakeSmtpServer(CLOSED)) {
            assertThat(probe(server, "--login=a@contoso.com", "--password-file=" + file))
                    .isEqualTo(1);
            assertThat(server.commands()).noneMatch(line -> line.startsWith("AUTH"));
            assertThat(command.out() + " " + command.err())
                    .contains("does not offer STARTTLS")
                    .doesNotContain("secret");
        }
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--rate=0                        | 2 | Give --rate a number from 1 to 50",
                "--timeout=0                     | 2 | Give --timeout seconds from 1 to 600",
                "--helo=a_b\u00e9                | 2 | Give --helo a host name",
                "--client-address=[192.0.2.1]    | 2 | Give --client-address an IPv4 or IPv6 address",
                "--certificate=/none             | 2 | Give --certificate and --key together",
                "--password-file=/none           | 2 | Give --password-file with --login only",
                "--outside=contoso.com           | 1 | contoso.com is an accepted or local domain",
                "--outside=a..b                  | 1 | is not a domain name",
                "--login=a                       | 2 | Give --password-file: there is no terminal"
            })
    @DisplayName("says what is wrong with an option")
    void mistakes(String option, int status, String message) {
        assertThat(command.run("127.0.0.1:1", option)).isEqualTo(status);
        assertThat(command.err()).contains(message);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:smtp", ""})
    @DisplayName("says what a server looks like")
    void servers(String server) {
        assertThat(command.run(server)).isEqualTo(2);
        assertThat(command.err()).containsAnyOf("Give HOST", "Give a port from 1 to 65535");
    }
}
