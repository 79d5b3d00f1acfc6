package io.github.orgmilter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final List<Long> rests = new ArrayList<>();
    private long now = 1;

    private final Pace pace = Pace.withRests(() -> now, rest -> {
        rests.add(rest);
        now += rest;
    });

    private void work(long nanos) {
        now += nanos;
        pace.step();
    }

    @Test
    void restsForThreeTimesAsLongAsItWorked() {
        work(Pace.SPELL / 2);
        assertThat(rests).isEmpty();
        work(Pace.SPELL / 2);
        work(Pace.SPELL - 1);
        work(Pace.SPELL);
        assertThat(rests).containsExactly(3 * Pace.SPELL, 3 * (2 * Pace.SPELL - 1));
    }

    @Test
    void restsNoLongerThanIsGoodForAReload() {
        work(TimeUnit.SECONDS.toNanos(10));
        assertThat(rests).containsExactly(Pace.LONGEST_REST);
    }

    @Test
    void anInterruptedThreadDoesNotRest() throws InterruptedException {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) { // the machine may be busy, but hardly each time
            Pace real = Pace.besideMail();
            TimeUnit.NANOSECONDS.sleep(Pace.LONGEST_REST / 2);
            Thread.currentThread().interrupt();
            long start = System.nanoTime();
            real.step();
            shortest = Math.min(shortest, System.nanoTime() - start);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(shortest).isLessThan(Pace.LONGEST_REST / 2);
    }

    @Test
    void aStartDoesNotRest() throws InterruptedException {
        Pace start = Pace.withoutRest();
        TimeUnit.NANOSECONDS.sleep(Pace.LONGEST_REST / 2);
        long begun = System.nanoTime();
        start.step();
        assertThat(System.nanoTime() - begun).isLessThan(Pace.LONGEST_REST);
    }
}
