package io.github.orgmilter.delegation;

import static io.github.orgmilter.delegation.FakePostfix.configuration;
import static io.github.orgmilter.delegation.PolicyQuery.pinned;
import static io.github.orgmilter.delegation.PolicyQuery.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.Server;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The policy service")
final class DelegationServiceTest {

    @RegisterExtension
    private final FakePostfix postfix = new FakePostfix();

    @Test
    @DisplayName("answers several requests in their order, however they are chopped")
    void chopped() {
        String requests = request(pinned()) + request() + request("recipient=b@contoso.com") + request(pinned());
        String whole = postfix.ask(requests);
        assertThat(whole).matches("(?s)action=OK\n\naction=550 [^\n]*\n\naction=DUNNO\n\naction=OK\n\n");
        for (int size : new int[] {1, 2, 3, 7, 64, 1000}) {
            StringBuilder answers = new StringBuilder();
            for (int from = 0; from < requests.length(); from += size) {
                answers.append(postfix.ask(requests.substring(from, Math.min(requests.length(), from + size))));
            }
            assertThat(answers).as("pieces of %d octets", size).hasToString(whole);
        }
    }

    @ParameterizedTest(name = "closes the connection at {0}")
    @ValueSource(
            strings = {
                "\n\n",
                "\n\n\n\n",
                "GET / HTTP/1.1\r\n\n\n",
                "request=smtpd_access_policy\nno attribute\n\n",
                "request=smtpd_access_policy\n=value\n\n",
                "request=smtpd_access_policy\nsender=a\nsender=b\n\n",
                "request=junk\n\n",
                "protocol_state=RCPT\n\n",
                "\0\1\2\3\u00ff\u00fe\n\n",
            })
    void garbage(String octets) {
        assertThat(postfix.ask(octets)).isEmpty();
        assertThat(postfix.isOpen()).isFalse();
        assertThat(postfix.counted()).isEmpty();
    }

    @ParameterizedTest(name = "{0} octets at a time")
    @ValueSource(ints = {1, 1000, Integer.MAX_VALUE})
    @DisplayName("answers a request of the most octets, and none of one more, however they arrive")
    void longest(int chop) {
        String request = request(pinned());
        String most = request.replace(
                "policy_context=", "policy_context=" + "x".repeat(Limits.DEFAULT.frameSize() + 2 - request.length()));
        assertThat(postfix.ask(most, chop)).isEqualTo("action=OK\n\n");
        assertThat(postfix.ask(most.replace("policy_context=", "policy_context=x"), chop))
                .isEmpty();
        assertThat(postfix.isOpen()).isFalse();
        assertThat(postfix.counted()).containsExactly("ok", "limit frame-size");
    }

    @Test
    @DisplayName("keeps no more than it says of a request without end: a line, lines, or no line at all")
    void endless() {
        for (String piece : List.of("x".repeat(1000), "name=value\n", "\0", "a=" + "b".repeat(99) + "\n")) {
            postfix.open(() -> {
                throw new IllegalStateException("nothing is asked");
            });
            int sent = 0;
            while (postfix.isOpen() && sent < 100 * Limits.DEFAULT.frameSize()) {
                postfix.send(piece);
                sent += piece.length();
            }
            assertThat(postfix.isOpen()).isFalse();
            assertThat(sent)
                    .as("the most, its end, and the piece that was too much")
                    .isLessThanOrEqualTo(Limits.DEFAULT.frameSize() + 2 + piece.length());
            assertThat(postfix.counted()).containsExactly("limit frame-size");
            postfix.counted().clear();
        }
    }

    @Test
    @DisplayName("closes connections that would hold more than is left for all")
    void memory() {
        Configuration configuration = configuration("true", "enforce");
        ConnectionMemory memory = new ConnectionMemory(() -> OptionalLong.of(32 * 1024), postfix.observer()::limited);
        List<EmbeddedChannel> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(FakePostfix.connect(() -> configuration, memory, postfix.observer()));
        }
        assertThat(all).extracting(EmbeddedChannel::isOpen).containsExactly(true, true, true, true, false);
        all.get(2).close();
        all.get(3).close();
        all.get(0).writeInbound(Unpooled.copiedBuffer(request().repeat(20), StandardCharsets.US_ASCII));
        all.get(0).writeInbound(Unpooled.copiedBuffer("x".repeat(10_000), StandardCharsets.US_ASCII));
        all.get(1).writeInbound(Unpooled.copiedBuffer("x".repeat(10_000), StandardCharsets.US_ASCII));
        assertThat(all).extracting(EmbeddedChannel::isOpen).containsExactly(true, false, false, false, false);
        assertThat(postfix.counted()).filteredOn("limit memory"::equals).hasSize(2);
        all.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    @DisplayName("closes a connection whose request takes longer than it may, though octets keep coming")
    void slow() {
        String request = request(pinned());
        for (int second = 0; second < 29; second++) {
            assertThat(postfix.ask(request.substring(second, second + 1))).isEmpty();
            postfix.pass(1, TimeUnit.SECONDS);
            assertThat(postfix.isOpen()).isTrue();
        }
        postfix.pass(2, TimeUnit.SECONDS);
        assertThat(postfix.isOpen()).isFalse();
        assertThat(postfix.counted()).containsExactly("limit frame-timeout");
    }

    @Test
    @DisplayName("closes a connection on which nothing was ever asked")
    void silent() {
        postfix.pass(29, TimeUnit.SECONDS);
        assertThat(postfix.isOpen()).isTrue();
        postfix.pass(2, TimeUnit.SECONDS);
        assertThat(postfix.isOpen()).isFalse();
        assertThat(postfix.counted()).containsExactly("limit frame-timeout");
    }

    @Test
    @DisplayName("keeps a connection on which nothing is asked any more")
    void idle() {
        assertThat(postfix.ask(request(pinned()))).isEqualTo("action=OK\n\n");
        postfix.pass(1, TimeUnit.HOURS);
        assertThat(postfix.ask(request(pinned()))).isEqualTo("action=OK\n\n");
        postfix.pass(25, TimeUnit.HOURS);
        assertThat(postfix.isOpen()).isFalse();
        assertThat(postfix.counted()).endsWith("limit idle-timeout");
    }

    @Test
    @DisplayName("leaves questions about sessions of another process to that one, while it drains")
    void draining() {
        assertThat(postfix.ask(request(pinned()))).isEqualTo("action=OK\n\n");
        postfix.channel().pipeline().fireUserEventTriggered(Server.DRAINING);
        assertThat(postfix.isOpen()).isTrue();
        assertThat(postfix.ask(request(pinned()))).isEmpty();
        assertThat(postfix.isOpen()).isFalse();
        assertThat(postfix.counted()).as("what nobody was told is not counted").containsExactly("ok");
    }
}
