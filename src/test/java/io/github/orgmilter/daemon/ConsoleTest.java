package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("The console")
final class ConsoleTest extends Daemons {

    private static final String MARKUP = "<script>alert(1)</script>";
    private static final List<String> PAGES = List.of(
            "/",
            "/organizations",
            "/organization?name=contoso",
            "/verdicts",
            "/verdict?number=0",
            "/explain",
            "/configuration");

    static Stream<String> pages() {
        return PAGES.stream();
    }

    private Daemon withMail() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO + FABRIKAM);
        try (MtaClient contoso = session(daemon, "192.0.2.7");
                MtaClient stranger = session(daemon, "203.0.113.9")) {
            contoso.mail("<a@contoso.com>");
            assertThat(contoso.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            contoso.mail("<\"" + MARKUP + "\"@elsewhere.example>");
            assertThat(contoso.rcpt("<b@example.net>")).startsWith("y550");
            stranger.mail("<a@contoso.com>");
            assertThat(stranger.rcpt("<b@example.net>")).startsWith("y550");
        }
        return daemon;
    }

    private String page(Daemon daemon, String path) throws Exception {
        HttpResponse<String> answer = call(daemon, "GET", path);
        assertThat(answer.statusCode()).as(path + "\n" + answer.body()).isEqualTo(200);
        return answer.body();
    }

    @ParameterizedTest
    @MethodSource("pages")
    @DisplayName("lets a browser load nothing from elsewhere and run nothing in a page:")
    void secured(String path) throws Exception {
        HttpResponse<String> answer = call(withMail(), "GET", path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'self'; script-src 'self';");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.body())
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
                .contains("<main id=\"content\"><h1>")
                .doesNotContain(MARKUP, "style=\"", "http://", "onclick");
        assertThat(answer.body().split("<script", -1))
                .as("one script, of the server")
                .hasSize(2);
    }

    @Test
    @DisplayName("shows counts, what needs attention, and charts on its first page")
    void overview() throws Exception {
        Daemon daemon = withMail();
        await().untilAsserted(() -> assertThat(page(daemon, "/"))
                .contains("<dt>State</dt><dd>ready</dd>", "not-identified", "sender-domain", "<rect class=\"accept\""));
    }

    @Test
    @DisplayName("says so where nothing has been decided yet")
    void nothingDecided() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        assertThat(page(daemon, "/")).contains("<dt>Time of a decision, last hour</dt><dd>none</dd>");
        assertThat(page(daemon, "/verdicts")).contains("No verdicts since the start.");
    }

    @Test
    @DisplayName("finds organizations by name and by domain")
    void organizations() throws Exception {
        Daemon daemon = withMail();
        assertThat(page(daemon, "/organizations")).contains("contoso", "fabrikam");
        assertThat(page(daemon, "/organizations?q=fabri"))
                .contains("fabrikam.com")
                .doesNotContain("contoso.com");
        assertThat(page(daemon, "/organizations?q=contoso.com"))
                .contains("name=contoso")
                .doesNotContain("name=fabrikam");
        assertThat(page(daemon, "/organizations?q=nobody"))
                .contains("None of 2 organizations has that in its name or domains.");
        assertThat(page(daemon, "/organizations?q=con"))
                .contains("1 of 2 organizations", "/organizations?everywhere=yes&amp;q=con");
        assertThat(page(daemon, "/organizations?q=con&everywhere=yes"))
                .contains("1 of 2 organizations with that in their names or domains.");
        assertThat(page(daemon, "/organizations?q=" + "%3Cb%3E")).contains("value=\"&lt;b&gt;\"");
    }

    @Test
    @DisplayName("shows what an organization's connectors did, and what came near")
    void organization() throws Exception {
        Daemon daemon = withMail();
        await().untilAsserted(() -> assertThat(page(daemon, "/organization?name=contoso"))
                .contains("Last seen ", "192.0.2.7", "<bdi>203.0.113.9</bdi>", "/verdict?number=2"));
        HttpResponse<String> unknown = call(daemon, "GET", "/organization?name=%3Cb%3E");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("&lt;b&gt;");
    }

    private static final String RICH = """
            organizations.contoso {
              accepted-domains = [ "contoso.com", { domain = "contoso.net", subdomains = true } ]
              connectors {
                hq { addresses = [ "192.0.2.7" ], require-tls = true }
                cloud {
                  certificate-names = [ "mail.protection.cloud.example" ]
                  required-headers { X-Tenant = [ "s3cret-tenant" ] }
                }
              }
              partners {
                bank { sender-domains = [ "bank.example" ], certificate-names = [ "mail.bank.example" ] }
                filter { sender-domains = [ "*" ], addresses = [ "198.51.100.0/28" ], require-tls = true }
              }
            }
            """;

    @Test
    @DisplayName("shows what an organization requires of its own clients and its partners', and no secret")
    void requirements() throws Exception {
        String page = page(start(LISTENERS + RICH), "/organization?name=contoso");
        assertThat(page)
                .contains(
                        "<bdi>contoso.net and below</bdi>",
                        "<h3><bdi>cloud</bdi></h3>",
                        "<bdi>X-Tenant: (the value is not shown)</bdi>",
                        "<bdi>require-tls = true</bdi>",
                        "<h2>Partners</h2>",
                        "<h3><bdi>bank</bdi></h3>",
                        "<bdi>mail.bank.example</bdi>",
                        "<dt>sender-domains</dt><dd><bdi>*</bdi></dd>",
                        "<bdi>198.51.100.0/28</bdi>")
                .doesNotContain("s3cret");
    }

    @Test
    @DisplayName("shows who may send as a domain of an organization: the first one, or the one asked for")
    void who() throws Exception {
        Daemon daemon = start(LISTENERS + RICH + FABRIKAM);
        assertThat(page(daemon, "/organization?name=contoso"))
                .contains(
                        "href=\"/organization?name=contoso&amp;domain=contoso.net#who\"",
                        "contoso.com is an accepted domain of contoso\n",
                        "contoso/hq: client address in 192.0.2.7",
                        "nobody else: sender-protection of contoso is relay");
        assertThat(page(daemon, "/organization?name=contoso&domain=a.contoso.net"))
                .contains("a.contoso.net is an accepted domain of contoso\n");
        assertThat(page(daemon, "/organization?name=contoso&domain=%3Cb%3E"))
                .contains("role=\"alert\"", "value=\"&lt;b&gt;\"")
                .doesNotContain("<b>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "organization=contoso 0 1",
                "verdict=reject 1 2",
                "cause=not-identified 2",
                "cause=domain-not-accepted 1",
                "client=203.0.113 2",
                "address=%3CScript 1",
                "address=nobody",
                "session=nobody",
                "organization=contoso&verdict=reject 1",
                " 0 1 2"
            })
    @DisplayName("filters verdicts:")
    void verdicts(String row) throws Exception {
        List<String> parts = List.of(row.split(" "));
        String page = page(withMail(), "/verdicts?" + parts.get(0));
        for (int number = 0; number < 3; number++) {
            assertThat(page.contains("/verdict?number=" + number + "\""))
                    .as("verdict " + number)
                    .isEqualTo(parts.subList(1, parts.size()).contains(Integer.toString(number)));
        }
    }

    @Test
    @DisplayName("explains a verdict by the running policy, and says when it is no longer kept")
    void verdict() throws Exception {
        Daemon daemon = withMail();
        assertThat(page(daemon, "/verdict?number=2"))
                .contains("It would decide the same now.", "recipient  &lt;b@example.net&gt;", "203.0.113.9");
        try (MtaClient stranger = session(daemon, "203.0.113.9")) {
            stranger.mail("<" + "a".repeat(2000) + "@contoso.com>");
            assertThat(stranger.rcpt("<b@example.net>")).startsWith("y550");
        }
        assertThat(page(daemon, "/verdict?number=3"))
                .contains("A text was too long to be kept")
                .doesNotContain("It would decide");
        write(LISTENERS + CONTOSO.replace("192.0.2.7", "203.0.113.9"));
        call(daemon, "POST", "/-/reload");
        assertThat(page(daemon, "/verdict?number=2")).contains("It would decide differently now");
        for (String number : List.of("4", "x", "-1", "99999999999999999999")) {
            assertThat(call(daemon, "GET", "/verdict?number=" + number).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    @DisplayName("answers questions as explain does")
    void explain() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        assertThat(page(daemon, "/explain?client-address=192.0.2.7&from=a%40contoso.com&to=b%40example.net"))
                .contains("verdict    accept, sender-domain", "value=\"a@contoso.com\"");
        assertThat(page(daemon, "/explain?client-address=nonsense&to=b%40example.net"))
                .contains("The client address must be an IPv4");
        assertThat(page(daemon, "/explain?cert-fingerprint=nonsense&to=b%40example.net"))
                .contains("Certificate fingerprint: ");
    }

    @Test
    @DisplayName("lets a few pages of very many listen, and decides mail meanwhile")
    void streams() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        InetSocketAddress admin = new InetSocketAddress("127.0.0.1", adminPort(daemon));
        byte[] request = "GET /verdicts/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        List<SocketChannel> streams = new ArrayList<>();
        try (MtaClient contoso = session(daemon, "192.0.2.7")) {
            for (int i = 0; i < 1000; i++) {
                SocketChannel stream = SocketChannel.open(admin);
                streams.add(stream);
                stream.write(ByteBuffer.wrap(request));
                contoso.mail("<a@contoso.com>");
                assertThat(contoso.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            }
            Map<String, Integer> answers = new TreeMap<>();
            for (SocketChannel stream : streams) {
                answers.merge(status(stream), 1, Integer::sum);
            }
            assertThat(answers.keySet()).isSubsetOf("200", "503", "closed");
            assertThat(answers.get("200")).isBetween(1, 20);
            contoso.mail("<a@contoso.com>");
            assertThat(contoso.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            assertThat(call(daemon, "GET", "/healthz").statusCode()).isEqualTo(200);
        } finally {
            for (SocketChannel stream : streams) {
                stream.close();
            }
        }
    }

    private static String status(SocketChannel stream) throws IOException {
        ByteBuffer line = ByteBuffer.allocate("HTTP/1.1 200".length());
        while (line.hasRemaining() && stream.read(line) >= 0) {
            // until it is whole
        }
        return line.hasRemaining() ? "closed" : new String(line.array(), 9, 3, StandardCharsets.US_ASCII);
    }

    @Test
    @DisplayName("shows what runs, and what the last reload changed or complained of")
    void configuration() throws Exception {
        Daemon daemon = start(LISTENERS + CONTOSO);
        assertThat(page(daemon, "/configuration"))
                .contains("None since the start.", "The configuration has no directory.");
        write(LISTENERS + CONTOSO + FABRIKAM);
        call(daemon, "POST", "/-/reload");
        assertThat(page(daemon, "/configuration")).contains("Succeeded 0 s ago.", "fabrikam");
        write(LISTENERS + CONTOSO + "nonsense = 1");
        call(daemon, "POST", "/-/reload");
        assertThat(page(daemon, "/configuration")).contains("Failed 0 s ago.", "nonsense");
    }

    @Test
    @DisplayName("wants the token of admin-token-file, which a reload changes and nothing shows")
    void token() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "first-0123456789abcdef\n");
        String text = LISTENERS + CONTOSO + "admin-token-file = \"" + token + "\"\n";
        Daemon daemon = start(text);
        assertThat(call(daemon, "GET", "/").statusCode()).isEqualTo(401);
        assertThat(call(daemon, "GET", "/metrics").statusCode()).isEqualTo(200);
        Files.writeString(token, "second-0123456789abcdef\n");
        assertThat(daemon.reload().text()).contains("changed: admin-token-file").doesNotContain("0123456789abcdef");
        Files.writeString(token, "short\n");
        assertThat(daemon.reload().text()).contains("does not hold a token").doesNotContain("short");
    }
}
