package io.github.orgmilter.admin;

import static io.github.orgmilter.admin.TestListener.LARGE;
import static io.github.orgmilter.admin.TestListener.answer;
import static io.github.orgmilter.admin.TestListener.brief;
import static io.github.orgmilter.admin.TestListener.octets;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@DisplayName("The admin listener")
final class AdminServerTest {

    @RegisterExtension
    private static final TestListener LISTENER = new TestListener();

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '>', quoteCharacter = '`', textBlock = """
            GET /probe HTTP/1.1|Host: x||                               > 200 alive
            GET /probe?a=b HTTP/1.1|Host: x||                           > 200 alive
            GET /probe HTTP/1.0||                                       > 200 alive
            HEAD /probe HTTP/1.1|Host: x||                              > 200
            HEAD /change HTTP/1.1|Host: x||                             > 405 Allow: POST
            GET /change HTTP/1.1|Host: x||                              > 405 Allow: POST allowed methods: POST
            OPTIONS /change HTTP/1.1|Host: x||                          > 405 Allow: POST allowed methods: POST
            DELETE /page HTTP/1.1|Host: x||                             > 405 Allow: GET, HEAD, POST allowed methods: GET, HEAD, POST
            POST /page HTTP/1.1|Host: x|Content-Length: 3||abc          > 200 posted
            POST /page HTTP/1.1|Host: x|Transfer-Encoding: chunked||1|a|0|| > 200 posted
            POST /page HTTP/1.1|Host: x|Content-Length: 65536||~~~~     > 200 posted
            POST /page HTTP/1.1|Host: x|Content-Length: 70000||~~~~     > 413 the body of the request is too long
            POST /page HTTP/1.1|Host: x|Content-Length: 70000|Expect: 100-continue|| > 413 the body of the request is too long
            POST /page HTTP/1.1|Host: x|Transfer-Encoding: chunked||11170|~~~~| > 413 the body of the request is too long
            GET /nothing HTTP/1.1|Host: x||                             > 404 not found
            GET /probe/ HTTP/1.1|Host: x||                              > 404 not found
            GET /prob%65 HTTP/1.1|Host: x||                             > 404 not found
            GET /broken HTTP/1.1|Host: x||                              > 500 the request failed; the log has the cause
            GET /unlinked HTTP/1.1|Host: x||                            > 500 the request failed; the log has the cause
            GET /probe HTTP/1.1||                                       > 400 the request has no Host header
            GET /probe HTTP/1.1|Host: x|Host: y||                       > 400 the request's Host header is not a single host and port
            GET /probe HTTP/1.1|Host: x y||                             > 400 the request's Host header is not a single host and port
            GET /probe HTTP/1.1|Host: [::1||                            > 400 the request's Host header is not a single host and port
            GET http://x/probe HTTP/1.1|Host: x||                       > 400 the request target must be a path that begins with /
            OPTIONS * HTTP/1.1|Host: x||                                > 400 the request target must be a path that begins with /
            GET /probe HTTP/2.0|Host: x||                               > 505 only HTTP/1.1 and HTTP/1.0 are supported
            GET /~ HTTP/1.1|Host: x||                                   > 414 the request line is too long
            GET /probe HTTP/1.1|Host: x|X: ~||                          > 431 the header of the request is too long
            nonsense||                                                  > 400 this is not an HTTP request
            GET /probe HTTP/1.1|Host: x|Content-Length: -1||            > 400 this is not an HTTP request
            GET /probe HTTP/1.1|Host: x||GET /probe HTTP/1.1|Host: x||  > 200 alive
            """)
    @DisplayName("answers")
    void answers(String request, String expected) throws Exception {
        String answer = LISTENER.ask(request);
        assertThat(brief(answer)).isEqualTo(expected);
        assertThat(answer.split("HTTP/1\\.1 [0-9]{3} ", -1)).as("one answer").hasSize(2);
        assertThat(answer).contains("connection: close").doesNotContain("Exception", "\tat ");
    }

    @Test
    @DisplayName("answers HEAD as GET, without the body")
    void head() throws Exception {
        String get = LISTENER.ask("GET /figures HTTP/1.1|Host: localhost||");
        String head = LISTENER.ask("HEAD /figures HTTP/1.1|Host: localhost||");
        assertThat(get).contains("content-length: " + LARGE.length + "\r\n").hasSizeGreaterThan(LARGE.length);
        assertThat(head.replaceAll("date: .*", ""))
                .isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4).replaceAll("date: .*", ""));
    }

    @ParameterizedTest(name = "\"{0}\": {1}")
    @CsvSource(
            delimiter = '>',
            value = {"gzip > true", "deflate, gzip;q=0.5 > true", "gzip;q=0 > false", "identity > false"})
    @DisplayName("compresses long answers for those who accept it")
    void compression(String encodings, boolean compressed) throws Exception {
        String answer = LISTENER.ask("GET /figures HTTP/1.1|Host: localhost|Accept-Encoding: " + encodings + "||");
        byte[] body = answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(answer.contains("Content-Encoding: gzip")).isEqualTo(compressed);
        try (InputStream text =
                compressed ? new GZIPInputStream(new ByteArrayInputStream(body)) : new ByteArrayInputStream(body)) {
            assertThat(text.readAllBytes()).isEqualTo(LARGE);
        }
    }

    @Test
    @DisplayName("answers whoever has shut its side down behind the request, and one that comes octet by octet")
    void halfClosedAndChopped() throws Exception {
        for (int i = 0; i < 100; i++) { // it was lost only now and then
            SocketChannel half = LISTENER.send("GET /figures HTTP/1.1|Host: localhost||");
            half.shutdownOutput();
            assertThat(octets(half)).isGreaterThan(LARGE.length);
        }
        SocketChannel chopped = LISTENER.connect();
        for (byte octet : "GET /page HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)) {
            chopped.write(ByteBuffer.wrap(new byte[] {octet}));
        }
        assertThat(brief(answer(chopped))).isEqualTo("200 page");
    }
}
