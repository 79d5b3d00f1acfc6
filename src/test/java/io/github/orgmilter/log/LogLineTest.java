package io.github.orgmilter.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

@DisplayName("A log line")
final class LogLineTest {

    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("test");

    @BeforeEach
    void listen() {
        context.setMDCAdapter(new LogbackMDCAdapter()); // as SLF4J does
        logger.setLevel(Level.INFO);
        logger.addAppender(events);
        events.start();
    }

    private LogLine line(String session) {
        return new LogLine(logger, org.slf4j.event.Level.INFO, session, "");
    }

    private List<String> texts() {
        return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    @DisplayName("may begin before another one has ended")
    void twoAtOnce() {
        LogLine first = line("1").add("a", "b");
        LogLine second = line("2").add("c", "d");
        second.log();
        first.add("e", "f").log();
        line("3").log();
        assertThat(texts())
                .containsExactly("NOQUEUE: session=2 c=d", "NOQUEUE: session=1 a=b e=f", "NOQUEUE: session=3");
    }

    @Test
    @DisplayName("that has ended takes nothing more")
    void ended() {
        LogLine line = line("1").add("a", "b");
        line.log();
        assertThatThrownBy(() -> line.add("c", "d")).isInstanceOf(IllegalStateException.class);
        assertThat(texts()).containsExactly("NOQUEUE: session=1 a=b");
    }

    @Test
    @DisplayName("is not written if a filter denies its text")
    void filtered() {
        context.addTurboFilter(new TurboFilter() {
            @Override
            public FilterReply decide(
                    Marker marker, Logger its, Level level, String text, Object[] arguments, Throwable thrown) {
                return text != null && text.contains("a=b") ? FilterReply.DENY : FilterReply.NEUTRAL;
            }
        });
        line("1").add("a", "b").log();
        line("2").log();
        assertThat(texts()).containsExactly("NOQUEUE: session=2");
    }

    @Test
    @DisplayName("that was never ended leaves nothing to the next")
    void abandoned() {
        line("1").add("a", "b");
        line("2").log();
        assertThat(texts()).containsExactly("NOQUEUE: session=2");
    }

    @Test
    @DisplayName("keeps its facts when the thread has gone on to others, in whatever alphabet")
    void facts() {
        line("1").addAddress("from", "jörg@\u0434.example").log();
        line("2").addAddress("from", "b@example.net").log();
        assertThat(texts())
                .containsExactly(
                        "NOQUEUE: session=1 from=<jörg@\u0434.example>", "NOQUEUE: session=2 from=<b@example.net>");
        assertThat(events.list.get(0).getKeyValuePairs())
                .extracting(pair -> pair.key + "=" + pair.value)
                .containsExactly("queue=NOQUEUE", "session=1", "from=jörg@\u0434.example");
    }

    @Test
    @DisplayName("has room for more facts than any line of today")
    void many() {
        LogLine line = line("1");
        IntStream.range(0, 40).forEach(i -> line.add("k" + i, "v" + i));
        line.log();
        List<KeyValuePair> pairs = events.list.get(0).getKeyValuePairs();
        assertThat(pairs).hasSize(42);
        assertThat(pairs.get(41).value).isEqualTo("v39");
        assertThat(texts().get(0)).endsWith(" k39=v39");
    }

    @Test
    @DisplayName("below the logger's level is not written")
    void level() {
        logger.setLevel(Level.WARN);
        line("1").log();
        new LogLine(logger, org.slf4j.event.Level.ERROR, "2", "Q").log(new IllegalStateException("of the test"));
        assertThat(texts()).containsExactly("Q: session=2");
        assertThat(events.list.get(0).getLevel()).isEqualTo(Level.ERROR);
        assertThat(events.list.get(0).getThrowableProxy().getMessage()).isEqualTo("of the test");
    }
}
