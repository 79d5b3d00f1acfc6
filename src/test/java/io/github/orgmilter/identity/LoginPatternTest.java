package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.identity.login.LoginPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Patterns for logins")
final class LoginPatternTest {

    private static LoginPatterns patterns(String... texts) throws InvalidValueException {
        List<LoginPattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(LoginPattern.parseTrusted(text));
        }
        return LoginPatterns.of(patterns);
    }

    // spotless:off
    @ParameterizedTest(name = "{0}: {1} is accepted by {2}", quoteTextArguments = false)
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            joe                       | joe                       | joe
            joe                       | JOE                       | joe
            Joe@Contoso.com           | joe@contoso.COM           | joe@contoso.com
            joe                       | joe@contoso.com           | -
            joe                       | joe.                      | -
            a+b@contoso.com           | a+b@contoso.com           | a+b@contoso.com
            a+b@contoso.com           | a+2Bb@contoso.com         | -
            mac book                  | mac book                  | mac book
            CORP\\joe                 | corp\\JOE                 | corp\\joe
            *@contoso.com             | joe@contoso.com           | *@contoso.com
            *@contoso.com             | joe@CONTOSO.com           | *@contoso.com
            *@contoso.com             | @contoso.com              | *@contoso.com
            *@contoso.com             | joe@evil.example@contoso.com | *@contoso.com
            *@contoso.com             | joe@contoso.com@evil.example | -
            *@contoso.com             | joe@sub.contoso.com       | -
            *@contoso.com             | joe@contoso.com.          | -
            *@contoso.com             | joe                       | -
            *@contoso.com             | contoso.com               | -
            *@contoso.com joe@contoso.com | joe@contoso.com       | joe@contoso.com
            *@contoso.com joe@contoso.com | ann@contoso.com       | *@contoso.com
            *@realm                   | joe@realm                 | *@realm
            *@bücher.example          | joe@bücher.example        | *@bücher.example
            *@bücher.example          | joe@BÜCHER.example        | -
            *@bücher.example          | joe@xn--bcher-kva.example | -
            kim                       | \u212aim                  | -
            *                         | joe                       | *
            * joe                     | joe                       | joe
            """)
    // spotless:on
    void accepts(String texts, String login, String by) throws InvalidValueException {
        LoginPatterns patterns = texts.equals("mac book") ? patterns(texts) : patterns(texts.split(" "));
        assertThat(patterns.closest(login).map(LoginPattern::toString).orElse(null))
                .isEqualTo(by);
        assertThat(LoginPatterns.NONE.closest(login)).isEmpty();
    }

    @ParameterizedTest(name = "{0} in {1}: covered {2}, within {3}", quoteTextArguments = false)
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            joe             | joe             | true  | -
            joe             | ann             | false | -
            joe@contoso.com | *@contoso.com   | true  | -
            joe@contoso.com | *               | true  | -
            *@contoso.com   | *@contoso.com   | true  | -
            *@contoso.com   | *               | true  | -
            *@contoso.com   | joe@contoso.com | false | joe@contoso.com
            *@contoso.com   | joe@sub.contoso.com | false | -
            *@contoso.com   | *@sub.contoso.com | false | -
            """)
    void covers(String text, String in, boolean covered, String within) throws InvalidValueException {
        LoginPattern pattern = LoginPattern.parse(text);
        assertThat(patterns(in).covers(pattern)).isEqualTo(covered);
        assertThat(patterns(in).firstWithin(pattern).map(LoginPattern::toString))
                .isEqualTo(Optional.ofNullable(pattern.kind() == LoginPattern.Kind.DOMAIN ? within : null));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                " ",
                "joe ",
                " joe",
                "j\u00a0oe",
                "j\noe",
                "j\u0000oe",
                "j\u202eoe",
                "j\ufffdoe",
                "joe*",
                "*joe",
                "**",
                "*@",
                "*@*",
                "*@*.contoso.com",
                "*@a@contoso.com",
                "@contoso.com",
                "*.contoso.com",
                "*@contoso.com*"
            })
    void areNot(String text) {
        assertThatThrownBy(() -> LoginPattern.parse(text)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> LoginPattern.parseTrusted(text)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void aConnectorHasNotEveryLogin() {
        assertThatThrownBy(() -> LoginPattern.parse("*")).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "joe, -",
                "joe@contoso.com, contoso.com",
                "*@CONTOSO.com, contoso.com",
                "*@bücher.example, xn--bcher-kva.example",
                "*@BÜCHER.example, xn--bcher-kva.example",
                "*@contoso..com, -",
                "*, -"
            })
    void haveADomain(String text, String domain) throws InvalidValueException {
        assertThat(LoginPattern.parseTrusted(text)
                        .domain()
                        .map(DomainName::ascii)
                        .orElse(null))
                .isEqualTo(domain);
    }

    @Test
    void areEqualByWhatTheyAccept() throws InvalidValueException {
        assertThat(patterns("a", "*@b")).isEqualTo(patterns("*@B", "A")).hasSameHashCodeAs(patterns("*@B", "A"));
        assertThat(patterns("a")).isNotEqualTo(patterns("b")).isNotEqualTo("a").hasToString("[a]");
        assertThat(Stream.of(patterns(), LoginPatterns.NONE).distinct()).hasSize(1);
        assertThat(patterns("*")).isEqualTo(LoginPatterns.ALL);
        assertThat(patterns().isEmpty()).isTrue();
        assertThat(patterns("c", "a", "b").all()).hasToString("[c, a, b]");
    }
}
