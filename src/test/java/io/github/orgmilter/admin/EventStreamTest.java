package io.github.orgmilter.admin;

import static io.github.orgmilter.admin.TestListener.TCP;
import static io.github.orgmilter.admin.TestListener.brief;
import static io.github.orgmilter.admin.TestListener.limits;
import static io.github.orgmilter.admin.TestListener.octets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("The admin listener")
final class EventStreamTest {

    @RegisterExtension
    private static final TestListener LISTENER = new TestListener();

    @Test
    @DisplayName("sends events as they come, to a bounded number of peers, and answers others meanwhile")
    void events() throws Exception {
        try (SocketChannel first = LISTENER.send("GET /events HTTP/1.1|Host: localhost||");
                SocketChannel second = LISTENER.send("GET /events HTTP/1.1|Host: localhost||")) {
            assertThat(read(first, 2))
                    .contains("Content-Type: text/event-stream", "data: 1\n\n")
                    .doesNotContain("content-length", "transfer-encoding");
            assertThat(read(second, 2)).contains("data: ");
            assertThat(brief(LISTENER.ask("GET /events HTTP/1.1|Host: localhost||")))
                    .isEqualTo("503 too many pages listen already; close some");
            assertThat(LISTENER.ask("HEAD /events HTTP/1.1|Host: localhost||")).contains("text/event-stream");
            assertThat(brief(LISTENER.ask("GET /probe HTTP/1.1|Host: x||"))).isEqualTo("200 alive");
        }
        await().untilAsserted(() -> {
            try (SocketChannel third = LISTENER.send("GET /events HTTP/1.1|Host: localhost||")) {
                assertThat(read(third, 1)).contains("200 OK");
            }
        });
    }

    private static String read(SocketChannel socket, int events) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(64 * 1024);
        String text = "";
        while (text.split("\n\n", -1).length - 1 < events && socket.read(octets) >= 0) {
            text = new String(octets.array(), 0, octets.position(), StandardCharsets.UTF_8);
        }
        return text;
    }

    @Test
    @DisplayName("ends a stream whose time is over")
    void streamTime() throws Exception {
        LISTENER.start(TCP, limits(64, Duration.ofSeconds(1)));
        assertThat(LISTENER.ask("GET /events HTTP/1.1|Host: localhost||")).contains("200 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/failing-events", "/unlinked-events"})
    @DisplayName("ends a stream whose events fail, so that the browser begins it again:")
    void failingStream(String path) throws Exception {
        LISTENER.start(TCP, limits(64, Duration.ofHours(1))); // longer than this test may take
        assertThat(LISTENER.ask("GET " + path + " HTTP/1.1|Host: localhost||")).contains("200 OK");
    }
}
