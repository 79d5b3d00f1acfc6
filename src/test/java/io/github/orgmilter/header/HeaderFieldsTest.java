package io.github.orgmilter.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The header fields of a message")
final class HeaderFieldsTest {

    private static final FieldName KEY = new FieldName("X-Organization-Key");
    private static final FieldName RESULT = new FieldName("X-OrgMilter-Result");

    private final HeaderFields header = header(1000, 1024 * 1024);

    private static HeaderFields header(int fields, int octets) {
        return new HeaderFields(Set.of(FieldName.FROM, KEY, RESULT), fields, octets);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void add(HeaderFields header, String name, String value) {
        header.add(octets(name), octets(value));
    }

    private void add(String name, String value) {
        add(header, name, value);
    }

    static Stream<Arguments> values() {
        // spotless:off
        return Stream.of(
                Arguments.of("secret",            "secret",  true),
                Arguments.of("SeCrEt",            "secret",  true),
                Arguments.of("secret",            "SECRET",  true),
                Arguments.of(" secret",           "secret",  true),
                Arguments.of("\tsecret \t",       "secret",  true),
                Arguments.of("\n secret",         "secret",  true),
                Arguments.of("\r\n\tsecret",      "secret",  true),
                Arguments.of("secret\n ",         "secret",  true),
                Arguments.of("se\n cret",         "se cret", true),
                Arguments.of("se\n\tcret",        "se cret", true),
                Arguments.of("se  cret",          "se cret", false),
                Arguments.of("secret x",          "secret",  false),
                Arguments.of("xsecret",           "secret",  false),
                Arguments.of("secret\nx",         "secret",  false),
                Arguments.of("secret\n",          "secret",  false),
                Arguments.of("secret\r",          "secret",  false),
                Arguments.of("secret\0",          "secret",  false),
                Arguments.of("se\0cret",          "secret",  false),
                Arguments.of("secret\u00a0",      "secret",  false),
                Arguments.of("\u017fecret",       "secret",  false),
                Arguments.of("\uff53ecret",       "secret",  false),
                Arguments.of("=?utf-8?q?secret?=", "secret", false),
                Arguments.of("\"secret\"",        "secret",  false),
                Arguments.of("(x) secret",        "secret",  false),
                Arguments.of("",                  "secret",  false));
        // spotless:on
    }

    @ParameterizedTest(name = "[{0}] is [{1}]: {2}")
    @MethodSource("values")
    @DisplayName("have values that are compared whole, without folds, outer blanks and case")
    void value(String came, String configured, boolean equal) throws InvalidValueException {
        add("X-Organization-Key", came);
        assertThat(header.value(KEY)
                        .filter(FieldValue.parse(configured)::equals)
                        .isPresent())
                .isEqualTo(equal);
    }

    @ParameterizedTest(name = "[{0}] and [{1}]: {2} copies, fulfilled: {3}")
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            nullValues = "-",
            value = {
                "X-Organization-Key,-,1,true",
                "x-organization-KEY,-,1,true",
                "-,-,0,false",
                "X-Organization-Key,X-Organization-Key,2,false",
                "X-Organization-Key,x-ORGANIZATION-key,2,false",
                "X-Organization-Key ,-,1,false",
                "X-Organization-Key\t ,-,1,false",
                "X-Organization-Key,X-Organization-Key ,2,false",
                "X-Organization-Key ,X-Organization-Key,2,false",
                " X-Organization-Key,-,0,false",
                "X-Organization-Keys,-,0,false",
                "X-Organization,-,0,false",
                "'',-,0,false"
            })
    @DisplayName("fulfil a required field exactly once, and count with a blank before the colon as well")
    void copies(String first, String second, int copies, boolean fulfilled) throws InvalidValueException {
        for (String name : new String[] {first, second}) {
            if (name != null) {
                add(name, "secret");
            }
        }
        assertThat(header.copies(KEY)).isEqualTo(copies);
        assertThat(header.value(KEY).equals(Optional.of(FieldValue.parse("secret"))))
                .isEqualTo(fulfilled);
    }

    @Test
    @DisplayName("name authors in every From field, however its name is written, and in no other field")
    void authors() {
        add("From", "a@contoso.com");
        add("FROM", "b@fabrikam.com");
        add("from \t", "c@example.org");
        add("Sender", "d@sender.example");
        add("Resent-From", "e@resent.example");
        add(" From", "f@blank.example");
        assertThat(header.from().domains())
                .extracting(DomainName::ascii)
                .containsExactlyInAnyOrder("contoso.com", "fabrikam.com", "example.org");
    }

    @Test
    @DisplayName("are not kept, unless they are asked about")
    void kept() {
        for (int i = 0; i < 900; i++) {
            add("X-Other-" + i, "x".repeat(1000));
        }
        add("To", "x".repeat(60_000));
        assertThat(header.kept()).isZero();
        add(KEY.text(), "x".repeat(500));
        assertThat(header.kept()).isBetween(500, 1000);
        assertThat(header.isPastLimit()).isFalse();
    }

    @Test
    @DisplayName("have a value no longer than a line, and else none")
    void longValue() {
        add(KEY.text(), " " + "x".repeat(998) + "\n ");
        assertThat(header.value(KEY)).isPresent();
        add(RESULT.text(), "x".repeat(999));
        assertThat(header.value(RESULT)).isEmpty();
        assertThat(header.copies(RESULT)).isEqualTo(1);
    }

    @Test
    @DisplayName("may be so many, and so long, and no more")
    void limits() {
        HeaderFields few = header(3, 1000);
        add(few, "A", "x");
        add(few, "A", "x");
        add(few, "A", "x");
        assertThat(few.isPastLimit()).isFalse();
        add(few, "A", "x");
        assertThat(few.isPastLimit()).isTrue();
        HeaderFields shortOnes = header(100, 100);
        add(shortOnes, "A", "x".repeat(99));
        assertThat(shortOnes.isPastLimit()).isFalse();
        add(shortOnes, "", "x");
        assertThat(shortOnes.isPastLimit()).isTrue();
    }

    @Test
    @DisplayName("that cannot be read for their length count, and are past the limit where they are asked about")
    void unread() {
        header.addUnread(octets("To"), 200_000);
        header.addUnread(octets("x".repeat(5000)), 200_000);
        assertThat(header.isPastLimit()).isFalse();
        header.addUnread(octets("to"), 700_000);
        assertThat(header.isPastLimit()).isTrue();
        for (String asked : new String[] {"From", "from ", KEY.text()}) {
            HeaderFields one = header(1000, 1024 * 1024);
            one.addUnread(octets(asked), 200_000);
            assertThat(one.isPastLimit()).as(asked).isTrue();
        }
    }

    @Test
    @DisplayName("keep no more than a constant, whatever comes")
    void constant() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            many.append("a@d").append(i).append(".example,");
        }
        add("From", many.toString());
        assertThat(header.isPastLimit()).isTrue();
        assertThat(header.kept()).isLessThan(2 * HeaderFields.MAX_KEPT);
        HeaderFields repeated = header(1000, 10 * 1024 * 1024);
        for (int i = 0; i < 3; i++) {
            add(repeated, "From", "x".repeat(60_000) + " <a@contoso.com>");
            assertThat(repeated.isPastLimit()).as("field %d", i).isEqualTo(i == 2);
        }
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", "X-Key:", "X Key", "X-K\u00e9y", "X-Key\n", "\0"})
    @DisplayName("have names of printable ASCII without a colon")
    void badName(String name) {
        assertThatThrownBy(() -> FieldName.parse(name))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("header field name");
    }

    @Test
    @DisplayName("have names that are equal in any case, and of a length that names have")
    void name() throws InvalidValueException {
        assertThat(FieldName.parse("x-orgmilter-result")).isEqualTo(RESULT).hasSameHashCodeAs(RESULT);
        assertThat(FieldName.parse("X-OrgMilter-Result")).hasToString("X-OrgMilter-Result");
        assertThat(FieldName.parse("x".repeat(100)).text()).hasSize(100);
        assertThatThrownBy(() -> FieldName.parse("x".repeat(101))).hasMessageContaining("101 characters");
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", " hunter2", "hunter2 ", "hunter2\n", "hunter2\u00e9", "\thunter2"})
    @DisplayName("have configured values of printable ASCII, which no error repeats")
    void badValue(String value) {
        assertThatThrownBy(() -> FieldValue.parse(value))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("header field value")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> FieldValue.parse("x".repeat(999))).hasMessageContaining("999 characters");
    }

    @Test
    @DisplayName("never show a value, which may be a secret")
    void secret() throws InvalidValueException {
        assertThat(FieldValue.parse("hunter2").toString()).doesNotContain("hunter2");
    }
}
