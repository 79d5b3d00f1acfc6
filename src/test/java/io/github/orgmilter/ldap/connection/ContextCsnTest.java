package io.github.orgmilter.ldap.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("contextCSN")
final class ContextCsnTest {

    private static final String FIRST = "20261128093000.000001Z#000000#001#000000";
    private static final String SECOND = "20261128093000.500000Z#000000#002#000000";

    private static ContextCsn csn(String... values) {
        return ContextCsn.parse(values).orElseThrow();
    }

    @Test
    void ofOneServerIsItsTime() {
        assertThat(csn(FIRST).version()).isEqualTo(1_795_858_200_000_001L);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "20261128093000.000002Z#000000#001#000000",
                "20261128093000.000001Z#000001#001#000000",
                "20261128093001Z#000000#001#000000",
            })
    void growsWithEachChange(String later) {
        assertThat(csn(later, SECOND).version())
                .isGreaterThan(csn(FIRST, SECOND).version());
    }

    @Test
    void growsWithAChangeThatIsOlderThanThoseOfOthers() {
        String late = "20261128092959.000000Z#000000#003#000000";
        assertThat(csn(FIRST, late).version()).isGreaterThan(csn(FIRST).version());
    }

    @Test
    void lacksWhatOnlyAnotherStateHas() {
        String later = "20261128100000.000000Z#000000#001#000000";
        assertThat(csn(later).lacksSomethingOf(csn(FIRST, SECOND))).isTrue();
        assertThat(csn(later, SECOND).lacksSomethingOf(csn(FIRST, SECOND))).isFalse();
        assertThat(csn(FIRST).lacksSomethingOf(csn(later))).isTrue();
    }

    @Test
    void isACookieInTheOrderOfServers() {
        assertThat(csn(SECOND, FIRST).cookie()).isEqualTo("rid=000,csn=" + FIRST + ";" + SECOND);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", "20261128093000Z", "20261328093000.000001Z#000000#001#000000", "x#000000#001#000000"})
    void ofAnyOtherFormIsNone(String value) {
        assertThat(ContextCsn.parse(value)).isEmpty();
        assertThat(ContextCsn.parse(FIRST, value)).isEmpty();
        assertThat(ContextCsn.parse()).isEmpty();
    }
}
