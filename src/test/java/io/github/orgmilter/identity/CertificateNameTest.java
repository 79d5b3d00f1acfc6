package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 3.1: names that certificates present. */
class CertificateNameTest {

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void aUsableNameIsKeptWhole(String what, String presented, String name, boolean wildcard, boolean ascii) {
        assertThat(CertificateName.of(presented)).hasValue(new CertificateName(presented, name, wildcard, ascii));
        assertThat(CertificateName.of(presented))
                .hasValueSatisfying(it -> assertThat(it).hasToString(presented));
    }

    static Stream<Arguments> aUsableNameIsKeptWhole() {
        // spotless:off
        return Stream.of(
                arguments("a host name", "mail.contoso.com", "mail.contoso.com", false, true),
                arguments("upper case is lowered for comparison", "MAIL.Contoso.com", "mail.contoso.com", false, true),
                arguments("a wildcard is told apart", "*.Contoso.com", "contoso.com", true, true),
                arguments("a single label", "mailserver", "mailserver", false, true),
                arguments("an underscore", "mail_1.contoso.com", "mail_1.contoso.com", false, true),
                arguments("a U-label name is not mapped", "Müller.de", "Müller.de", false, false),
                arguments("long s is not mapped", "contoſo.com", "contoſo.com", false, false),
                arguments("full-width letters are not mapped", "ｃontoso.com", "ｃontoso.com", false, false),
                arguments("a soft hyphen is not dropped", "con\u00adtoso.com", "con\u00adtoso.com", false, false),
                arguments("a U-label wildcard", "*.müller.de", "müller.de", true, false),
                arguments("253 octets", "a.".repeat(126) + "a", "a.".repeat(126) + "a", false, true));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void aNameThatCanMatchNothingIsNone(String what, String presented) {
        assertThat(CertificateName.of(presented)).isEmpty();
    }

    static Stream<Arguments> aNameThatCanMatchNothingIsNone() {
        // spotless:off
        return Stream.of(
                arguments("empty", ""),
                arguments("a space", " "),
                arguments("a leading space", " mail.contoso.com"),
                arguments("a trailing space", "mail.contoso.com "),
                arguments("an inner space", "mail contoso.com"),
                arguments("a slash", "evil.example/CN=mail.contoso.com"),
                arguments("Sendmail's whole name", "/O=Contoso/CN=mail.contoso.com"),
                arguments("an equals sign", "CN=mail.contoso.com"),
                arguments("NUL", "mail.contoso.com\u0000.evil.example"),
                arguments("a NUL at the end", "mail.contoso.com\u0000"),
                arguments("a line break", "mail.contoso.com\r\n"),
                arguments("a tab", "mail.contoso.com\t"),
                arguments("DEL", "mail.contoso.com\u007f"),
                arguments("a trailing dot", "mail.contoso.com."),
                arguments("a leading dot", ".contoso.com"),
                arguments("an empty label", "mail..contoso.com"),
                arguments("a star", "*"),
                arguments("a star and a dot", "*."),
                arguments("two wildcards", "*.*.contoso.com"),
                arguments("a wildcard inside a label", "m*.contoso.com"),
                arguments("a wildcard further on", "mail.*.contoso.com"),
                arguments("a mail address", "alice@contoso.com"),
                arguments("a label of 64 octets", "a".repeat(64) + ".com"),
                arguments("254 octets", "a.".repeat(126) + "aa"),
                arguments("300 characters", "a".repeat(300)),
                arguments("a U-label name with a space", "mail müller.de"),
                arguments("a U-label name with a no-break space", "müller.de\u00a0"),
                arguments("a U-label name with a slash", "müller.de/CN=x"),
                arguments("a U-label name with an equals sign", "CN=müller.de"),
                arguments("a U-label name with NUL", "müller.de\u0000"),
                arguments("a U-label name with a C1 control", "müller.de\u0085"),
                arguments("a U-label name with a star further on", "mail.*.müller.de"),
                arguments("a U-label name over two lines", "müller.de\u2028"),
                arguments("what was no UTF-8", "m\ufffdller.de"));
        // spotless:on
    }
}
