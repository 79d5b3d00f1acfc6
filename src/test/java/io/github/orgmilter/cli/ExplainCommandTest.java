package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("orgmilter explain")
final class ExplainCommandTest {

    private CommandRun explain;

    @BeforeEach
    void configuration(@TempDir Path folder) throws IOException {
        explain = TwoOrganizations.explain(folder);
    }

    @Test
    @DisplayName("prints JSON for programs")
    void json() {
        assertThat(explain.run(
                        "--client-address",
                        "198.51.100.3",
                        "--from",
                        "a@fabrikam.com",
                        "--to",
                        "b@example.net",
                        "--json"))
                .isZero();
        Config answer = ConfigFactory.parseString(explain.out());
        Config recipient = answer.getConfigList("recipients").get(0);
        assertThat(answer.getString("client")).isEqualTo("198.51.100.3, not encrypted");
        assertThat(recipient.getString("recipient")).isEqualTo("<b@example.net>");
        assertThat(recipient.getString("verdict")).isEqualTo("accept");
        assertThat(recipient.getString("cause")).isEqualTo("sender-domain");
        assertThat(recipient.getString("organization")).isEqualTo("fabrikam");
        assertThat(recipient.getString("connector")).isEqualTo("branch");
        assertThat(recipient.getConfigList("connectors")).hasSize(5);
        assertThat(recipient.getConfigList("connectors").stream()
                        .map(it -> it.getString("organization") + "/" + it.getString("connector") + " "
                                + it.getBoolean("identifies") + " "
                                + it.getConfigList("reasons").get(0).getString("reason")))
                .containsExactly(
                        "contoso/headquarters false no-verified-name",
                        "contoso/issued false no-verified-name",
                        "contoso/off false disabled",
                        "fabrikam/branch true address",
                        "fabrikam/encrypted false other-address");
        assertThat(recipient.getConfigList("facts").stream()
                        .map(it -> it.getString("fact") + " " + it.getBoolean("holds")))
                .containsExactly(
                        "login false",
                        "exempt-client false",
                        "recipient-well-formed true",
                        "sender-well-formed true",
                        "inbound false",
                        "identified true",
                        "sender-within-limit true",
                        "sender-domain true");
        assertThat(recipient.getConfigList("facts").get(7).getString("text"))
                .isEqualTo("fabrikam/branch: sender fabrikam.com is an accepted domain of fabrikam");
        assertThat(recipient.getConfigList("facts").get(7).getString("connector"))
                .isEqualTo("branch");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "[192.0.2.1]:25",
                "192.0.2.1:25",
                "[192.0.2.1]",
                "192.0.2.0/24",
                "mail.contoso.com",
                "",
                "192.0.2.1 ",
                "UNKNOWN"
            })
    @DisplayName("refuses what no MTA reports for a client's address")
    void noClientAddress(String address) {
        assertThat(explain.run("--client-address", address, "--from", "a@fabrikam.com", "--to", "b@example.net"))
                .isEqualTo(2);
        assertThat(explain.out()).isEmpty();
        assertThat(explain.err())
                .startsWith(
                        "Give --client-address an IPv4 or IPv6 address, or unknown, and no port or brackets: no MTA reports \""
                                + address + "\"");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"unknown", "198.51.100.3", "2001:db8:42::1", "IPv6:2001:db8:42::1", "::ffff:198.51.100.3"})
    @DisplayName("takes what an MTA reports for a client's address")
    void clientAddress(String address) {
        assertThat(explain.run("--client-address", address, "--from", "a@fabrikam.com", "--to", "b@example.net"))
                .isZero();
        assertThat(explain.out()).contains("verdict    " + (address.equals("unknown") ? "reject" : "accept"));
    }

    @Test
    @DisplayName("says what is wrong with its arguments and with the configuration")
    void errors() throws IOException {
        assertThat(explain.run("--from", "a@x", "--to", "b@y", "--to", "c@y", "--resolved-to", "b@y"))
                .isEqualTo(2);
        assertThat(explain.err()).contains("Give --resolved-to as often as --to, or not at all");
        explain.configure("listen = 1");
        assertThat(explain.run("--from", "a@x", "--to", "b@y")).isEqualTo(1);
        assertThat(explain.err()).contains(explain.config() + ":1: listen");
    }
}
