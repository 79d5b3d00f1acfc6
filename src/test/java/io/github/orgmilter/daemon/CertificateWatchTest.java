package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.certificate.TestCertificate;
import io.github.orgmilter.config.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The daily look at certificates")
final class CertificateWatchTest {

    private static final Instant NOW = TestCertificate.NOW;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final List<CertificateWatch> watches = new ArrayList<>();

    @TempDir
    private Path folder;

    private Configuration load(int connectors, Instant end) throws Exception {
        Files.writeString(
                folder.resolve("a.pem"),
                new TestCertificate("mail.contoso.com")
                        .valid(NOW.minusSeconds(9), end)
                        .pem());
        String written = IntStream.range(0, connectors)
                .mapToObj(i -> "c" + i + ".certificate-files = [ \"a.pem\" ]")
                .collect(Collectors.joining("\n"));
        return Configuration.load(Files.writeString(
                folder.resolve("orgmilter.conf"),
                "organizations.contoso { accepted-domains = [ \"contoso.com\" ], connectors {\n" + written + "\n} }"));
    }

    private CertificateWatch watch(Supplier<Configuration> current) {
        CertificateWatch watch = new CertificateWatch(current, this::look, Duration.ofMillis(2));
        watches.add(watch);
        return watch;
    }

    @AfterEach
    void stop() {
        watches.forEach(CertificateWatch::stop);
    }

    private Instant look() {
        thread.set(Thread.currentThread());
        looks.incrementAndGet();
        return now.get();
    }

    // Once it has looked at the clock twice more, it has acted upon what the clock said before.
    private void awaitLooks() {
        int seen = looks.get();
        await().atMost(DEADLINE).until(() -> looks.get() > seen + 1);
    }

    @Test
    @DisplayName("warns once for each day that passes, by the configuration that is current")
    void daily() throws Exception {
        AtomicReference<Configuration> current = new AtomicReference<>(load(1, NOW.plus(Duration.ofDays(32))));
        try (CapturedLog log = CapturedLog.of(CertificateWatch.class)) {
            watch(current::get);
            awaitLooks();
            now.set(NOW.plus(Duration.ofDays(1)));
            awaitLooks();
            assertThat(log.lines()).as("31 days are left").isEmpty();
            now.set(NOW.plus(Duration.ofDays(3)));
            awaitLooks();
            awaitLooks();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN " + folder
                            + "/orgmilter.conf:2: organizations.contoso.connectors.c0.certificate-files: ")
                    .contains("a.pem expires on ", ", in 29 days; ");
            now.set(NOW.plus(Duration.ofDays(4)).minusSeconds(1));
            awaitLooks();
            assertThat(log.lines()).hasSize(1);
            now.set(NOW.plus(Duration.ofDays(33)));
            awaitLooks();
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().get(1)).contains("a.pem expired on ");
            current.set(load(1, NOW.plus(Duration.ofDays(365))));
            now.set(NOW.plus(Duration.ofDays(40)));
            awaitLooks();
            assertThat(log.lines()).as("after a reload").hasSize(2);
        }
    }

    @Test
    @DisplayName("says a hundred lines, and how many more there are")
    void bounded() throws Exception {
        Configuration configuration = load(103, NOW.plusSeconds(5));
        try (CapturedLog log = CapturedLog.of(CertificateWatch.class)) {
            watch(() -> configuration);
            now.set(NOW.plus(Duration.ofDays(2)));
            awaitLooks();
            assertThat(log.lines()).hasSize(101);
            assertThat(log.lines().get(100)).isEqualTo("WARN 3 more certificate warnings; run `orgmilter check`");
        }
    }

    @Test
    @DisplayName("goes on after a failure, and ends with the daemon")
    void failure() throws Exception {
        try (CapturedLog log = CapturedLog.of(CertificateWatch.class)) {
            CertificateWatch broken = watch(() -> {
                throw new IllegalStateException("broken");
            });
            now.set(NOW.plus(Duration.ofDays(2)));
            awaitLooks();
            now.set(NOW.plus(Duration.ofDays(4)));
            awaitLooks();
            assertThat(log.lines()).hasSize(2).allMatch(line -> line.startsWith("ERROR the certificates could not"));
            broken.stop();
            await().atMost(DEADLINE).until(() -> !thread.get().isAlive());
        }
    }
}
