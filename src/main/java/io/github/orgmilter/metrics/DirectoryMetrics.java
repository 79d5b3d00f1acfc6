package io.github.orgmilter.metrics;

import io.github.orgmilter.follower.DirectoryStatus;
import io.github.orgmilter.follower.FollowerObserver;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** How the directory is, and how often it was read. Without a directory the counters are 0 and there are no gauges. */
public final class DirectoryMetrics implements FollowerObserver {

    private static final double MILLISECONDS = 1e3;

    private final PrometheusRegistry registry;
    private final Counter loads;
    private final Counter changes;
    private final Counter failures;
    private final Counter unannounced;

    DirectoryMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        loads = counter(registry, "loads", "Times that the whole directory was read.");
        changes = counter(registry, "changes", "Times that changes of the directory were read.");
        failures = counter(registry, "failures", "Times that the directory could not be read.");
        unannounced = counter(
                registry,
                "unannounced",
                "Organizations that differed when the whole directory was read, although no change had announced it.");
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help) {
        return Counter.builder()
                .name("orgmilter_directory_" + name + "_total")
                .help(help)
                .register(registry);
    }

    /** Shows how the directory is, if there is one. */
    public void watch(Supplier<Optional<DirectoryStatus>> status, LongSupplier disputed, InstantSource clock) {
        gauge(
                "version",
                "The version of the directory's state, if the store has versions.",
                status,
                it -> it.version().isPresent()
                        ? Optional.of((double) it.version().getAsLong())
                        : Optional.empty());
        gauge(
                "age_seconds",
                "Seconds since the store last had nothing newer.",
                status,
                it -> it.age(clock.instant()).map(Duration::toMillis).map(age -> age / MILLISECONDS));
        gauge(
                "organizations",
                "Organizations of the directory.",
                status,
                it -> Optional.of((double) it.organizations()));
        gauge(
                "quarantined",
                "Organizations of the directory with problems, so that not all of their rows count.",
                status,
                it -> Optional.of((double) it.quarantined()));
        gauge(
                "disputed_domains",
                "Domains that several organizations of the directory claim.",
                status,
                it -> Optional.of((double) disputed.getAsLong()));
        gauge(
                "withheld",
                "1 while max-shrink holds back what is gone, else 0.",
                status,
                it -> Optional.of(it.withheld().isPresent() ? 1.0 : 0.0));
    }

    private void gauge(
            String name,
            String help,
            Supplier<Optional<DirectoryStatus>> status,
            Function<DirectoryStatus, Optional<Double>> value) {
        GaugeWithCallback.builder()
                .name("orgmilter_directory_" + name)
                .help(help)
                .callback(gauge -> status.get().flatMap(value).ifPresent(gauge::call))
                .register(registry);
    }

    @Override
    public void loaded() {
        loads.inc();
    }

    @Override
    public void changed() {
        changes.inc();
    }

    @Override
    public void failed() {
        failures.inc();
    }

    @Override
    public void unannounced(int organizations) {
        unannounced.inc(organizations);
    }
}
