package io.github.orgmilter.admin;

import static io.github.orgmilter.admin.TestListener.HUGE;
import static io.github.orgmilter.admin.TestListener.LARGE;
import static io.github.orgmilter.admin.TestListener.TCP;
import static io.github.orgmilter.admin.TestListener.answer;
import static io.github.orgmilter.admin.TestListener.brief;
import static io.github.orgmilter.admin.TestListener.limits;
import static io.github.orgmilter.admin.TestListener.octets;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("The admin listener")
final class AdminLimitsTest {

    @RegisterExtension
    private static final TestListener LISTENER = new TestListener();

    @Test
    @DisplayName("answers probes and scrapes while something is changed, and no more such requests than can wait")
    void turns() throws Exception {
        LISTENER.start(TCP, limits(16, Duration.ofSeconds(20)));
        List<SocketChannel> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) { // one is at work, and a quarter of 16 waits
            waiting.add(LISTENER.send("POST /wait HTTP/1.1|Host: x||"));
            Thread.sleep(50);
        }
        String refused = LISTENER.ask("POST /wait HTTP/1.1|Host: x||");
        assertThat(brief(refused)).isEqualTo("503 too many such requests are waiting; try again later");
        assertThat(refused).contains("Retry-After: 1");
        for (int i = 0; i < 40; i++) {
            assertThat(brief(LISTENER.ask("GET /probe HTTP/1.1|Host: x||"))).isEqualTo("200 alive");
            assertThat(brief(LISTENER.ask("GET /page HTTP/1.1|Host: x||"))).isEqualTo("200 page");
        }
        LISTENER.release();
        for (SocketChannel each : waiting) {
            assertThat(brief(answer(each))).isEqualTo("200 waited");
        }
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "G",
                "GET /probe HTTP/1.1|Host: x|",
                "POST /page HTTP/1.1|Host: x|Content-Length: 10||abc",
                "GET /huge HTTP/1.1|Host: x||",
                "GET /probe HTTP/1.1|Host: x||"
            })
    @DisplayName("closes a connection in time whose peer does not go on:")
    void times(String sent) throws Exception {
        LISTENER.start(TCP, limits(64, Duration.ofSeconds(1)));
        try (SocketChannel peer = LISTENER.connect()) {
            peer.write(ByteBuffer.wrap(sent.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII)));
            long begin = System.nanoTime();
            if (sent.contains("huge")) {
                Thread.sleep(3000); // reads nothing
            }
            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> octets(peer));
            assertThat(end)
                    .succeedsWithin(Duration.ofSeconds(10))
                    .satisfies(octets -> assertThat(octets).isLessThan(HUGE));
            if (!sent.endsWith("||")) {
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));
            }
        }
    }

    @Test
    @DisplayName("closes past its limit the connection that has waited longest, and never the newest")
    void oldest() throws Exception {
        LISTENER.start(TCP, limits(8, Duration.ofSeconds(20)));
        SocketChannel working = LISTENER.send("POST /wait HTTP/1.1|Host: x||");
        LISTENER.awaitWaiting();
        List<SocketChannel> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(LISTENER.send("G"));
        }
        assertThat(brief(LISTENER.ask("GET /probe HTTP/1.1|Host: x||"))).isEqualTo("200 alive");
        for (SocketChannel closed : slow.subList(0, 13)) {
            assertThat(octets(closed)).isZero();
        }
        SocketChannel last = slow.get(19);
        last.write(ByteBuffer.wrap("ET /page HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertThat(brief(answer(last))).isEqualTo("200 page");
        LISTENER.release();
        assertThat(brief(answer(working))).isEqualTo("200 waited");
        for (SocketChannel each : slow) {
            each.close();
        }
    }

    @Test
    @DisplayName("bounds the octets of answers that are not read, and closes the oldest of them")
    void unreadAnswers() throws Exception {
        List<SocketChannel> unread = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            unread.add(LISTENER.send("GET /figures HTTP/1.1|Host: localhost||"));
        }
        assertThat(LISTENER.ask("GET /figures HTTP/1.1|Host: localhost||")).hasSizeGreaterThan(LARGE.length);
        assertThat(octets(unread.get(0))).isLessThan(LARGE.length);
        assertThat(octets(unread.get(9))).isGreaterThan(LARGE.length);
        for (SocketChannel each : unread) {
            each.close();
        }
    }
}
