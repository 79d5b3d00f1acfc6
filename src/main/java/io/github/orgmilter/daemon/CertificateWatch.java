package io.github.orgmilter.daemon;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.document.Problem;
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

/** Logs the certificate warnings once a day: certificates expire between reloads too. */
final class CertificateWatch {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    private static final Duration DAY = Duration.ofDays(1);

    private final Supplier<Configuration> current;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private Instant next;

    /**
     * Starts to watch; the first warnings are logged when a day has passed.
     *
     * @param period how often the clock is read: a machine may sleep, and a clock may be set
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
                timer.scheduleWithFixedDelay(this::check, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void check() {
        try {
            Instant now = clock.instant();
            if (now.isBefore(next)) {
                return;
            }
            next = now.plus(DAY);
            log(current.get().certificateWarningsAt(now));
        } catch (RuntimeException e) {
            LOG.error("the certificates could not be checked", e); // thrown, it would end the timer
        }
    }

    private static void log(List<Problem> warnings) {
        WarningLines.of(warnings, "certificate warnings").forEach(line -> LOG.warn("{}", line));
    }

    void stop() {
        timer.shutdownNow();
    }
}
