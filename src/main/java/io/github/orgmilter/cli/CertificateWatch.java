package io.github.orgmilter.cli;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once a day what is doubtful about the certificates, which grow old while nobody reloads anything. */
final class CertificateWatch {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    private static final Duration DAY = Duration.ofDays(1);
    private static final int MOST_LINES = 100;

    private final Supplier<Configuration> current;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private Instant next;

    /**
     * Starts to watch, silently until a day has passed by the clock.
     *
     * @param period how often the clock is looked at: a machine may sleep, and a clock may be set
     */
    CertificateWatch(Supplier<Configuration> current, InstantSource clock, Duration period) {
        this.current = current;
        this.clock = clock;
        next = clock.instant().plus(DAY);
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "certificates");
            thread.setDaemon(true);
            return thread;
        });
        var unused =
                timer.scheduleWithFixedDelay(this::look, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Instant now = clock.instant();
            if (now.isBefore(next)) {
                return;
            }
            next = now.plus(DAY);
            say(current.get().certificateWarningsAt(now));
        } catch (RuntimeException e) {
            LOG.error("the certificates could not be looked at", e); // thrown, it would end the timer
        }
    }

    private static void say(List<Problem> warnings) {
        warnings.stream().limit(MOST_LINES).forEach(warning -> LOG.warn("{}", warning));
        if (warnings.size() > MOST_LINES) {
            LOG.warn("and {} more about certificates: orgmilter check says them all", warnings.size() - MOST_LINES);
        }
    }

    void stop() {
        timer.shutdownNow();
    }
}
