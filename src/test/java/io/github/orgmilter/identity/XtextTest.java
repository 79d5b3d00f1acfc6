package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 3461, section 4: the encoding in which MTAs report the names of a certificate. */
class XtextTest {

    @ParameterizedTest(name = "\"{0}\" is \"{1}\"", quoteTextArguments = false)
    @CsvSource({
        "mail.contoso.com, mail.contoso.com",
        "'', ''",
        "+20, ' '",
        "+0A, '\n'",
        "a+2Bb, a+b",
        "a+2bb, a+b",
        "a+20+20b+2B, 'a  b+'",
        "m+C3+BCller.de, müller.de",
        "müller.de, müller.de",
        "+FF, \ufffd"
    })
    void decodes(String encoded, String text) {
        assertThat(Xtext.decode(encoded)).hasValue(text);
    }

    @ParameterizedTest(name = "\"{0}\" is not well-formed", quoteTextArguments = false)
    @ValueSource(strings = {"+", "a+", "a+2", "+2", "+G0", "+0G", "+-1", "++20", "a+2 b", "+ü0", "+２0"})
    void refusesWhatIsNotWellFormed(String encoded) {
        assertThat(Xtext.decode(encoded)).isEmpty();
    }
}
