package io.github.orgmilter.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MtaTest {

    @Test
    void isNamedAsOnTheCommandLine() {
        assertThat(Mta.values()).extracting(Mta::toString).containsExactly("postfix", "sendmail");
    }
}
