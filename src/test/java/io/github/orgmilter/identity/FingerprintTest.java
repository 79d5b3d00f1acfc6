package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/rules.md, section 3.4: fingerprints. */
class FingerprintTest {

    // SHA-256 of "abc" (FIPS 180-4, the standard's own example).
    private static final String HEX = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String POSTFIX =
            "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";

    @ParameterizedTest
    @ValueSource(strings = {HEX, POSTFIX, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"})
    void isReadInEveryUsualForm(String text) throws InvalidValueException {
        assertThat(Fingerprint.parse(text)).isEqualTo(new Fingerprint(HEX));
        assertThat(Fingerprint.ofPresented(text)).hasValue(new Fingerprint(HEX));
    }

    @Test
    void isWrittenAsPostfixLogsIt() throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest("abc".getBytes(StandardCharsets.US_ASCII));
        assertThat(Fingerprint.of(digest)).hasToString(POSTFIX);
        assertThat(Fingerprint.of(digest).hex()).isEqualTo(HEX);
    }

    @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
    @CsvSource({
        "'', is not a SHA-256 fingerprint",
        "D4:1D:8C:D9:8F:00:B2:04:E9:80:09:98:EC:F8:42:7E, it has the length of an MD5 digest",
        "a9993e364706816aba3e25717850c26c9cd0d89d, it has the length of a SHA-1 digest",
        "ba7816, it has 6 digits",
        "BA:78:1, is not a SHA-256 fingerprint",
        ":BA, is not a SHA-256 fingerprint",
        "SHA256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0, is not a SHA-256 fingerprint",
    })
    void anythingElseIsSaidToBeNone(String text, String said) {
        assertThat(Fingerprint.ofPresented(text)).isEmpty();
        assertThatThrownBy(() -> Fingerprint.parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ba78 16", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015A", "not a fingerprint"
            })
    void aValueHoldsNothingElse(String hex) {
        assertThatThrownBy(() -> new Fingerprint(hex)).isInstanceOf(IllegalArgumentException.class);
    }
}
