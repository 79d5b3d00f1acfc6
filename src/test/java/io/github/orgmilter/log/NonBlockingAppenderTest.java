package io.github.orgmilter.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.read.ListAppender;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;

@Timeout(60)
class NonBlockingAppenderTest {

    private static final int MORE = 1000;

    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("test");
    private final Target target = new Target();
    private final NonBlockingAppender appender = new NonBlockingAppender();

    /** Writes nothing before the gate opens, as a pipe that nobody reads. */
    private static final class Target extends AppenderBase<ILoggingEvent> {
        private final CountDownLatch gate = new CountDownLatch(1);
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected void append(ILoggingEvent event) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (event.getFormattedMessage().equals("throw")) {
                throw new IllegalStateException("of the test");
            }
            if (event.getFormattedMessage().equals("fail")) {
                throw new NoClassDefFoundError("of the test");
            }
            lines.add(event.getFormattedMessage());
        }
    }

    private void start() {
        context.setMDCAdapter(new LogbackMDCAdapter()); // as SLF4J does
        target.setContext(context);
        target.start();
        appender.setContext(context);
        appender.addAppender(target);
        appender.start();
        context.getLogger("ROOT").addAppender(appender);
    }

    @Test
    void writesEveryLineInItsOrderAndTheRestWhenItStops() {
        target.gate.countDown();
        start();
        IntStream.range(0, 1000).forEach(i -> logger.info("{}", i));
        context.stop();
        assertThat(target.lines)
                .containsExactlyElementsOf(
                        IntStream.range(0, 1000).mapToObj(String::valueOf).toList());
    }

    /** Logs twice as many lines as have room, and some more; how many were dropped. */
    private long overflow(String line, Throwable thrown) {
        long before = NonBlockingAppender.dropped();
        long room = room(line, thrown);
        for (long i = 0; i < 2 * room + MORE; i++) {
            logger.info(line, thrown);
        }
        return NonBlockingAppender.dropped() - before;
    }

    private long room(String line, Throwable thrown) {
        return NonBlockingAppender.QUEUE
                / NonBlockingAppender.octets(
                        new LoggingEvent("test", context.getLogger("test"), Level.INFO, line, thrown, null));
    }

    @Test
    void neverWaitsAndCountsWhatItDrops() {
        start();
        String line = "x".repeat(500);
        // The writer holds a batch, and the queue what fits: whatever comes then is dropped.
        long dropped = overflow(line, null);
        assertThat(dropped).isBetween(room(line, null), room(line, null) + MORE);
        assertThat(target.lines).isEmpty();
        target.gate.countDown();
        await().until(() -> target.lines.size() == 2 * room(line, null) + MORE - dropped);
        logger.info("after");
        context.stop();
        assertThat(target.lines).endsWith("after");
    }

    @Test
    void holdsTheFewerLinesTheLongerTheyAre() {
        start();
        Throwable deep = new IllegalStateException("x".repeat(1000), new IllegalArgumentException("of the test"));
        String longest = "\u0436".repeat(12 * 512);
        assertThat(overflow(longest, null)).isPositive();
        assertThat(room(longest, null)).isLessThan(room("x", null) / 20);
        assertThat(room("x", deep)).isLessThan(room("x", null) / 5);
        target.gate.countDown();
        context.stop();
    }

    @Test
    void countsTheFactsOfALineBeforeItHasAText() {
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        context.setMDCAdapter(new LogbackMDCAdapter());
        ((ch.qos.logback.classic.Logger) logger).addAppender(events);
        for (String helo : List.of("x", "x".repeat(100_000))) {
            new LogLine(logger, org.slf4j.event.Level.INFO, "1", "")
                    .add("helo", helo)
                    .log();
        }
        long[] octets =
                events.list.stream().mapToLong(NonBlockingAppender::octets).toArray();
        assertThat(octets[0]).isBetween(768L, 1024L);
        assertThat(octets[1] - octets[0]).isEqualTo(4 * 99_999L); // all of it is kept, though the line shows 512
    }

    @Tag("slow")
    @Test
    void letsTheProcessEndThoughNobodyReads() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg%n");
        encoder.start();
        OutputStreamAppender<ILoggingEvent> stream = new OutputStreamAppender<>();
        stream.setContext(context);
        stream.setEncoder(encoder);
        stream.setOutputStream(new OutputStream() {
            @Override
            public void write(int octet) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        stream.start();
        context.setMDCAdapter(new LogbackMDCAdapter());
        appender.setContext(context);
        appender.addAppender(stream);
        appender.start();
        context.getLogger("ROOT").addAppender(appender);
        logger.info("stuck");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::stop);
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(40));
        never.countDown();
    }

    @Test
    void outlivesATargetThatFails() {
        target.gate.countDown();
        start();
        logger.info("throw");
        await().until(() -> context.getStatusManager().getCount() > 0);
        long before = NonBlockingAppender.dropped();
        logger.info("fail");
        await().until(() -> NonBlockingAppender.dropped() == before + 1);
        logger.info("after");
        await().until(() -> target.lines.contains("after"));
        context.stop();
    }
}
