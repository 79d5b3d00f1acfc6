package io.github.orgmilter.follower;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HintPaceTest {

    private long now = -5;

    // spotless:off
    @ParameterizedTest(name = "a round of {0} ms, polled every {1} ms: {2} ms")
    @CsvSource({
        "0,      2000,  100",
        "30,     2000,  70",
        "60,     2000,  60",
        "500,    2000,  500",
        "30000,  2000,  2000",
        "30000,  50,    100",
    })
    // spotless:on
    void anAnnouncementWaits(long round, long poll, long wait) {
        HintPace pace = new HintPace(() -> now, Duration.ofMillis(poll));
        assertThat(pace.left()).isLessThanOrEqualTo(0);
        pace.begins();
        now += Duration.ofMillis(round).toNanos();
        pace.ends();
        assertThat(pace.left()).isEqualTo(Duration.ofMillis(wait).toNanos());
        now += Duration.ofMillis(wait).toNanos();
        assertThat(pace.left()).isZero();
    }
}
