package io.github.orgmilter.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Text in a log line")
final class LogTextTest {

    private static String escaped(String text) {
        StringBuilder line = new StringBuilder("before ");
        LogText.append(line, text);
        return line.substring("before ".length());
    }

    private static String words(String text) {
        StringBuilder line = new StringBuilder();
        LogText.appendWords(line, text);
        return line.toString();
    }

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
        assertThat(escaped(text)).isEqualTo(escaped);
    }

    @Test
    @DisplayName("cannot end the line, colour a terminal or reverse the writing direction")
    void controls() {
        assertThat(escaped("a\r\nb\u001b[31m\u202Ec\u2028d\u0085e\u0000"))
                .isEqualTo("a\\u{d}\\u{a}b\\u{1b}[31m\\u{202e}c\\u{2028}d\\u{85}e\\u{0}");
        assertThat(escaped("\uD800")).isEqualTo("\\u{d800}");
    }

    @Test
    @DisplayName("between quotes keeps its spaces, and nothing in it ends them")
    void quoted() {
        assertThat(words("550 5.7.1 no")).isEqualTo("550 5.7.1 no");
        assertThat(words("a \" b=\" \\u{20}\n")).isEqualTo("a \\\" b=\\\" \\\\u{20}\\u{a}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "as long as it may be | x | 512 | x | 512 |",
                "plain | x | 100000 | x | 512 | ...",
                "zero-width, of which each takes eight characters | \u200B | 660 | \\u{200b} | 64 | ...",
                "controls, of which the last would be cut within its escape | \u007F | 86 | \\u{7f} | 85 | ...",
                "a character of two halves, of which the last would be cut | \uD83D\uDE00 | 300 | \uD83D\uDE00 | 256 | ...",
                "backslashes | \\ | 1000 | \\\\ | 256 | ..."
            })
    @DisplayName("is cut as it is written, between two characters, and shows it")
    void longText(String name, String unit, int times, String shown, int shownTimes, String end) {
        String expected = shown.repeat(shownTimes) + (end == null ? "" : end);
        assertThat(escaped(unit.repeat(times))).isEqualTo(expected);
        assertThat(words(unit.repeat(times))).isEqualTo(expected);
    }

    @Test
    @DisplayName("is cut also where it is not escaped, and not within a character")
    void cut() {
        assertThat(LogText.cut("x".repeat(512))).isEqualTo("x".repeat(512));
        assertThat(LogText.cut("x".repeat(513))).isEqualTo("x".repeat(512) + "...");
        assertThat(LogText.cut("x" + "\uD83D\uDE00".repeat(300))).isEqualTo("x" + "\uD83D\uDE00".repeat(255) + "...");
    }
}
