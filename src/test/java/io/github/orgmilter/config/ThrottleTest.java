package io.github.orgmilter.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.settings.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThrottleTest {

    private final List<Long> rests = new ArrayList<>();
    private long now = 1;

    private final Throttle throttle = Throttle.withRests(() -> now, rest -> {
        rests.add(rest);
        now += rest;
    });

    private void work(long nanos) {
        now += nanos;
        throttle.step();
    }

    @Test
    void restsForThreeTimesAsLongAsItWorked() {
        work(Throttle.SLICE / 2);
        assertThat(rests).isEmpty();
        work(Throttle.SLICE / 2);
        work(Throttle.SLICE - 1);
        work(Throttle.SLICE);
        assertThat(rests).containsExactly(3 * Throttle.SLICE, 3 * (2 * Throttle.SLICE - 1));
    }

    @Test
    void restsNoLongerThanIsGoodForAReload() {
        work(TimeUnit.SECONDS.toNanos(10));
        assertThat(rests).containsExactly(Throttle.LONGEST_REST);
    }

    @Test
    void anInterruptedThreadDoesNotRest() throws InterruptedException {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) { // the machine may be busy, but hardly each time
            Throttle real = Throttle.inBackground();
            TimeUnit.NANOSECONDS.sleep(Throttle.LONGEST_REST / 2);
            Thread.currentThread().interrupt();
            long start = System.nanoTime();
            real.step();
            shortest = Math.min(shortest, System.nanoTime() - start);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(shortest).isLessThan(Throttle.LONGEST_REST / 2);
    }

    @Test
    void aWholeLoadIsMadeOfSmallSteps(@TempDir Path folder) throws IOException, ConfigurationException {
        int organizations = 50;
        StringBuilder text = new StringBuilder("listen = [ \"inet:10033@127.0.0.1\" ]\norganizations {\n");
        for (int i = 0; i < organizations; i++) {
            text.append("o%d { accepted-domains = [ \"o%d.example\" ], connectors.c.addresses = [ \"192.0.2.%d\" ] }\n"
                    .formatted(i, i, i + 1));
        }
        Path file = Files.writeString(folder.resolve("orgmilter.conf"), text.append("}\n"));
        Throttle always = Throttle.withRests(() -> now += Throttle.SLICE, rests::add);
        new ConfigurationReader(file, always).read();
        // Each: read; its domains (also for public suffixes), sender domains, patterns, wildcards, pins (twice), ranges
        // (twice), logins and shared servers checked; built; indexed by domains and connectors. And the ranges sorted
        // twice, which are
        // in order.
        assertThat(rests).hasSize(15 * organizations + 2 * (organizations - 1));
    }

    @Test
    void aStartDoesNotRest() throws InterruptedException {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            Throttle start = Throttle.none();
            TimeUnit.NANOSECONDS.sleep(Throttle.LONGEST_REST / 2);
            long begun = System.nanoTime();
            start.step();
            shortest = Math.min(shortest, System.nanoTime() - begun);
        }
        assertThat(shortest).isLessThan(Throttle.LONGEST_REST);
    }
}
