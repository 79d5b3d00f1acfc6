package io.github.orgmilter.console;

import io.github.orgmilter.activity.Activity;
import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.live.ReloadResult;
import io.github.orgmilter.live.ServedDirectory;
import io.github.orgmilter.policy.Policy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where the pages have their facts from; all of it is asked anew for each page.
 *
 * @param sessions milter sessions that are open now
 * @param headersMissed recipients deferred because their session lacks header fields
 * @param reload the last one since the start, whether it succeeded or not
 */
public record Sources(
        Supplier<Configuration> configuration,
        RecentVerdicts verdicts,
        Activity activity,
        ServedDirectory directory,
        LongSupplier sessions,
        LongSupplier headersMissed,
        Supplier<Optional<Reload>> reload,
        InstantSource clock) {

    /** A reload and when it was. */
    public record Reload(Instant when, ReloadResult result) {}

    Policy policy() {
        return configuration.get().policy();
    }

    Instant now() {
        return clock.instant();
    }
}
