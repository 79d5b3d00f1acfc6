package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("orgmilter explain, of the header,")
final class ExplainHeaderTest {

    private CommandRun explain;

    @BeforeEach
    void configuration(@TempDir Path folder) throws IOException {
        explain = TwoOrganizations.explain(folder);
    }

    @Test
    @DisplayName("explains the decision at the end of the header")
    void header() throws IOException {
        explain.configure(explain.configuration()
                .replace("[ \"contoso.com\" ]", "[ \"contoso.com\" ], header-from = relay")
                .replace("local-domains", "trust-authenticated = false\nlocal-domains"));
        Path message =
                explain.write("message", "Subject: a\r\nFrom: A\r\n <a@contoso.com>\r\n\r\nFrom: b@x.example\r\n");
        String[] relayed = {"--client-address", "198.51.100.3", "--from", "a@fabrikam.com", "--to", "b@example.net"};
        explain.run(relayed, "--header", "From: a@fabrikam.com");
        assertThat(explain.out()).contains("header     From has fabrikam.com\nverdict    accept\n");
        explain.run(relayed, "--message", message.toString());
        assertThat(explain.out())
                .contains(
                        "header     From has contoso.com\nverdict    reject, protected-header-from\nreply      550 5.7.1 Access denied:")
                .contains(
                        "contoso.com belongs to contoso, whose header-from is relay and whose connectors do not identify the client");
        assertThat(explain.run(relayed, "--header", "nonsense")).isEqualTo(2);
        assertThat(explain.err())
                .contains("header field 1 of --header has no name and colon")
                .doesNotContain("nonsense");
        explain.run(relayed, "--json", "--header", "From: a@contoso.com");
        assertThat(explain.out()).contains("\"cause\" : \"protected-header-from\"");
    }

    @Test
    @DisplayName("explains what the header of a shared server's message decides, and shows no value")
    void sharedServer() throws IOException {
        explain.configure("""
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors.cloud { addresses = [ "192.0.2.9" ], required-headers { X-Key = [ "top-secret" ] } }
                  }
                }
                """);
        String[] relayed = {"--client-address", "192.0.2.9", "--from", "a@contoso.com", "--to", "b@example.net"};
        explain.run(relayed);
        assertThat(explain.out())
                .contains("verdict    accept, sender-domain, if the header meets: relay\n")
                .contains("connector  contoso/cloud: match if the header has the required X-Key\n")
                .contains("yes        the client matches connectors with required-headers, so the header decides\n");
        Path message = explain.write("message", "x-key: top-SECRET\r\n\r\n");
        explain.run(relayed, "--message", message.toString());
        assertThat(explain.out())
                .contains(
                        "header     the header has the required fields of contoso/cloud (X-Key)\nverdict    accept\n");
        explain.run(relayed, "--json", "--header", "X-Key: other");
        assertThat(explain.out())
                .contains("\"provisional\" : [", "\"cause\" : \"header-mismatch\"")
                .contains("the header has the required fields of no connector that the client matches");
        assertThat(explain.out().toLowerCase(Locale.ROOT)).doesNotContain("secret");
    }
}
