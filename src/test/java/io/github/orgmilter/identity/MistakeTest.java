package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MistakeTest {

    @Test
    void isUndoneWhereItsPatternMatches() {
        Mistake mistake = Mistake.of("has a port", ":[0-9]+$", "");
        assertThat(mistake.what()).isEqualTo("has a port");
        assertThat(mistake.undo().apply("contoso.com:25")).isEqualTo("contoso.com");
        assertThat(mistake.undo().apply("contoso.com")).isEqualTo("contoso.com");
    }
}
