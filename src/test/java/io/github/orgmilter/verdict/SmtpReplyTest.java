package io.github.orgmilter.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 10.3: what can be sent as a reply. */
class SmtpReplyTest {

    /** The text that makes a line of 512 octets behind {@code 550 5.7.1 }, CRLF included. */
    private static final int TEXT = 512 - "550 5.7.1 \r\n".length();

    @Test
    void itsLinesAreWhatTheClientSees() {
        assertThat(new SmtpReply(550, "5.7.1", List.of("No")).lines()).containsExactly("550 5.7.1 No");
        SmtpReply long3 = new SmtpReply(451, "4.7.1", List.of("One", "", "Three"));
        assertThat(long3.lines()).containsExactly("451-4.7.1 One", "451-4.7.1 ", "451 4.7.1 Three");
        assertThat(long3).hasToString("451-4.7.1 One\r\n451-4.7.1 \r\n451 4.7.1 Three");
    }

    @Test
    void aLineMayHave512OctetsOnTheWireWithEveryPercentSignDoubled() {
        assertThat(new SmtpReply(550, "5.7.1", List.of("x".repeat(TEXT))).lines())
                .hasSize(1);
        assertThat(new SmtpReply(550, "5.7.1", List.of("%".repeat(TEXT / 2))).lines())
                .hasSize(1);
        assertThatThrownBy(() -> new SmtpReply(550, "5.7.1", List.of("x".repeat(TEXT + 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SmtpReply(550, "5.7.1", List.of("%".repeat(TEXT / 2 + 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SmtpReply(550, "5.7.10", List.of("x".repeat(TEXT))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bearsAnyCodeOfARefusalAndAnyPrintableCharacter() {
        assertThat(new SmtpReply(400, "4.0.0", List.of(" !~"))).hasToString("400 4.0.0  !~");
        assertThat(new SmtpReply(599, "5.999.999", List.of(""))).hasToString("599 5.999.999 ");
        assertThat(new SmtpReply(499, "4.0.0", List.of("Later")).isTemporary()).isTrue();
        assertThat(new SmtpReply(500, "5.0.0", List.of("No")).isTemporary()).isFalse();
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void cannotBeMalformed(String what, int code, String enhancedCode, List<String> texts) {
        assertThatThrownBy(() -> new SmtpReply(code, enhancedCode, texts)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<Arguments> cannotBeMalformed() {
        List<String> text = List.of("No");
        // spotless:off
        return Stream.of(
                arguments("a positive code", 250, "2.0.0", text),
                arguments("an intermediate code", 354, "3.0.0", text),
                arguments("399", 399, "3.0.0", text),
                arguments("600", 600, "6.0.0", text),
                arguments("421, which ends the session", 421, "4.3.0", text),
                arguments("another class", 550, "4.7.1", text),
                arguments("another class the other way", 450, "5.7.1", text),
                arguments("no enhanced code", 550, "", text),
                arguments("half an enhanced code", 550, "5", text),
                arguments("two thirds of an enhanced code", 550, "5.7", text),
                arguments("too long an enhanced code", 550, "5.7.1000", text),
                arguments("a line break in the enhanced code", 550, "5.7.1\r\n", text),
                arguments("no line", 550, "5.7.1", List.of()),
                arguments("CR", 550, "5.7.1", List.of("a\rb")),
                arguments("LF", 550, "5.7.1", List.of("a\nb")),
                arguments("NUL", 550, "5.7.1", List.of("a\u0000b")),
                arguments("a tab", 550, "5.7.1", List.of("a\tb")),
                arguments("DEL", 550, "5.7.1", List.of("a\u007fb")),
                arguments("more than ASCII", 550, "5.7.1", List.of("né")),
                arguments("a line break in a later line", 550, "5.7.1", List.of("a", "b\r\n250 ok")));
        // spotless:on
    }
}
