package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.github.orgmilter.certificate.TestCertificate;
import io.github.orgmilter.daemon.PromQuery.LabelMatcher;
import io.github.orgmilter.daemon.PromQuery.Selector;
import io.github.orgmilter.follower.MemoryStore;
import io.github.orgmilter.net.ListenAddress;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard against the /metrics of a daemon that has accepted, refused, let pass by audit mode and failed. */
@Timeout(60)
@DisplayName("The dashboard")
final class DashboardTest {

    /** Labels that Prometheus itself adds. */
    private static final Set<String> ADDED = Set.of("instance", "job");

    private static final Config DASHBOARD = ConfigFactory.parseFile(
            new File("conf/grafana-dashboard.json"),
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON).setAllowMissing(false));

    private record Series(String name, Map<String, String> labels) {

        boolean matches(Selector selector) {
            return name.equals(selector.metric())
                    && selector.matchers().stream()
                            .filter(matcher -> !ADDED.contains(matcher.label()))
                            .allMatch(matcher -> matcher.matches(labels.getOrDefault(matcher.label(), "")));
        }
    }

    private record Query(String panel, String expression, String legend) {
        @Override
        public String toString() {
            return panel + ": " + expression;
        }
    }

    private static List<Series> exposed;

    @BeforeAll
    static void run(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("contoso.pem"), new TestCertificate("mail.contoso.com").pem());
        Path file = Files.writeString(folder.resolve("orgmilter.conf"), """
                listen = [ "inet:0@127.0.0.1" ]
                policy-listen = [ "inet:0@127.0.0.1" ]
                admin-listen = "inet:0@127.0.0.1"
                directory {
                  url = "jdbc:postgresql://127.0.0.1/mail", queries { settings = "SELECT", version = "SELECT" }
                  snapshot = "snapshot"
                }
                organizations {
                  contoso { accepted-domains = [ "contoso.com" ], connectors {
                    hq { addresses = [ "192.0.2.7" ] }
                    pinned { certificate-files = [ "contoso.pem" ] }
                  } }
                  fabrikam { mode = audit, accepted-domains = [ "fabrikam.com" ], connectors { hq { addresses = [ "192.0.2.8" ] } } }
                }
                """);
        MemoryStore store = new MemoryStore();
        store.put("tailspin", "accepted-domains=tailspin.com");
        Daemon daemon = Daemon.start(file, false, InstantSource.system(), settings -> store);
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort(daemon) + "/readyz"))
                .build();
        await().until(() -> HttpClient.newHttpClient()
                        .send(ready, BodyHandlers.discarding())
                        .statusCode()
                == 200);
        try (MtaClient contoso = MtaClient.of(daemon.addresses().get(0), "192.0.2.7");
                MtaClient fabrikam = MtaClient.of(daemon.addresses().get(0), "192.0.2.8")) {
            contoso.mail("<a@contoso.com>");
            contoso.rcpt("<b@example.net>");
            contoso.mail("<a@example.org>");
            contoso.rcpt("<b@example.net>");
            fabrikam.mail("<a@example.org>");
            fabrikam.rcpt("<b@example.net>");
            fabrikam.send('D', new byte[] {'M', 'i', 0});
            fabrikam.mail("<a@fabrikam.com>");
            fabrikam.rcpt("<b@example.net>");
            URI uri = URI.create("http://127.0.0.1:" + adminPort(daemon) + "/metrics");
            exposed = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines())
                    .body()
                    .filter(line -> !line.startsWith("#"))
                    .map(DashboardTest::series)
                    .toList();
        } finally {
            daemon.stop();
        }
    }

    private static int adminPort(Daemon daemon) {
        return ((ListenAddress.Tcp) daemon.admin().orElseThrow().address()).port();
    }

    private static Series series(String line) {
        Map<String, String> labels = Pattern.compile("[{,]([a-zA-Z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"")
                .matcher(line)
                .results()
                .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2)));
        return new Series(line.split("[{ ]", 2)[0], labels);
    }

    private static List<? extends Config> panels() {
        return DASHBOARD.getConfigList("panels");
    }

    static List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (Config panel : panels()) {
            if (panel.hasPath("targets")) {
                panel.getConfigList("targets")
                        .forEach(target -> queries.add(new Query(
                                panel.getString("title"), target.getString("expr"), target.getString("legendFormat"))));
            }
        }
        DASHBOARD
                .getConfigList("annotations.list")
                .forEach(annotation -> queries.add(new Query(
                        annotation.getString("name"),
                        annotation.getString("expr"),
                        annotation.getString("titleFormat"))));
        return queries;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("queries")
    @DisplayName("asks only for series that there are, by labels that they have")
    void query(Query query) {
        PromQuery parsed = PromQuery.parse(query.expression());
        Set<String> common = new HashSet<>(parsed.groupedBy());
        for (Selector selector : parsed.selectors()) {
            List<Series> named = exposed.stream()
                    .filter(series -> series.name().equals(selector.metric()))
                    .toList();
            assertThat(named).as("the metric %s", selector.metric()).isNotEmpty();
            Set<String> labels = named.get(0).labels().keySet();
            assertThat(selector.matchers())
                    .extracting(LabelMatcher::label)
                    .as("the labels of %s", selector.metric())
                    .allMatch(label -> labels.contains(label) || ADDED.contains(label))
                    .contains("instance");
            assertThat(parsed.groupedBy())
                    .as("the grouping of %s", selector.metric())
                    .isSubsetOf(labels);
            assertThat(named).as("series of %s", selector).anyMatch(series -> series.matches(selector));
            common.retainAll(labels);
        }
        assertThat(Pattern.compile("\\{\\{(.*?)}}")
                        .matcher(query.legend())
                        .results()
                        .map(result -> result.group(1)))
                .as("the legend")
                .isSubsetOf(common);
    }

    @Test
    @DisplayName("shows every metric of the service")
    void complete() {
        Set<String> asked = queries().stream()
                .flatMap(query -> PromQuery.parse(query.expression()).selectors().stream())
                .map(Selector::metric)
                .collect(Collectors.toSet());
        assertThat(exposed.stream()
                        .map(Series::name)
                        .filter(name -> name.startsWith("orgmilter_"))
                        .distinct())
                .isNotEmpty()
                .isSubsetOf(asked);
        Set<String> verdicts = exposed.stream()
                .filter(series -> series.name().equals("orgmilter_verdicts_total"))
                .map(series -> series.labels().get("verdict"))
                .collect(Collectors.toSet());
        assertThat(verdicts).containsExactlyInAnyOrder("accept", "reject", "audit", "tempfail");
    }

    @Test
    @DisplayName("can be imported: its panels have their own ids and places, and its variables exist")
    void form() throws Exception {
        assertThat(DASHBOARD.getString("uid")).isEqualTo("orgmilter");
        assertThat(panels()).extracting(panel -> panel.getInt("id")).doesNotHaveDuplicates();
        assertThat(panels()).extracting(panel -> panel.getString("title")).doesNotHaveDuplicates();
        Map<String, String> cells = new HashMap<>();
        for (Config panel : panels()) {
            Config place = panel.getConfig("gridPos");
            assertThat(place.getInt("x") + place.getInt("w")).isLessThanOrEqualTo(24);
            for (int x = place.getInt("x"); x < place.getInt("x") + place.getInt("w"); x++) {
                for (int y = place.getInt("y"); y < place.getInt("y") + place.getInt("h"); y++) {
                    assertThat(cells.put(x + "," + y, panel.getString("title")))
                            .as(panel.getString("title"))
                            .isNull();
                }
            }
        }
        Set<String> variables = DASHBOARD.getConfigList("templating.list").stream()
                .map(variable -> variable.getString("name"))
                .collect(Collectors.toSet());
        assertThat(Pattern.compile("\\$\\{?([a-z_]+)")
                        .matcher(Files.readString(Path.of("conf/grafana-dashboard.json")))
                        .results()
                        .map(result -> result.group(1))
                        .filter(name -> !name.startsWith("__"))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(variables);
        List<String> values = Pattern.compile("label_values\\(([a-z_]+), instance\\)")
                .matcher(Files.readString(Path.of("conf/grafana-dashboard.json")))
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(values)
                .containsOnly("label_values(orgmilter_sessions_open, instance)")
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(rate(a[5m])",
                "summ(rate(a[5m]))",
                "sum by verdict",
                "rate(a{b=c}[5m])",
                "rate(a[5 minutes])",
                "1 + 1",
                "a ? b"
            })
    @DisplayName("is read strictly")
    void strict(String expression) {
        assertThatThrownBy(() -> PromQuery.parse(expression)).isInstanceOf(RuntimeException.class);
    }

    @Test
    @DisplayName("is read as Prometheus does")
    void reading() {
        PromQuery query = PromQuery.parse(
                "topk(3, sum by (le, a) (rate(x_total{a=\"b\", c!~\"d|e\"}[$__rate_interval]))) / y > 0");
        assertThat(query.groupedBy()).containsExactlyInAnyOrder("le", "a");
        assertThat(query.selectors())
                .containsExactly(
                        new Selector(
                                "x_total",
                                List.of(new LabelMatcher("a", "=", "b"), new LabelMatcher("c", "!~", "d|e"))),
                        new Selector("y", List.of()));
    }
}
