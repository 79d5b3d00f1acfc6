package io.github.orgmilter.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

    private <A extends OutputStreamAppender<ILoggingEvent>> byte[] written(
            A appender, String pattern, Charset charset) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(charset);
        encoder.setPattern(pattern);
        encoder.start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(out);
        appender.start();
        appender.setOutputStream(out); // once more, since ours has opened its own
        events.list.forEach(appender::doAppend);
        appender.stop();
        return out.toByteArray();
    }

    private void isTheSame(String pattern, Charset charset) {
        String ours = new String(written(new StandardOutputAppender(), pattern, charset), charset);
        String theirs = new String(written(new OutputStreamAppender<>(), pattern, charset), charset);
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
