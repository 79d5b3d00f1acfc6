package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Text in a log line")
final class LogTextTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a plain address | joe+x=1@contoso.com | joe+x=1@contoso.com",
                "an address in Unicode | jürgen@müller.de | jürgen@müller.de",
                "spaces and a key | '\"x> verdict=accept\"@y' | '\"x>\\u{20}verdict=accept\"@y'",
                "a backslash | 'a\\b' | 'a\\\\b'",
                "emoji | \uD83D\uDE00@x | \uD83D\uDE00@x"
            })
    @DisplayName("cannot look like another key")
    void escapes(String name, String text, String escaped) {
        assertThat(LogText.escape(text)).isEqualTo(escaped);
    }

    @Test
    @DisplayName("cannot end the line, colour a terminal or reverse the writing direction")
    void controls() {
        assertThat(LogText.escape("a\r\nb\u001b[31m\u202Ec\u2028d\u0085e\u0000"))
                .isEqualTo("a\\u{d}\\u{a}b\\u{1b}[31m\\u{202e}c\\u{2028}d\\u{85}e\\u{0}");
        assertThat(LogText.escape("\uD800")).isEqualTo("\\u{d800}");
    }

    @Test
    @DisplayName("is cut at 512 characters")
    void longText() {
        assertThat(LogText.escape("x".repeat(100_000))).isEqualTo("x".repeat(512) + "...");
    }
}
