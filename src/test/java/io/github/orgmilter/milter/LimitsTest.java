package io.github.orgmilter.milter;

import static io.github.orgmilter.milter.FakeMta.TEMPFAIL;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.Policy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayName("A limit of a milter session")
@ExtendWith(FakeMta.Release.class)
final class LimitsTest {

    private static final Limits LIMITS = new Limits(
            4096,
            20,
            1024,
            1000,
            1024 * 1024,
            100,
            OptionalLong.empty(),
            64 * 1024,
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            100,
            100);

    private final Policy policy = Policies.twoOrganizations();
    private final List<Limit> counted = new ArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LimitsTest.class.getPackageName());
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    private final SessionObserver observer = new CountsNothing() {
        @Override
        public void limited(Limit limit) {
            counted.add(limit);
        }
    };

    @BeforeEach
    void capture() {
        events.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(events);
    }

    @AfterEach
    void release() {
        logger.detachAppender(events);
        logger.setLevel(null);
    }

    private FakeMta mta(int chop) {
        return new FakeMta(() -> policy, LIMITS, chop, observer, Optional.empty());
    }

    private FakeMta connected() {
        return mta(Integer.MAX_VALUE).negotiate().postfixConnect("198.51.100.3");
    }

    private List<String> said() {
        return events.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("limit="))
                .map(line -> line.replaceAll(".*session=\\S+ ", ""))
                .toList();
    }

    private static void pass(FakeMta mta, Duration time) {
        mta.channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        mta.channel.runScheduledPendingTasks();
    }

    @ParameterizedTest(name = "{0} octets at a time")
    @ValueSource(ints = {1, 5, 1000, Integer.MAX_VALUE})
    @DisplayName("ends it at a frame that is too long, before any of it is kept")
    void frameSize(int chop) {
        FakeMta mta = mta(chop).negotiate().postfixConnect("198.51.100.3").mail("<a@fabrikam.com>");
        byte[] longest = new byte[LIMITS.frameSize() - 1];
        Arrays.fill(longest, (byte) 'x');
        longest[longest.length - 1] = 0;
        mta.send('R', longest);
        assertThat(mta.takeAnswers()).as("one that is as long as it may").hasSize(1);
        mta.sendRaw(ByteBuffer.allocate(4).putInt(LIMITS.frameSize() + 1).array());
        assertThat(mta.isOpen()).isFalse();
        mta.sendRaw(new byte[10]);
        assertThat(mta.takeAnswers()).isEmpty();
        assertThat(counted).containsExactly(Limit.FRAME_SIZE);
        assertThat(said()).containsExactly("limit=frame-size action=close");
    }

    private static String[] macros(int count, int size) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .flatMap(i -> Stream.of("{m" + i + "}", "x".repeat(size)))
                .toArray(String[]::new);
    }

    @Test
    @DisplayName("defers recipients when a stage has too many macros, or one that is too long, and says so once")
    void macros() {
        FakeMta mta = connected();
        mta.macros('M', macros(20, 100)).mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).as("as many as there may be").isEqualTo("c");
        mta.macros('M', "{mail_host}", "x".repeat(1024)).mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).as("as long as it may be").isEqualTo("c");
        assertThat(counted).isEmpty();
        for (int message = 0; message < 3; message++) {
            mta.abort().macros('M', macros(21, 1)).mail("<a@fabrikam.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(TEMPFAIL);
            assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(TEMPFAIL);
            assertThat(mta.endOfBody()).isEqualTo(TEMPFAIL);
        }
        mta.macros('R', "{rcpt_host}", "x".repeat(1025)).macros('R', "x".repeat(1025), "");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(TEMPFAIL);
        assertThat(counted)
                .containsExactly(
                        Limit.MACROS_PER_STAGE,
                        Limit.MACROS_PER_STAGE,
                        Limit.MACROS_PER_STAGE,
                        Limit.MACRO_SIZE,
                        Limit.MACRO_SIZE);
        assertThat(said())
                .containsExactly("limit=macros-per-stage action=tempfail", "limit=macro-size action=tempfail");
        mta.negotiate().postfixConnect("198.51.100.3").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).as("the next client").isEqualTo("c");
    }

    @Test
    @DisplayName("ends it when the first frame is late, be it that nothing came or not all of it")
    void firstFrame() {
        for (byte[] begun : new byte[][] {{}, {0, 0, 0}, {0, 0, 0, 13, 'O', 0, 0}}) {
            FakeMta mta = mta(Integer.MAX_VALUE).sendRaw(begun);
            pass(mta, Duration.ofSeconds(29));
            assertThat(mta.isOpen()).isTrue();
            pass(mta, Duration.ofSeconds(2));
            assertThat(mta.isOpen()).isFalse();
        }
        assertThat(counted).containsExactly(Limit.FRAME_TIMEOUT, Limit.FRAME_TIMEOUT, Limit.FRAME_TIMEOUT);
        assertThat(said()).containsOnly("limit=frame-timeout action=close").hasSize(3);
    }

    @Test
    @DisplayName(
            "ends it when a frame takes long, though its octets keep coming, and lets the time between frames be long")
    void slowFrame() {
        FakeMta mta = connected();
        pass(mta, Duration.ofHours(23));
        mta.mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo("c");
        byte[] frame = "\0\0\0\54R<xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@example.net".getBytes(StandardCharsets.US_ASCII);
        for (int second = 0; second < 29; second++) {
            mta.sendRaw(new byte[] {frame[second]});
            pass(mta, Duration.ofSeconds(1));
            assertThat(mta.isOpen()).isTrue();
        }
        pass(mta, Duration.ofSeconds(2));
        assertThat(mta.isOpen()).isFalse();
        assertThat(counted).containsExactly(Limit.FRAME_TIMEOUT);
    }

    @Test
    @DisplayName("ends it when nothing comes for longer than any DATA takes")
    void idle() {
        FakeMta mta = connected().mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo("c");
        pass(mta, Duration.ofHours(23));
        assertThat(mta.endOfBody()).isEqualTo("c");
        pass(mta, Duration.ofHours(25));
        assertThat(mta.isOpen()).isFalse();
        assertThat(counted).containsExactly(Limit.IDLE_TIMEOUT);
        assertThat(said()).containsExactly("limit=idle-timeout action=close");
    }

    private FakeMta session(ConnectionMemory memory) {
        return new FakeMta(() -> policy, Limits.DEFAULT, memory, Integer.MAX_VALUE, observer, Optional.empty());
    }

    private static byte[] begun(int octets) {
        return ByteBuffer.allocate(octets).putInt(60_000).put((byte) 'B').array();
    }

    @Test
    @DisplayName(
            "on what all of them hold closes one that would hold more, or begin, and takes nothing of whole frames")
    void memory() {
        ConnectionMemory memory = new ConnectionMemory(() -> OptionalLong.of(64 * 1024), counted::add);
        List<FakeMta> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FakeMta mta =
                    session(memory).negotiate().postfixConnect("198.51.100.3").helo("client.example");
            mta.macros('M', "i", "4CjqCQ2W", "{mail_addr}", "a@fabrikam.com", "{cert_subject}", "x".repeat(64));
            mta.mail("<a@fabrikam.com>");
            assertThat(mta.rcpt("<" + "b".repeat(1000) + "@example.net>")).isEqualTo("c");
            all.add(mta);
        }
        assertThat(session(memory).isOpen()).as("a ninth one").isFalse();
        all.subList(5, 8).forEach(mta -> mta.channel.close());
        all.get(0).sendRaw(begun(9_000));
        assertThat(all.get(0).isOpen()).as("an unfinished frame that has room").isTrue();
        all.get(1).sendRaw(begun(9_000)).sendRaw(new byte[1000]);
        assertThat(all.get(1).isOpen()).as("one that has none").isFalse();
        assertThat(all.get(1).takeAnswers()).isEmpty();
        all.get(2).helo("x".repeat(20_000));
        assertThat(all.get(2).isOpen()).as("what is kept of a whole one").isFalse();
        all.get(0).sendRaw(new byte[51_004]);
        all.get(3).sendRaw(begun(9_000));
        assertThat(all)
                .extracting(FakeMta::isOpen)
                .containsExactly(true, false, false, true, true, false, false, false);
        all.forEach(mta -> mta.channel.close());
        for (int i = 0; i < 8; i++) {
            assertThat(session(memory).isOpen())
                    .as("when everything was given back")
                    .isTrue();
        }
        assertThat(counted).containsExactly(Limit.MEMORY, Limit.MEMORY, Limit.MEMORY);
    }
}
