package io.github.orgmilter.admin;

import static io.github.orgmilter.admin.TestListener.TCP;
import static io.github.orgmilter.admin.TestListener.answer;
import static io.github.orgmilter.admin.TestListener.brief;
import static io.github.orgmilter.admin.TestListener.limits;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.net.ListenAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("The admin listener")
final class EntranceTest {

    @RegisterExtension
    private static final TestListener LISTENER = new TestListener();

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '>', quoteCharacter = '`', textBlock = """
            Host: 127.0.0.1:9033|                                                     > 200 changed
            Host: 127.0.0.1|                                                          > 200 changed
            Host: localhost:9999|                                                     > 200 changed
            Host: LocalHost|                                                          > 200 changed
            Host: [::1]:9033|                                                         > 200 changed
            Host: 127.8.9.10|                                                         > 200 changed
            Host: admin.example.net|                                                  > 200 changed
            Host: 127.0.0.1:9033|Origin: http://127.0.0.1:9033|Sec-Fetch-Site: same-origin| > 200 changed
            Host: localhost:9033|Origin: https://admin.example.net|                   > 200 changed
            Host: localhost:9033|Sec-Fetch-Site: none|                                > 200 changed
            Host: evil.example|                                                       > 421
            Host: evil.example:9033|Origin: http://evil.example:9033|Sec-Fetch-Site: same-origin| > 421
            Host: 192.0.2.1|                                                          > 421
            Host: 127.0.0.1.evil.example|                                             > 421
            Host: localhost.evil.example|                                             > 421
            Host: 127.1|                                                              > 421
            Host: |                                                                   > 421
            Host: 127.0.0.1:9033|Origin: https://evil.example|                        > 403
            Host: 127.0.0.1:9033|Origin: null|                                        > 403
            Host: 127.0.0.1:9033|Origin: http://127.0.0.1:3000|                       > 403
            Host: 127.0.0.1:9033|Origin: http://localhost:9033|                       > 403
            Host: 127.0.0.1:9033|Origin: file://127.0.0.1:9033|                       > 403
            Host: 127.0.0.1:9033|Origin: http://127.0.0.1:9033|Origin: https://evil.example| > 403
            Host: 127.0.0.1:9033|Sec-Fetch-Site: cross-site|                          > 403
            Host: 127.0.0.1:9033|Sec-Fetch-Site: same-site|                           > 403
            """)
    @DisplayName("is asked to change something by its own names, and not from a page of another site:")
    void sites(String headers, String expected) throws Exception {
        assertThat(brief(LISTENER.ask("POST /change HTTP/1.1|" + headers + "|")))
                .startsWith(expected);
        assertThat(LISTENER.changes()).hasValue(expected.startsWith("200") ? 1 : 0);
        assertThat(brief(LISTENER.ask("GET /probe HTTP/1.1|" + headers + "|")))
                .as("a probe")
                .isEqualTo("200 alive");
    }

    @Test
    @DisplayName("says what is wrong with a foreign name, and how to make it known")
    void sentences() throws Exception {
        assertThat(brief(LISTENER.ask("POST /change HTTP/1.1|Host: evil.example:9033||")))
                .isEqualTo(
                        "421 \"evil.example\" is not a name of this listener; use its address or localhost; if it is yours,"
                                + " add it to admin-hosts");
        assertThat(brief(LISTENER.ask("POST /change HTTP/1.1|Host: localhost|Origin: https://evil.example||")))
                .isEqualTo(
                        "403 the page that makes this request (Origin) belongs to another site; if it is yours, add it to admin-hosts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: evil.example|", "Host: localhost|", ""})
    @DisplayName("takes any name at a Unix socket, or none, but no page of another site")
    void unix(String host) throws Exception {
        LISTENER.start(
                new ListenAddress.Unix(
                        folder.resolve("a"), PosixFilePermissions.fromString("rw-------"), Optional.empty()),
                limits(64, Duration.ofSeconds(20)));
        assertThat(brief(LISTENER.ask("POST /change HTTP/1.1|" + host + "|"))).isEqualTo("200 changed");
        assertThat(brief(LISTENER.ask("POST /change HTTP/1.1|" + host + "Origin: https://other.example||")))
                .startsWith("403");
    }

    private static final String TOKEN = "0123456789abcdef0123";

    private static String basic(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
                + "|";
    }

    static Stream<Arguments> tokens() {
        return Stream.of(
                Arguments.of("Authorization: Bearer " + TOKEN + "|", 200),
                Arguments.of("Authorization: bearer " + TOKEN + "|", 200),
                Arguments.of(basic("postmaster:" + TOKEN), 200),
                Arguments.of(basic(":" + TOKEN), 200),
                Arguments.of("", 401),
                Arguments.of("Authorization: Bearer " + TOKEN + "x|", 401),
                Arguments.of("Authorization: Bearer |", 401),
                Arguments.of("Authorization: " + TOKEN + "|", 401),
                Arguments.of("Authorization: Digest " + TOKEN + "|", 401),
                Arguments.of("Authorization: Basic %%%|", 401),
                Arguments.of(basic(TOKEN + ":"), 401),
                Arguments.of("Authorization: Bearer " + TOKEN + "|Authorization: Bearer x|", 401));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    @DisplayName("asks operators, and nobody else, for the token if there is one")
    void tokens(String header, int status) throws Exception {
        LISTENER.start(
                TCP, limits(64, Duration.ofSeconds(20)), new AdminServer.Access(Set::of, () -> Optional.of(TOKEN)));
        String answer = LISTENER.ask("POST /change HTTP/1.1|Host: localhost|" + header + "|");
        assertThat(brief(answer)).startsWith(Integer.toString(status));
        assertThat(answer.contains("WWW-Authenticate: Basic")).isEqualTo(status == 401);
        assertThat(LISTENER.changes()).hasValue(status == 200 ? 1 : 0);
        assertThat(brief(LISTENER.ask("GET /probe HTTP/1.1|Host: x|" + header + "|")))
                .isEqualTo("200 alive");
    }

    @Test
    @DisplayName("answers only probes where others can reach it and there is no token")
    void reachable() throws Exception {
        LISTENER.start(new ListenAddress.Tcp("0.0.0.0", 0), limits(64, Duration.ofSeconds(20)));
        assertThat(brief(LISTENER.ask("POST /change HTTP/1.1|Host: localhost||")))
                .isEqualTo("403 admin-listen is not on loopback, so this needs a token; set admin-token-file, or let"
                        + " admin-listen be on 127.0.0.1 or a Unix socket");
        assertThat(brief(LISTENER.ask("GET /probe HTTP/1.1|Host: x||"))).isEqualTo("200 alive");
    }
}
