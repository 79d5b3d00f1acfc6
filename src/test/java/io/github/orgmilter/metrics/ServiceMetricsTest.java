package io.github.orgmilter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.verdict.Cause.Accepting;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The metrics")
final class ServiceMetricsTest {

    private static final String OTHER = "other";
    private static final int LIMIT = 5;
    private static final int THREADS = 8;

    private final ServiceMetrics metrics = new ServiceMetrics(LIMIT);

    private static Policy policy(String revision, String... organizations) {
        List<Organization> all = new ArrayList<>();
        for (String name : organizations) {
            AcceptedDomain domain = new AcceptedDomain(domain(name + ".example"), false);
            all.add(new Organization(name, List.of(domain), List.of(), SenderProtection.RELAY, Mode.ENFORCE));
        }
        return new Policy(all, PolicyOptions.DEFAULT, revision);
    }

    private static DomainName domain(String text) {
        try {
            return DomainName.parse(text);
        } catch (InvalidValueException e) {
            throw new AssertionError(e);
        }
    }

    private static Verdict accept(String organization) {
        return new Verdict.Accept(Accepting.SENDER_DOMAIN, new ConnectorName(organization, "hq"));
    }

    private void decided(String organization, int times) {
        for (int i = 0; i < times; i++) {
            metrics.decided(accept(organization), Optional.of(Mta.POSTFIX), "0", 1000);
        }
    }

    /** As a scrape sees it. */
    private Map<Labels, Double> scrape() {
        metrics.chooseBusiest();
        return verdicts();
    }

    private Map<Labels, Double> verdicts() {
        return verdicts(metrics);
    }

    private static Map<Labels, Double> verdicts(ServiceMetrics metrics) {
        Map<Labels, Double> series = new HashMap<>();
        CounterSnapshot counter = (CounterSnapshot) snapshot(metrics, "orgmilter_verdicts");
        counter.getDataPoints().forEach(point -> series.put(point.getLabels(), point.getValue()));
        return series;
    }

    private static MetricSnapshot snapshot(ServiceMetrics metrics, String name) {
        return metrics.registry().scrape(name::equals).stream().findFirst().orElseThrow();
    }

    private Map<String, Double> byOrganization() {
        return scrape().entrySet().stream()
                .collect(Collectors.groupingBy(
                        series -> series.getKey().get("organization"),
                        TreeMap::new,
                        Collectors.summingDouble(Map.Entry::getValue)));
    }

    private static String name(int i) {
        return String.format("o%03d", i);
    }

    @Test
    @DisplayName("name as many organizations as they may, from the first decision on, and count the rest together")
    void bounded() {
        for (int i = 0; i < 1000; i++) {
            decided(name(i), 1);
        }
        assertThat(verdicts().keySet().stream()
                        .map(labels -> labels.get("organization"))
                        .distinct())
                .hasSize(LIMIT + 1);
        assertThat(byOrganization())
                .containsOnlyKeys("o000", "o001", "o002", "o003", "o004", OTHER)
                .containsEntry(OTHER, 995.0);
    }

    @Test
    @DisplayName("name the busiest, and those by name where they are equally busy")
    void busiest() {
        for (int i = 0; i < 100; i++) {
            decided(name(i), 1 + i / 2);
        }
        assertThat(byOrganization().keySet()).isSubsetOf(name(0), name(1), name(2), name(3), name(4), OTHER);
        decided(name(96), 1);
        assertThat(byOrganization().keySet()).containsExactly("o096", OTHER);
        for (int i = 90; i < 100; i++) {
            decided(name(i), 1);
        }
        assertThat(byOrganization())
                .containsOnlyKeys("o094", "o096", "o097", "o098", "o099", OTHER)
                .containsEntry("o096", 2.0)
                .containsEntry("o099", 1.0);
    }

    @Test
    @DisplayName("tell neither the connectors nor the name of an organization that is called other")
    void calledOther() {
        decided(OTHER, 3);
        decided("contoso", 1);
        assertThat(scrape().keySet().stream().map(labels -> labels.get("organization") + "/" + labels.get("connector")))
                .containsExactlyInAnyOrder("other/", "contoso/hq");
    }

    @Test
    @DisplayName("name no organization where none is to be named")
    void none() {
        ServiceMetrics unnamed = new ServiceMetrics(0);
        unnamed.decided(accept("contoso"), Optional.of(Mta.POSTFIX), "0", 1);
        unnamed.chooseBusiest();
        unnamed.decided(accept("contoso"), Optional.of(Mta.POSTFIX), "0", 1);
        assertThat(verdicts(unnamed).entrySet()).singleElement().satisfies(series -> {
            assertThat(series.getKey().get("organization")).isEqualTo(OTHER);
            assertThat(series.getValue()).isEqualTo(2);
        });
    }

    @Test
    @DisplayName("tell audit, reject, tempfail and accept apart")
    void verdictLabel() {
        Verdict.Reject reject =
                new Verdict.Reject(Refusing.NOT_IDENTIFIED, new SmtpReply(550, "5.7.1", List.of("No")), Party.NONE);
        metrics.decided(reject, Optional.of(Mta.POSTFIX), "0", 1);
        metrics.decided(new Verdict.Audit(reject), Optional.of(Mta.POSTFIX), "0", 1);
        metrics.decided(policy("0").tempfail(), Optional.empty(), "0", 1);
        metrics.decided(accept("contoso"), Optional.of(Mta.SENDMAIL), "0", 1);
        assertThat(verdicts().keySet().stream()
                        .map(labels -> labels.get("verdict") + " " + labels.get("cause") + " " + labels.get("mta")))
                .containsExactlyInAnyOrder(
                        "reject not-identified postfix",
                        "audit not-identified postfix",
                        "tempfail internal unknown",
                        "accept sender-domain sendmail");
    }

    @Test
    @DisplayName("end the series of a configuration at the reload after the one that replaced it")
    void oldConfigurations() {
        for (String revision : List.of("a", "b", "c", "c", "b")) {
            metrics.configurationLoaded(policy(revision, "contoso"), Instant.EPOCH);
            metrics.decided(accept("contoso"), Optional.of(Mta.POSTFIX), revision, 1);
        }
        assertThat(configurations()).containsExactly("b", "c");
        assertThat(scrape()).containsValue(2.0);
        metrics.configurationLoaded(policy("d", "contoso"), Instant.EPOCH);
        assertThat(configurations()).containsExactly("b");
    }

    @Test
    @DisplayName(
            "begin at 0 under a new configuration what the one before counted, so that rate() misses no first count")
    void beginAtZero(@TempDir Path folder) throws Exception {
        Policy before = configured(
                folder,
                organization("contoso", "hq", "moved"),
                organization("fabrikam", "hq"),
                organization("northwind", "hq"));
        Policy after = configured(
                folder,
                organization("contoso", "hq", "added"),
                organization("fabrikam", "hq"),
                organization("tailspin", "hq"));
        metrics.configurationLoaded(before, Instant.EPOCH);
        for (String connector : List.of("contoso/hq", "contoso/hq", "contoso/moved", "fabrikam/hq", "northwind/hq")) {
            String[] names = connector.split("/", -1);
            metrics.decided(
                    new Verdict.Accept(Accepting.SENDER_DOMAIN, new ConnectorName(names[0], names[1])),
                    Optional.of(Mta.POSTFIX),
                    before.revision(),
                    1);
        }
        metrics.undecided(before.tempfail(), Optional.of(Mta.SENDMAIL), before.revision());
        metrics.configurationLoaded(after, Instant.EPOCH);
        assertThat(under(after)).isEqualTo(Map.of("contoso/hq", 0.0, "fabrikam/hq", 0.0, "/", 0.0));
        assertThat(under(before)).containsEntry("contoso/hq", 2.0).containsEntry("/", 1.0);
        metrics.decided(accept("contoso"), Optional.of(Mta.POSTFIX), after.revision(), 1);
        assertThat(under(after)).containsEntry("contoso/hq", 1.0);
        CounterSnapshot recipients = (CounterSnapshot) snapshot(metrics, "orgmilter_recipients");
        assertThat(recipients.getDataPoints().stream()
                        .map(point -> point.getLabels().get("verdict") + " " + point.getValue()))
                .as("goes on counting; tempfails are there before the first one")
                .containsExactlyInAnyOrder("accept 6.0", "tempfail 0.0", "tempfail 1.0", "tempfail 0.0");
        metrics.configurationLoaded(after, Instant.EPOCH);
        assertThat(under(after))
                .as("the same once more")
                .containsEntry("contoso/hq", 1.0)
                .hasSize(3);
    }

    /** By organization and connector. */
    private Map<String, Double> under(Policy policy) {
        return verdicts().entrySet().stream()
                .filter(series -> series.getKey().get("configuration").equals(policy.revision()))
                .collect(Collectors.toMap(
                        series -> series.getKey().get("organization") + "/"
                                + series.getKey().get("connector"),
                        Map.Entry::getValue));
    }

    private static Policy configured(Path folder, String... organizations) throws Exception {
        Path file = Files.writeString(folder.resolve("orgmilter.conf"), String.join("\n", organizations));
        return Configuration.load(file).policy();
    }

    private static String organization(String name, String... connectors) {
        return "organizations." + name + " { accepted-domains = [ " + name + ".example ], connectors {"
                + String.join(
                        ",",
                        List.of(connectors).stream()
                                .map(c -> c + ".addresses = [ 192.0.2.1 ]")
                                .toList()) + "} }";
    }

    @Test
    @DisplayName("know no time of a decision that was never made")
    void undecided() {
        metrics.undecided(policy("0").tempfail(), Optional.of(Mta.POSTFIX), "0");
        assertThat(verdicts().values()).containsExactly(1.0);
        HistogramSnapshot decisions = (HistogramSnapshot) snapshot(metrics, "orgmilter_decision_seconds");
        assertThat(decisions.getDataPoints())
                .allSatisfy(point -> assertThat(point.getCount()).isZero());
        metrics.decided(accept("contoso"), Optional.of(Mta.POSTFIX), "0", 1);
        decisions = (HistogramSnapshot) snapshot(metrics, "orgmilter_decision_seconds");
        assertThat(decisions.getDataPoints())
                .singleElement()
                .satisfies(point -> assertThat(point.getCount()).isEqualTo(1));
    }

    private Set<String> configurations() {
        return scrape().keySet().stream()
                .map(labels -> labels.get("configuration"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @DisplayName("keep no place for organizations that are gone")
    void removedOrganizations() {
        metrics.configurationLoaded(policy("0", "a", "b", "c", "d", "e"), Instant.EPOCH);
        for (String old : List.of("a", "b", "c", "d", "e")) {
            decided(old, 100);
        }
        metrics.configurationLoaded(policy("1", "a", "new"), Instant.EPOCH);
        decided("new", 1);
        assertThat(byOrganization()).containsOnlyKeys("a", "new");
    }

    @Test
    @DisplayName("count what eight threads decide, losing nothing and going back nowhere, while they are scraped")
    void threads() {
        ServiceMetrics shared = new ServiceMetrics(100);
        int each = 4000;
        Map<Labels, Double> last = new HashMap<>();
        CountDownLatch begin = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<CompletableFuture<Void>> deciders = IntStream.range(0, THREADS)
                .mapToObj(thread -> CompletableFuture.runAsync(
                        () -> {
                            await(begin);
                            for (int i = 0; i < each; i++) {
                                shared.sessionOpened();
                                // Newcomers all the time, so that series begin while others choose who has one.
                                shared.decided(accept(name(i * 100 / each)), Optional.of(Mta.POSTFIX), "0", 1);
                                shared.sessionClosed();
                            }
                        },
                        threads))
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(deciders.toArray(CompletableFuture[]::new));
        begin.countDown();
        while (!all.isDone()) {
            shared.chooseBusiest();
            Map<Labels, Double> now = verdicts(shared);
            last.forEach((labels, value) ->
                    assertThat(now.get(labels)).as("%s", labels).isGreaterThanOrEqualTo(value));
            last.putAll(now);
        }
        assertThat(all).succeedsWithin(Duration.ofSeconds(20));
        threads.shutdown();
        shared.chooseBusiest();
        assertThat(verdicts(shared).values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isEqualTo(THREADS * each);
        HistogramSnapshot decisions = (HistogramSnapshot) snapshot(shared, "orgmilter_decision_seconds");
        assertThat(decisions.getDataPoints().get(0).getCount()).isEqualTo(THREADS * each);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("stay bounded while eight threads decide for a thousand organizations and others scrape")
    void boundedInThreads() {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<CompletableFuture<Void>> deciders = IntStream.range(0, THREADS)
                .mapToObj(thread -> CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 4000; i++) {
                                decided(name((i * 7 + thread * 131) % 1000), 1);
                                if (i % 500 == 0) {
                                    metrics.chooseBusiest();
                                }
                            }
                            decided(name(1), 1000);
                        },
                        threads))
                .toList();
        assertThat(CompletableFuture.allOf(deciders.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Duration.ofSeconds(20));
        threads.shutdown();
        assertThat(byOrganization()).hasSizeLessThanOrEqualTo(LIMIT + 1).containsKeys(OTHER, name(1));
    }
}
