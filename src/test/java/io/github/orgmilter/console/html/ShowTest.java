package io.github.orgmilter.console.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A page")
final class ShowTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("mail.contoso.com", "mail.contoso.com"),
                Arguments.of("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
                Arguments.of("\"&'", "&quot;&amp;&#x27;"),
                Arguments.of("a\u202egnp.exe", "a\\u202egnp.exe"),
                Arguments.of("\u2067\u05d0\u2069", "\\u2067\u05d0\\u2069"),
                Arguments.of("a\r\nb\u0000\u001b[1m", "a\\u000d\\u000ab\\u0000\\u001b[1m"),
                Arguments.of("bücher.example", "bücher.example"),
                Arguments.of("x".repeat(65536), "x".repeat(200) + "... (more than 1024 characters)"),
                Arguments.of(
                        "x" + "\ud801\udc28".repeat(200), "x" + "\ud801\udc28".repeat(99) + "... (401 characters)"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("texts")
    @DisplayName("shows a text from the wire as text, of a bounded length, that cannot turn its surroundings around:")
    void wire(String text, String shown) {
        assertThat(Show.wire(text).render()).isEqualTo("<bdi>" + shown + "</bdi>");
    }

    @Test
    @DisplayName("shows the first lines of what a command prints, and which command prints all")
    void printed() {
        assertThat(Show.printed("a\u202e\n<b>\n", "orgmilter who x").render())
                .isEqualTo("<pre tabindex=\"0\">a\\u202e\n&lt;b&gt;</pre>");
        assertThat(Show.printed("line\n".repeat(1700), "orgmilter who x").render())
                .endsWith("\nline\nand 1,200 more lines; orgmilter who x prints all</pre>");
    }
}
