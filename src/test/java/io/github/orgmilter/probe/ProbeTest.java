package io.github.orgmilter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyFixture;
import io.github.orgmilter.probe.smtp.Credentials;
import io.github.orgmilter.probe.smtp.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A probe")
final class ProbeTest {

    private static final int AT_ONCE = 100_000; // transactions a second
    private static final String DENIED = "550 5.7.1 Relay access denied: 127.0.0.1 is not a known customer mail server";

    /** Takes mail to postmaster of contoso.com alone. */
    private static final Function<String, String> CLOSED =
            line -> line.startsWith("RCPT TO:") && !line.equals("RCPT TO:<postmaster@contoso.com>") ? DENIED : "";

    private ProbeResult probe(FakeSmtpServer server) throws IOException, InterruptedException {
        return probe(server, service().policy(), Duration.ofMinutes(1), Optional.empty());
    }

    private static PolicyFixture service() {
        return PolicyFixture.service()
                .local("mx1.example.net")
                .organization(
                        "contoso", List.of("contoso.com"), PolicyFixture.connector("headquarters", "address 192.0.2.1"))
                .organization(
                        "northwind",
                        List.of("northwind.example"),
                        PolicyFixture.connector("mail", "name mail.northwind.example", "issuer Good CA"));
    }

    private static ProbeResult probe(FakeSmtpServer server, Policy policy, Duration patience, Optional<String> client)
            throws IOException, InterruptedException {
        Target target = new Target(
                "mx.example.net",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                false,
                List.of(),
                "orgmilter-probe.invalid",
                patience,
                AT_ONCE);
        return new Probe(
                        policy,
                        target,
                        Mta.POSTFIX,
                        Credentials.NONE,
                        client,
                        Optional.empty(),
                        PolicyFixture.domain("example.com"))
                .run();
    }

    private static String text(ProbeResult result) {
        StringWriter out = new StringWriter();
        new ProbeReport(new PrintWriter(out), result).text();
        return out.toString();
    }

    @Test
    @DisplayName("finds an open relay, and says how it is open")
    void open() throws IOException, InterruptedException {
        try (FakeSmtpServer server = new FakeSmtpServer(line -> "")) {
            ProbeResult result = probe(server);
            assertThat(result.isProof()).isFalse();
            assertThat(text(result))
                    .contains("RELAYED, and should not be: an address outside\n"
                            + "    MAIL FROM:<orgmilter-probe@example.com>, RCPT TO:<orgmilter-probe@example.com>\n"
                            + "    answered RCPT with 250 2.0.0 Ok; explain: reject, not-identified")
                    .contains(
                            "a stranger: 20 recipients were relayed that should not be, and the other spellings not tried")
                    .contains("result     OPEN: the server relays what the configuration refuses");
            assertThat(server.commands().stream().filter(line -> line.startsWith("RCPT")))
                    .hasSizeLessThan(100);
        }
    }

    @Test
    @DisplayName("finds the one way in that is open")
    void oneWay() throws IOException, InterruptedException {
        Function<String, String> percentHack = line ->
                line.contains("%example.com@contoso.com>") && line.startsWith("RCPT") ? "250 Ok" : CLOSED.apply(line);
        try (FakeSmtpServer server = new FakeSmtpServer(percentHack)) {
            assertThat(text(probe(server)))
                    .contains("RELAYED, and should not be: percent, at an accepted domain")
                    .doesNotContain("RELAYED, and should not be: an address outside");
        }
    }

    @Test
    @DisplayName("finds nothing at a server that is closed, names itself, and sends no message")
    void closed() throws IOException, InterruptedException {
        try (FakeSmtpServer server = new FakeSmtpServer(CLOSED)) {
            ProbeResult result = probe(server);
            assertThat(result.isProof()).as(text(result)).isTrue();
            assertThat(text(result))
                    .contains("greeting   220 mx.example.net ESMTP")
                    .contains("TLS        none: the server does not offer STARTTLS")
                    .containsPattern("a stranger: [0-9]+ attempts, 1 accepted; refused by OrgMilter [1-9]")
                    .contains("a stranger in a customer's name: ")
                    .contains("result     nothing was relayed that should not be")
                    .doesNotContain("note ");
            Set<String> verbs = server.commands().stream()
                    .map(line -> line.split("[ :]", 2)[0])
                    .collect(Collectors.toSet());
            assertThat(verbs).containsExactlyInAnyOrder("EHLO", "MAIL", "RCPT", "RSET", "QUIT");
            assertThat(server.commands())
                    .contains("EHLO orgmilter-probe.invalid")
                    .contains("MAIL FROM:<orgmilter-probe@contoso.com>")
                    .contains("MAIL FROM:<orgmilter-probe@example.com> SMTPUTF8");
            assertThat(server.commands().stream().filter(line -> line.startsWith("RCPT")))
                    .hasSizeLessThan(400);
        }
    }

    @Test
    @DisplayName("prints JSON for programs")
    void json() throws IOException, InterruptedException {
        try (FakeSmtpServer server = new FakeSmtpServer(CLOSED)) {
            StringWriter out = new StringWriter();
            new ProbeReport(new PrintWriter(out), probe(server)).json();
            Config answer = ConfigFactory.parseString(out.toString());
            assertThat(answer.getBoolean("proof")).isTrue();
            assertThat(answer.getInt("relayed")).isZero();
            assertThat(answer.getConfigList("attempts"))
                    .allSatisfy(it -> assertThat(it.getString("judgement")).isEqualTo("as-expected"))
                    .anySatisfy(it -> assertThat(it.getString("refused-by")).isEqualTo("orgmilter"));
        }
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @CsvSource(
            delimiter = '|',
            value = {
                "the milter is down        | RCPT | 451 4.7.1 Service unavailable | deferred",
                "the server ends sessions  | RCPT | 421 4.7.0 Too many errors     | no answer",
                "the server hangs up       | RCPT | (hang up)                     | no answer",
                "the server says nothing   | RCPT | (silence)                     | no answer",
                "the server never ends     | RCPT | (drip)                        | no answer",
                "something else answers    | MAIL | SSH-2.0                       | no answer"
            })
    @DisplayName("shows nothing, and comes to an end, where")
    void inconclusive(String name, String verb, String reply, String word) throws IOException, InterruptedException {
        Instant begin = Instant.now();
        try (FakeSmtpServer server = new FakeSmtpServer(line -> line.startsWith(verb) ? reply : "")) {
            ProbeResult result = probe(server, service().policy(), Duration.ofSeconds(1), Optional.empty());
            assertThat(result.isProof()).isFalse();
            assertThat(text(result))
                    .contains("  " + word + ": an address outside")
                    .contains("which shows nothing");
        }
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofMinutes(2));
    }

    @Test
    @DisplayName("notes that a plain refusal was for another reason")
    void otherReason() throws IOException, InterruptedException {
        try (FakeSmtpServer server =
                new FakeSmtpServer(line -> line.startsWith("RCPT") ? "554 5.7.1 blocked by a list" : "")) {
            assertThat(text(probe(server)))
                    .contains("a plain address outside is refused, but not for relaying: 554 5.7.1 blocked by a list")
                    .contains("mail to postmaster@contoso.com was not taken");
        }
    }

    @Test
    @DisplayName("notes that the configuration lets this machine relay, unless the server sees another address")
    void exempt() throws IOException, InterruptedException {
        Policy policy = service().exempt("127.0.0.1").policy();
        try (FakeSmtpServer server = new FakeSmtpServer(line -> "")) {
            ProbeResult here = probe(server, policy, Duration.ofMinutes(1), Optional.empty());
            assertThat(here.isProof()).isTrue();
            assertThat(text(here))
                    .contains(
                            "the configuration lets this machine relay (exempt-client), so what a stranger could do is not"
                                    + " seen from here");
            assertThat(probe(server, policy, Duration.ofMinutes(1), Optional.of("198.51.100.1"))
                            .isProof())
                    .isFalse();
        }
    }

    @Test
    @DisplayName("notes what replies tell of customers")
    void betrayal() throws IOException, InterruptedException {
        try (FakeSmtpServer server = new FakeSmtpServer(line -> line.startsWith("RCPT")
                ? "550 5.7.1 Relay access denied: not northwind/mail, see mail.fabrikam.example"
                : "")) {
            Policy policy = service()
                    .organization(
                            "fabrikam",
                            List.of("fabrikam.example and below"),
                            PolicyFixture.connector("a", "address 192.0.2.2"))
                    .policy();
            assertThat(text(probe(server, policy, Duration.ofMinutes(1), Optional.empty())))
                    .contains("a reply names the connector northwind/mail: 550")
                    .contains("a reply names a domain of fabrikam: 550");
        }
    }

    @Test
    @DisplayName("shows nothing of a greeting that a terminal would obey")
    void escapes() throws IOException, InterruptedException {
        Function<String, String> colourful =
                line -> line.equals("(greeting)") ? "220 mx \u001b[2J\u0007" : CLOSED.apply(line);
        try (FakeSmtpServer server = new FakeSmtpServer(colourful)) {
            assertThat(text(probe(server))).contains("greeting   220 mx ?[2J?");
        }
    }
}
