package io.github.orgmilter.daemon;

import io.github.orgmilter.activity.Activity;
import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.admin.Route;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.console.Console;
import io.github.orgmilter.console.Sources;
import io.github.orgmilter.live.ReloadResult;
import io.github.orgmilter.live.ServedDirectory;
import io.github.orgmilter.metrics.ServiceMetrics;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.MemoryExhaustion;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the console knows of the running service, gathered on a thread of its own. */
final class Watch {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long PERIOD_MILLIS = 200;

    private final InstantSource clock;
    private final RecentVerdicts verdicts;
    private final Activity activity;
    private final ScheduledExecutorService thread;
    private volatile Optional<Sources.Reload> reload = Optional.empty();

    private Watch(Limits limits, Supplier<Configuration> configuration, InstantSource clock) {
        this.clock = clock;
        verdicts = new RecentVerdicts(limits.recentVerdicts());
        activity = new Activity(
                verdicts, () -> configuration.get().policy(), limits.followedOrganizations(), clock.instant());
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "activity");
            made.setDaemon(true);
            return made;
        });
    }

    /** Begins to watch. */
    static Watch begin(Limits limits, Supplier<Configuration> configuration, InstantSource clock) {
        Watch watch = new Watch(limits, configuration, clock);
        watch.thread.scheduleWithFixedDelay(watch::follow, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    private void follow() {
        try {
            activity.follow();
        } catch (Throwable e) { // or it would never run again
            MemoryExhaustion.endIfCauseOf(e);
            LOG.error("the console cannot count verdicts", e);
        }
    }

    /** Where each verdict goes. */
    RecentVerdicts verdicts() {
        return verdicts;
    }

    /** The configuration was reloaded, or was not. */
    void reloaded(ReloadResult result) {
        reload = Optional.of(new Sources.Reload(clock.instant(), result));
    }

    /** The pages. */
    List<Route> routes(Supplier<Configuration> configuration, ServedDirectory directory, ServiceMetrics metrics) {
        return Console.routes(new Sources(
                configuration,
                verdicts,
                activity,
                directory,
                metrics::sessionsOpen,
                metrics::headersMissed,
                () -> reload,
                clock));
    }

    void stop() {
        thread.shutdown();
    }
}
