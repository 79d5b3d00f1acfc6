package io.github.orgmilter.metrics;

import io.github.orgmilter.settings.certificates.PinnedCertificate;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Seconds until each certificate from a file expires: of those that expire first, if there are too many. */
final class CertificateExpiry {

    static final int MOST_SERIES = 1000;

    private CertificateExpiry() {}

    static void register(
            PrometheusRegistry registry, Supplier<List<PinnedCertificate>> certificates, InstantSource clock) {
        GaugeWithCallback.builder()
                .name("orgmilter_certificate_expiry_seconds")
                .help("Seconds until each certificate in certificate-files expires; negative once it has.")
                .labelNames("organization", "connector", "file")
                .callback(gauge -> observe(gauge, certificates.get(), clock))
                .register(registry);
    }

    private static void observe(
            GaugeWithCallback.Callback gauge, List<PinnedCertificate> certificates, InstantSource clock) {
        Set<List<String>> seen = new HashSet<>(); // a file may be listed twice, a series may not
        certificates.stream()
                .sorted(Comparator.comparing(pinned -> pinned.certificate().notAfter()))
                .filter(pinned -> seen.add(labels(pinned)))
                .limit(MOST_SERIES)
                .forEach(pinned -> gauge.call(
                        (double) Duration.between(
                                        clock.instant(), pinned.certificate().notAfter())
                                .toSeconds(),
                        labels(pinned).toArray(String[]::new)));
    }

    private static List<String> labels(PinnedCertificate pinned) {
        return List.of(pinned.organization(), pinned.connector(), pinned.file().toString());
    }
}
