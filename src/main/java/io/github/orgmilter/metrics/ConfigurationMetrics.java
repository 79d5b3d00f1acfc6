package io.github.orgmilter.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;

/** Which configuration is the current one, since when, and how reloads ended. */
final class ConfigurationMetrics {

    private final Counter reloads;
    private final Gauge info;
    private final Gauge loaded;

    ConfigurationMetrics(PrometheusRegistry registry) {
        reloads = Counter.builder()
                .name("orgmilter_reloads_total")
                .help("Reloads of the configuration by result: success, or failure, after which the old one stays.")
                .labelNames("result")
                .register(registry);
        info = Gauge.builder()
                .name("orgmilter_configuration_info")
                .help("1 for the current configuration.")
                .labelNames("configuration")
                .register(registry);
        loaded = Gauge.builder()
                .name("orgmilter_configuration_loaded_timestamp_seconds")
                .help("When the current configuration was loaded, in seconds since 1970.")
                .register(registry);
        reloads.initLabelValues("success");
        reloads.initLabelValues("failure");
    }

    void loaded(String id, Instant when) {
        info.labelValues(id).set(1);
        info.removeIf(labels -> !labels.get(0).equals(id));
        loaded.set((double) when.getEpochSecond());
    }

    void reloaded(boolean success) {
        reloads.labelValues(success ? "success" : "failure").inc();
    }
}
