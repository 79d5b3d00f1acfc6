package io.github.orgmilter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.certificate.TestCertificate;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("orgmilter_certificate_expiry_seconds")
final class CertificateExpiryTest {

    private static final Instant NOW = TestCertificate.NOW;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final AtomicReference<List<PinnedCertificate>> certificates = new AtomicReference<>(List.of());

    @TempDir
    private Path folder;

    private void pem(String name, Instant end) throws Exception {
        Files.writeString(
                folder.resolve(name),
                new TestCertificate("mail.contoso.com")
                        .valid(NOW.minusSeconds(9), end)
                        .pem());
    }

    private List<PinnedCertificate> load(String connectors) throws Exception {
        Path file = Files.writeString(
                folder.resolve("orgmilter.conf"),
                "organizations.contoso { accepted-domains = [ \"contoso.com\" ], connectors { " + connectors + " } }");
        return Configuration.load(file).certificates();
    }

    private Map<String, Double> scrape() {
        GaugeSnapshot gauge = (GaugeSnapshot) registry.scrape("orgmilter_certificate_expiry_seconds"::equals).stream()
                .findFirst()
                .orElseThrow();
        return gauge.getDataPoints().stream()
                .collect(Collectors.toMap(
                        point -> point.getLabels().get("organization") + "/"
                                + point.getLabels().get("connector") + " "
                                + point.getLabels().get("file").replace(folder + "/", ""),
                        point -> point.getValue()));
    }

    @Test
    @DisplayName("counts down by the clock of the scrape, below zero, and a reload takes away what is gone")
    void countsDown() throws Exception {
        pem("a.pem", NOW.plusSeconds(100));
        pem("b.pem", NOW.plusSeconds(5000));
        CertificateExpiry.register(registry, certificates::get, now::get);
        certificates.set(
                load(
                        "hq.certificate-files = [ \"a.pem\", \"b.pem\", \"a.pem\" ], branch.certificate-files = [ \"b.pem\" ]"));
        assertThat(scrape())
                .isEqualTo(
                        Map.of("contoso/hq a.pem", 100.0, "contoso/hq b.pem", 5000.0, "contoso/branch b.pem", 5000.0));
        now.set(NOW.plus(Duration.ofSeconds(101)));
        assertThat(scrape()).containsEntry("contoso/hq a.pem", -1.0).containsEntry("contoso/hq b.pem", 4899.0);
        certificates.set(load("hq.certificate-files = [ \"b.pem\" ]"));
        assertThat(scrape()).isEqualTo(Map.of("contoso/hq b.pem", 4899.0));
    }

    @Test
    @DisplayName("has no more than a thousand series, of those that expire soonest")
    void bounded() throws Exception {
        pem("soon.pem", NOW.plusSeconds(1));
        pem("late.pem", NOW.plusSeconds(5000));
        String many = IntStream.range(0, CertificateExpiry.MOST_SERIES)
                .mapToObj(i -> "c" + i + ".certificate-files = [ \"late.pem\" ]")
                .collect(Collectors.joining("\n"));
        certificates.set(load(many + "\nz.certificate-files = [ \"soon.pem\" ]"));
        CertificateExpiry.register(registry, certificates::get, now::get);
        assertThat(scrape()).hasSize(CertificateExpiry.MOST_SERIES).containsEntry("contoso/z soon.pem", 1.0);
    }
}
