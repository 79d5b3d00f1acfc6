package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/rules.md, section 3.3: the names of issuers in a configuration. */
class IssuerNameTest {

    private static final String COMMON_NAME = "write the issuer's common name";

    // spotless:off
    @ParameterizedTest(name = "\"{0}\"", quoteTextArguments = false)
    @ValueSource(strings = {
        "Good CA", "R3", "Société Générale CA", "Example \"Gold\" CA", "Example CA 'G2'", "\"", "'Example' CA", "Example 'CA'", "x=y",
        "=", "Example CA = good"
    })
    // spotless:on
    void readsAName(String text) throws InvalidValueException {
        assertThat(IssuerName.parse(text)).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0}: \"{1}\"", quoteTextArguments = false)
    @MethodSource
    void refusesWhatNoMtaReports(String what, String text, String problem, String repair) {
        assertThatThrownBy(() -> IssuerName.parse(text)).isInstanceOfSatisfying(InvalidValueException.class, e -> {
            assertThat(e.problem()).isEqualTo(problem.replace("%s", text));
            assertThat(e.repair()).isEqualTo(repair);
        });
    }

    static Stream<Arguments> refusesWhatNoMtaReports() {
        String blank = "\"%s\" begins or ends with a blank";
        String quotes = "\"%s\" is in quotes";
        String control = "\"%s\" contains a control character, which no MTA reports";
        String distinguished = "\"%s\" is a distinguished name, but MTAs report only the issuer's common name";
        String good = "write \"Good CA\"";
        // spotless:off
        return Stream.of(
                arguments("nothing", "", "an empty issuer", COMMON_NAME),
                arguments("a blank before", " Good CA", blank, good),
                arguments("a blank behind", "Good CA ", blank, good),
                arguments("several blanks", "\t Good CA \n", blank, good),
                arguments("an invisible character behind", "Good CA\u200b", blank, good),
                arguments("only blanks", "   ", blank, COMMON_NAME),
                arguments("a control character inside", "Good\u0007CA", control, COMMON_NAME),
                arguments("double quotes", "\"Good CA\"", quotes, good),
                arguments("single quotes", "'Good CA'", quotes, good),
                arguments("typographic quotes", "„Good CA“", quotes, good),
                arguments("quotes around blanks", "\" Good CA \"", quotes, good),
                arguments("quotes around nothing", "\"\"", quotes, COMMON_NAME),
                arguments("as OpenSSL prints it", "C = US, O = Example, CN = Good CA", distinguished, good),
                arguments("as OpenSSL printed it", "/C=US/O=Example/CN=Good CA", distinguished, good),
                arguments("with its tag", "issuer=CN=Good CA", distinguished, good),
                arguments("an equals sign first", "=CN=Good CA", distinguished, good),
                arguments("only a common name", "CN=Good CA", distinguished, good),
                arguments("by object identifier", "2.5.4.3=Good CA", distinguished, good),
                arguments("of several the first", "CN=Good CA, CN=Other CA", distinguished, good),
                arguments("in quotes inside", "CN=\"Good CA\",C=US", distinguished, good),
                arguments("a quote at one end", "CN=\"Good CA", distinguished, "write \"\"Good CA\""),
                arguments("a quote at the other end", "CN=Good CA\",C=US", distinguished, "write \"Good CA\"\""),
                arguments("a quote alone", "C=US,CN=\"", distinguished, "write \"\"\""),
                arguments("a backslash before a comma", "CN=Good\\, CA", distinguished, "write \"Good, CA\""),
                arguments("an empty common name", "CN=, O=Good CA", distinguished, good),
                arguments("no common name", "C=US, O=Good CA", distinguished, good),
                arguments("neither", "C=US, ST=Washington", distinguished, COMMON_NAME));
        // spotless:on
    }
}
