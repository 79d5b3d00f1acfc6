package io.github.orgmilter.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.pattern.DynamicConverter;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Standard output has the octets of Logback's own appender")
final class StandardOutputAppenderTest {

    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("io.github.orgmilter.test");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    @BeforeEach
    void log() {
        context.setMDCAdapter(new LogbackMDCAdapter()); // as SLF4J does
        logger.setLevel(Level.DEBUG);
        logger.addAppender(events);
        events.start();
        line().add("verdict", "accept")
                .addAddress("from", "a@contoso.com")
                .addText("issuer", "A CA")
                .log();
        line().add("helo", "a b\r\nINFO x")
                .addAddress("from", "j\u00f6rg@\u0434.example")
                .log();
        line().addText("reply", "550 5.7.1 no \" \\ \u202e\uD83D\uDE00").log();
        line().add("login", "x".repeat(5_000))
                .add("helo", "\u00e9".repeat(5_000))
                .log();
        line().event("failure").log(new IllegalStateException("of the test", new IllegalArgumentException("\u00fc")));
        line().log();
        logger.warn("not a line about a session: {} {}", "\uD800", "%msg");
        logger.error("x".repeat(10_000), new IllegalStateException());
        logger.debug("");
    }

    private LogLine line() {
        return new LogLine(logger, org.slf4j.event.Level.INFO, "1", "4Cj");
    }

    private PatternLayoutEncoder encoder(String pattern, @Nullable Charset charset) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(charset);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }

    private <A extends OutputStreamAppender<ILoggingEvent>> A started(
            A appender, PatternLayoutEncoder encoder, OutputStream out) {
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(out);
        appender.start();
        appender.setOutputStream(out); // once more, since ours has opened its own
        return appender;
    }

    private byte[] written(OutputStreamAppender<ILoggingEvent> appender, PatternLayoutEncoder encoder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        started(appender, encoder, out);
        events.list.forEach(appender::doAppend);
        appender.stop();
        return out.toByteArray();
    }

    private void isTheSame(String pattern, Charset charset) {
        String ours = new String(written(new StandardOutputAppender(), encoder(pattern, charset)), charset);
        String theirs = new String(written(new OutputStreamAppender<>(), encoder(pattern, charset)), charset);
        assertThat(ours).isEqualTo(theirs).isNotEmpty();
    }

    @ParameterizedTest(name = "of {0}")
    @ValueSource(
            strings = {
                "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %msg%n",
                "%msg%n",
                "%m",
                "<%-40message> %.30m %60.80msg%n",
                "%replace(%msg){'o','0'} [%thread] %logger{10} %relative%n",
                "%msg%n%nopex",
                "%level %kvp %msg %ex{2}%n",
                "nothing of the event%n",
                "\u00e4 %msg %X{none} %caller{0} %undefined(%msg)%n"
            })
    void patterns(String pattern) {
        isTheSame(pattern, StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "in {0}")
    @ValueSource(strings = {"UTF-8", "ISO-8859-1", "US-ASCII", "UTF-16LE"})
    void charsets(String charset) {
        isTheSame("%level %msg%n", Charset.forName(charset));
    }

    /** A word of a pattern that hides addresses. */
    public static final class Masked extends MessageConverter {
        @Override
        public String convert(ILoggingEvent event) {
            return super.convert(event).replaceAll("<[^>]*>", "<...>");
        }
    }

    /** A pattern with a layout that does. */
    private static final class MaskedEncoder extends PatternLayoutEncoder {
        @Override
        public void start() {
            PatternLayout masked = new PatternLayout() {
                @Override
                public String doLayout(ILoggingEvent event) {
                    return super.doLayout(event).replaceAll("<[^>]*>", "<...>");
                }
            };
            masked.setContext(context);
            masked.setPattern(getPattern());
            masked.start();
            layout = masked;
            started = true;
        }
    }

    @Test
    @DisplayName("of words and layouts that are made of Logback's to hide a part of a line")
    void masked() {
        PatternLayoutEncoder word = new PatternLayoutEncoder();
        word.setContext(context);
        word.setPattern("%masked%n");
        Map<String, Supplier<DynamicConverter<?>>> words = new HashMap<>();
        words.put("masked", Masked::new);
        context.putObject(CoreConstants.PATTERN_RULE_REGISTRY_FOR_SUPPLIERS, words);
        word.start();
        MaskedEncoder layout = new MaskedEncoder();
        layout.setContext(context);
        layout.setPattern("%msg%n");
        layout.start();
        for (PatternLayoutEncoder encoder : List.of(word, layout)) {
            assertThat(new String(written(new StandardOutputAppender(), encoder), StandardCharsets.UTF_8))
                    .contains(" verdict=accept from=<...> ")
                    .doesNotContain("a@contoso.com");
        }
    }

    @Test
    @DisplayName("after a failure, too, unlike Logback's own appender")
    void failure() {
        boolean[] full = {true};
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void write(byte[] octets, int start, int length) {
                if (full[0]) {
                    throw new UncheckedIOException(new IOException("No space left on device"));
                }
                super.write(octets, start, length);
            }
        };
        OutputStream disk = new FilterOutputStream(out) {
            @Override
            public void write(byte[] octets, int start, int length) throws IOException {
                try {
                    out.write(octets, start, length);
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }
        };
        StandardOutputAppender appender = started(new StandardOutputAppender(), encoder("%msg%n", null), disk);
        appender.doAppend(events.list.get(0));
        full[0] = false;
        appender.doAppend(events.list.get(1));
        appender.stop();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(events.list.get(1).getFormattedMessage() + "\n");
    }

    @Test
    @DisplayName("whatever other appenders ask of a line")
    void event() {
        LoggingEvent event = (LoggingEvent) events.list.get(0);
        assertThat(event.getMessage())
                .isEqualTo(event.getFormattedMessage())
                .isEqualTo("4Cj: session=1 verdict=accept from=<a@contoso.com> issuer=\"A CA\"");
        assertThat(event.getKeyValuePairs())
                .extracting(pair -> pair.key + "=" + pair.value)
                .isEqualTo(List.of("queue=4Cj", "session=1", "verdict=accept", "from=a@contoso.com", "issuer=A CA"));
        assertThat(event.getLevel()).isEqualTo(Level.INFO);
        assertThat(event.getLoggerName()).isEqualTo(logger.getName());
        assertThat(event.getThreadName()).isEqualTo(Thread.currentThread().getName());
        assertThat(event.getTimeStamp()).isPositive();
        assertThat(event.getMDCPropertyMap()).isEmpty();
        assertThat(event.getLoggerContextVO()).isEqualTo(context.getLoggerContextRemoteView());
    }
}
