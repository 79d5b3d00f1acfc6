package io.github.orgmilter.it.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.MilterClient;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What MTAs do not send, or not when a test wants it, sent to the packaged program: about the header fields of a shared server. */
@DisplayName("A milter session about a shared server")
final class RawSessionIT {

    private static final String CLOUD = "192.0.2.9";
    private static final String SENDER = "a@contoso.com";
    private static final String OUTSIDE = "b@outside.example";
    private static final String RIGHT = "X-OriginatorOrg: contoso.com";
    private static final String WRONG = "X-OriginatorOrg: fabrikam.com";
    private static final String CONTINUE = "c";
    private static final String TEMPFAIL = "y451 4.3.0 Temporary failure, try again later";
    private static final String MISMATCH = "y550 5.7.1 Relay access denied: this server may not send for contoso.com";
    private static final String REMOVED = "m\0\0\0\1X-OriginatorOrg\0";
    private static final String RESULT =
            "i\0\0\0\0X-OrgMilter-Result\0identified; organization=contoso; connector=cloud; by=address";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static int port;
    private static int adminPort;
    private static MilterProcess milter;

    @BeforeAll
    static void start() throws IOException {
        port = FreePort.next();
        adminPort = FreePort.next();
        milter = MilterProcess.start(configuration(true));
    }

    @AfterAll
    static void stop() throws IOException {
        milter.close();
    }

    private static String configuration(boolean tenants) {
        String connector = tenants
                ? "connectors.cloud { addresses = [ \"192.0.2.9\" ], required-headers { X-OriginatorOrg = [ \"%s\" ] } }"
                : "# %s";
        return """
                listen = [ "inet:%d@127.0.0.1" ]
                admin-listen = "inet:%d@127.0.0.1"
                result-header = %s
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    %s
                  }
                  fabrikam {
                    accepted-domains = [ "fabrikam.com" ]
                    %s
                  }
                }
                """.formatted(
                        port,
                        adminPort,
                        tenants ? "all" : "off",
                        connector.formatted("contoso.com"),
                        connector.formatted("fabrikam.com"));
    }

    private static MilterClient session() throws IOException {
        return new MilterClient(port, MilterClient.ALL_ACTIONS, CLOUD);
    }

    private static void begin(MilterClient session) throws IOException {
        session.mail(SENDER);
        assertThat(session.rcpt(OUTSIDE)).isEqualTo(CONTINUE);
    }

    private static String admin(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + adminPort + path);
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    @DisplayName("decides each of its messages by that message's own header")
    void messages() throws IOException {
        try (MilterClient session = session()) {
            assertThat(session.withoutHeaders()).isFalse();
            for (int i = 0; i < 3; i++) {
                begin(session);
                assertThat(session.header("From: a@contoso.com", RIGHT)).isEqualTo(CONTINUE);
                assertThat(session.end()).containsExactlyInAnyOrder(REMOVED, RESULT, CONTINUE);
                begin(session);
                assertThat(session.header(WRONG)).isEqualTo(MISMATCH);
                begin(session);
                assertThat(session.header()).isEqualTo(MISMATCH);
                begin(session);
                assertThat(session.end()).as("the header never ended").containsExactly(TEMPFAIL);
            }
        }
    }

    @Test
    @DisplayName("keeps a message's configuration to its end, and takes the new one with the next")
    void reloads() throws IOException {
        try (MilterClient session = session()) {
            begin(session);
            milter.reload(configuration(false));
            assertThat(session.rcpt("c@outside.example")).isEqualTo(CONTINUE);
            assertThat(session.header(RIGHT)).isEqualTo(CONTINUE);
            assertThat(session.end()).containsExactlyInAnyOrder(REMOVED, RESULT, CONTINUE);
            session.mail(SENDER);
            assertThat(session.rcpt(OUTSIDE)).startsWith("y550 5.7.1 Relay access denied: 192.0.2.9 is not");
            milter.reload(configuration(true));
            assertThat(session.rcpt(OUTSIDE)).as("still without connectors").startsWith("y550 ");
            begin(session);
            assertThat(session.header(WRONG)).isEqualTo(MISMATCH);
        }
    }

    @Test
    @DisplayName("that began before header fields were needed defers what needs them, and nothing else")
    void before() throws IOException, InterruptedException {
        milter.reload(configuration(false));
        try (MilterClient session = session();
                MilterClient stranger = new MilterClient(port, MilterClient.ALL_ACTIONS, "203.0.113.1")) {
            assertThat(session.withoutHeaders()).isTrue();
            session.mail(SENDER);
            assertThat(session.rcpt("b@fabrikam.com")).isEqualTo(CONTINUE);
            int mark = milter.mark();
            milter.reload(configuration(true));
            assertThat(session.end()).as("a message of before").containsExactly(CONTINUE);
            for (int i = 0; i < 2; i++) {
                session.mail(SENDER);
                assertThat(session.rcpt(OUTSIDE)).isEqualTo(TEMPFAIL);
                assertThat(session.rcpt("b@fabrikam.com"))
                        .as("whose field could not be removed")
                        .isEqualTo(TEMPFAIL);
            }
            stranger.mail("a@elsewhere.example");
            assertThat(stranger.rcpt(OUTSIDE)).as("which no header helps").startsWith("y550 ");
            milter.awaitLine(mark, "the session began before a rule needed header fields");
            assertThat(admin("/readyz")).contains("header");
            assertThat(admin("/metrics")).contains("orgmilter_headers_missed_total");
        }
        try (MilterClient session = session()) {
            begin(session);
            assertThat(session.header(RIGHT)).isEqualTo(CONTINUE);
        }
    }

    @Test
    @DisplayName("of an MTA that lets nobody change header fields is deferred")
    void withoutChanges() throws IOException {
        try (MilterClient session = new MilterClient(port, MilterClient.NO_CHANGES_OF_HEADERS, CLOUD)) {
            session.mail(SENDER);
            assertThat(session.rcpt(OUTSIDE)).isEqualTo(TEMPFAIL);
        }
    }

    static Stream<Arguments> headers() {
        String[] thousands = Stream.generate(() -> "X-A: b").limit(1001).toArray(String[]::new);
        // spotless:off
        return Stream.of(
                Arguments.of("a blank before the colon", MISMATCH, new String[] {"X-OriginatorOrg : contoso.com"}),
                Arguments.of("that beside the right field", MISMATCH, new String[] {RIGHT, "X-OriginatorOrg\t:contoso.com"}),
                Arguments.of("a NUL in the value", MISMATCH, new String[] {RIGHT + "\0"}),
                Arguments.of("a NUL in the name", MISMATCH, new String[] {"X-OriginatorOrg\0: contoso.com"}),
                Arguments.of("a bare line feed", MISMATCH, new String[] {"X-A: b\nX-OriginatorOrg: contoso.com"}),
                Arguments.of("a bare carriage return", MISMATCH, new String[] {"X-A: b\rX-OriginatorOrg: contoso.com"}),
                Arguments.of("a line feed in front of the name", MISMATCH, new String[] {"\nX-OriginatorOrg: contoso.com"}),
                Arguments.of("no name", MISMATCH, new String[] {": contoso.com"}),
                Arguments.of("an 8-bit letter", MISMATCH, new String[] {"X-OriginatorOrg: cont\u00f6so.com"}),
                Arguments.of("a value of 120 KB", MISMATCH, new String[] {RIGHT + " ".repeat(120_000) + "x"}),
                Arguments.of("blanks of 120 KB behind the value", CONTINUE, new String[] {RIGHT + " ".repeat(120_000)}),
                Arguments.of("another field of 120 KB", CONTINUE, new String[] {"X-A: " + "b".repeat(120_000), RIGHT}),
                Arguments.of("too many fields", "y552 5.3.4 Too many or too long header fields", thousands));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("decides, and goes on, whatever a header has:")
    void headers(String what, String answer, String[] fields) throws IOException {
        try (MilterClient session = session()) {
            begin(session);
            assertThat(session.header(fields)).isEqualTo(answer);
            begin(session);
            assertThat(session.header(RIGHT)).isEqualTo(CONTINUE);
        }
    }
}
