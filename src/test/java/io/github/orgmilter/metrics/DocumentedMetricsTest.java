package io.github.orgmilter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Verdict;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics in docs/operating.md")
final class DocumentedMetricsTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(orgmilter_[a-z_]+)` \\| (.*?) \\|");
    private static final Pattern LABEL = Pattern.compile("`([a-z]+)`");

    private static Map<String, Set<String>> documented() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        for (MatchResult row : ROW.matcher(Files.readString(Path.of("docs/operating.md")))
                .results()
                .toList()) {
            documented.put(
                    row.group(1),
                    LABEL.matcher(row.group(2))
                            .results()
                            .map(label -> label.group(1))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return documented;
    }

    /** As it is exposed: a counter ends in {@code _total}. */
    private static String name(MetricSnapshot snapshot) {
        String name = snapshot.getMetadata().getPrometheusName();
        return snapshot instanceof CounterSnapshot && !name.endsWith("_total") ? name + "_total" : name;
    }

    @Test
    @DisplayName("are all that there are, with their labels")
    void all() throws IOException {
        ServiceMetrics metrics = new ServiceMetrics(10);
        metrics.watch(List::of, Clock.systemUTC());
        metrics.directory().watch(Optional::empty, () -> 0, Clock.systemUTC());
        metrics.configurationLoaded(new Policy(List.of(), PolicyOptions.DEFAULT, "abc"), Instant.EPOCH);
        metrics.decided(new Verdict.Accept(Cause.Accepting.INBOUND, Party.NONE), Optional.of(Mta.POSTFIX), "abc", 1);
        metrics.limited(Limit.FRAME_SIZE);
        Map<String, Set<String>> documented = documented();
        Set<String> exposed = new TreeSet<>();
        for (MetricSnapshot snapshot : metrics.registry().scrape()) {
            exposed.add(name(snapshot));
            snapshot.getDataPoints().forEach(point -> {
                Set<String> labels = new TreeSet<>();
                Labels of = point.getLabels();
                for (int i = 0; i < of.size(); i++) {
                    labels.add(of.getName(i));
                }
                assertThat(documented.get(name(snapshot))).as(name(snapshot)).isEqualTo(labels);
            });
        }
        assertThat(documented.keySet()).isEqualTo(exposed);
    }
}
