package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 3.1: patterns of certificate names. */
class CertificateNamePatternTest {

    @ParameterizedTest(name = "{0} matches {1}", quoteTextArguments = false)
    @CsvSource({
        "mail.contoso.com, mail.contoso.com",
        "mail.contoso.com, MAIL.contoso.COM",
        "MAIL.contoso.COM., mail.contoso.com",
        "*.contoso.com, mail.contoso.com",
        "*.contoso.com, a.b.c.contoso.com",
        "*.contoso.com, contoso.com",
        "*.contoso.com, *.contoso.com",
        "*.contoso.com, *.edge.contoso.com",
        "*.contoso.com, *.CONTOSO.com",
        "mailserver, mailserver",
        "müller.de, müller.de",
        "MÜLLER.de, müller.de",
        "xn--mller-kva.de, müller.de",
        "müller.de, xn--mller-kva.de",
        "müller.de, XN--MLLER-KVA.de",
        "*.müller.de, *.müller.de",
        "*.müller.de, mail.xn--mller-kva.de",
        "*.müller.de, xn--mller-kva.de",
        "*.müller.de, *.mail.xn--mller-kva.de",
        "faß.de, faß.de",
        "ab--cd.contoso.com, ab--cd.contoso.com"
    })
    void matchesTheName(String pattern, String presented) throws InvalidValueException {
        assertThat(matches(pattern, presented)).isTrue();
    }

    @ParameterizedTest(name = "{0} does not match {1}", quoteTextArguments = false)
    @CsvSource({
        "mail.contoso.com, contoso.com",
        "mail.contoso.com, a.mail.contoso.com",
        "mail.contoso.com, *.contoso.com",
        "contoso.com, *.contoso.com",
        "mail.contoso.com, mail.contoso.com.evil.example",
        "*.contoso.com, evilcontoso.com",
        "*.contoso.com, contoso.com.evil.example",
        "*.contoso.com, *.com",
        "*.contoso.com, com",
        "*.edge.contoso.com, mail.contoso.com",
        "*.edge.contoso.com, *.contoso.com",
        "contoso.com, contoſo.com",
        "contoso.com, ｃontoso.com",
        "contoso.com, con\u00adtoso.com",
        "contoso.com, contоso.com",
        "*.contoso.com, mail.contoſo.com",
        "*.contoso.com, maıl.contoso.com",
        "müller.de, Müller.de",
        "müller.de, mu\u0308ller.de",
        "*.müller.de, mail.müller.de",
        "*.müller.de, müller.de",
        "*.müller.de, *.mail.müller.de",
        "müller.de, *.müller.de",
        "faß.de, fass.de",
        "fass.de, faß.de"
    })
    void doesNotMatch(String pattern, String presented) throws InvalidValueException {
        assertThat(matches(pattern, presented)).isFalse();
    }

    // Every presented name of these tables is a usable one: what is not is CertificateNameTest's.
    private static boolean matches(String pattern, String presented) throws InvalidValueException {
        return CertificateNamePattern.parse(pattern)
                .matches(CertificateName.of(presented).orElseThrow());
    }

    @ParameterizedTest(name = "{0} is put into the form {1}", quoteTextArguments = false)
    @CsvSource({
        "MAIL.Contoso.com., mail.contoso.com",
        "*.Contoso.com, *.contoso.com",
        "müller.de, xn--mller-kva.de",
        "*.müller.de, *.xn--mller-kva.de"
    })
    void isPutIntoALabels(String text, String form) throws InvalidValueException {
        assertThat(CertificateNamePattern.parse(text)).hasToString(form);
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    void refuses(String what, String text, String problem, String repair) {
        assertThatThrownBy(() -> CertificateNamePattern.parse(text))
                .isInstanceOfSatisfying(InvalidValueException.class, e -> {
                    assertThat(e.problem()).isEqualTo(problem);
                    assertThat(e.repair()).isEqualTo(repair);
                });
    }

    static Stream<Arguments> refuses() {
        String elsewhere = "\"%s\" has a wildcard that is not the whole first label";
        String exact = "write an exact name, or *. and a domain such as *.contoso.com";
        String top = "\"%s\" would match every certificate below a top-level domain";
        String two = "write *. and a domain of at least two labels, such as *.contoso.com";
        String subject = "\"%s\" is a distinguished name, but only the common name is compared";
        String address = "\"192.0.2.1\" is an address, not a domain name";
        // spotless:off
        return Stream.of(
                refused("an empty name", "", "empty certificate name", "write a name such as mail.contoso.com"),
                refused("a star", "*", elsewhere, exact),
                refused("a star and a dot", "*.", elsewhere, exact),
                refused("a star and a single label", "*.com", top, two),
                refused("a star and a single label with a dot", "*.com.", top, two),
                refused("a star and a single U-label", "*.рф", top, two),
                refused("a star inside the first label", "m*.contoso.com", elsewhere, exact),
                refused("a star glued to a name", "*contoso.com", elsewhere, exact),
                refused("a star further on", "mail.*.contoso.com", elsewhere, exact),
                refused("two stars", "*.*.contoso.com", elsewhere, exact),
                refused("a star and a full-width dot", "*．contoso.com", elsewhere, exact),
                refused("a leading dot", ".contoso.com", "\"%s\" starts with a dot", "write \"*.contoso.com\""),
                refused("a wildcard and a port", "*.contoso.com:25", "\"%s\" has a port", "write \"*.contoso.com\""),
                refused("a URL", "https://mail.contoso.com/", "\"%s\" is a URL, not a domain name", "write \"mail.contoso.com\""),
                refused("a subject", "CN=mail.contoso.com", subject, "write \"mail.contoso.com\""),
                refused("a subject as openssl prints it", "C = US, O = Contoso, CN = *.contoso.com", subject, "write \"*.contoso.com\""),
                refused("a subject as it was printed", "/C=US/CN=mail.contoso.com/emailAddress=a@contoso.com", subject,
                        "write \"mail.contoso.com\""),
                refused("a subject with a character that no name has", "CN=mail…com", "\"%s\" contains U+2026 HORIZONTAL ELLIPSIS",
                        "use letters, digits, hyphens and dots only"),
                refused("an address", "192.0.2.1", address,
                        "write a name such as contoso.com; addresses belong in a connector's addresses"),
                refused("a space", " mail.contoso.com", "\"%s\" is not a domain name",
                        "use letters, digits and inner hyphens, labels of 1 to 63 octets with single dots between"));
        // spotless:on
    }

    private static Arguments refused(String what, String text, String problem, String repair) {
        return arguments(what, text, problem.replace("%s", text), repair);
    }
}
