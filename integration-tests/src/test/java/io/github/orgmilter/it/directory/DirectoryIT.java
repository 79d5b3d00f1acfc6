package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.Delivery;
import io.github.orgmilter.it.scenario.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three nodes, each a real Postfix with an OrgMilter, on one store of customers. What changes there is live on all of them, in sessions
 * that are open too, a moment later. The figures are printed; the bounds are ten times the goals, for busy machines.
 */
@DisplayName("A change of a customer is live on three nodes that follow")
class DirectoryIT {

    private static final Duration BY_NOTIFY = Duration.ofSeconds(1);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration BY_POLLING = POLL_INTERVAL.plusSeconds(1);
    private static final Duration BY_LDAP = Duration.ofSeconds(5);
    private static final int BUSY = 10;

    private static final String OUTSIDE = "outside.example";
    private static final String TAILSPIN = "tailspin.example";
    private static final String NEWS = "tailspin-news.example";
    private static final String SERVER = "127.0.7.1";
    private static final String OFFICE = "127.0.7.2";
    private static final String NEW_OFFICE = "127.0.7.3";
    private static final String ELSEWHERE = "127.0.7.9";

    private static final Mail ALWAYS = new Mail("127.0.7.8", "a@contoso.example", OUTSIDE);
    private static final Mail NEVER = new Mail("127.0.5.2", "a@contoso.example", OUTSIDE);

    private static final Mail RELAY = new Mail(SERVER, "a@" + TAILSPIN, OUTSIDE);
    private static final Mail INBOUND = new Mail("127.0.5.2", "x@stranger.example", TAILSPIN);
    private static final Mail AS_NEWS = new Mail(SERVER, "a@" + NEWS, OUTSIDE);
    private static final Mail FROM_OFFICE = new Mail(OFFICE, "a@" + TAILSPIN, OUTSIDE);
    private static final Mail FROM_NEW_OFFICE = new Mail(NEW_OFFICE, "a@" + TAILSPIN, OUTSIDE);
    private static final Mail BY_CERTIFICATE = new Mail(ELSEWHERE, "mail." + TAILSPIN, "a@" + TAILSPIN, OUTSIDE);

    private static final Row DOMAIN = Row.domain("tailspin", TAILSPIN);
    private static final Row NEWS_DOMAIN = Row.domain("tailspin", NEWS);
    private static final Row OF_SERVER = Row.address("tailspin", "server", SERVER);
    private static final Row OF_OFFICE = Row.address("tailspin", "office", OFFICE);
    private static final Row OF_NEW_OFFICE = Row.address("tailspin", "office", NEW_OFFICE);
    private static final Row CERTIFICATE = new Row("tailspin", "cloud", "certificate-names", "mail." + TAILSPIN);

    private record Step(String what, List<Row> gone, List<Row> come, List<Mail> refused, List<Mail> accepted) {}

    // spotless:off
    private static final List<Step> STEPS = List.of(
            new Step("a customer is added", List.of(), List.of(DOMAIN, OF_SERVER), List.of(), List.of(RELAY, INBOUND)),
            new Step("a domain is added", List.of(), List.of(NEWS_DOMAIN), List.of(), List.of(AS_NEWS)),
            new Step("a connector is added", List.of(), List.of(OF_OFFICE), List.of(), List.of(FROM_OFFICE)),
            new Step("a certificate is added", List.of(), List.of(CERTIFICATE), List.of(), List.of(BY_CERTIFICATE)),
            new Step("a connector is changed", List.of(OF_OFFICE), List.of(OF_NEW_OFFICE), List.of(FROM_OFFICE), List.of(FROM_NEW_OFFICE)),
            new Step("a connector is removed", List.of(OF_NEW_OFFICE), List.of(), List.of(FROM_NEW_OFFICE), List.of()),
            new Step("a domain is removed", List.of(NEWS_DOMAIN), List.of(), List.of(AS_NEWS), List.of()),
            new Step("a customer is removed", List.of(DOMAIN, OF_SERVER, CERTIFICATE), List.of(), List.of(RELAY, INBOUND, BY_CERTIFICATE), List.of()));
    // spotless:on

    @TempDir
    private static Path folder;

    private static Fleet fleet;
    private static Path password;

    private final List<Delivery> sent = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        fleet = new Fleet(3, folder);
        password = Files.writeString(folder.resolve("password"), DatabaseContainer.PASSWORD);
    }

    @AfterAll
    static void stop() throws IOException {
        if (fleet != null) {
            fleet.close();
        }
    }

    private static String sql(String url, String further) {
        return Directories.sql(url, password) + "poll-interval = " + POLL_INTERVAL.toSeconds() + "s\n" + further;
    }

    /** What the nodes follow, and how. */
    private record Followed(String name, Test test) {
        private interface Test {
            void run(DirectoryIT nodes) throws Exception;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** One of them each day. */
    static List<Followed> followed() {
        return Sample.turn(
                "followed directories",
                List.of(
                        new Followed(
                                "a standby of PostgreSQL, while the primary announces",
                                DirectoryIT::postgresqlByNotify),
                        new Followed("MariaDB by polling", DirectoryIT::mariadb),
                        new Followed("OpenLDAP by content synchronisation", DirectoryIT::ldap),
                        new Followed("PostgreSQL by polling", DirectoryIT::postgresqlByPolling)));
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("followed")
    void isLive(Followed directory) throws Exception {
        directory.test().run(this);
    }

    private void postgresqlByNotify() throws Exception {
        try (PostgresContainer primary = PostgresContainer.primary()) {
            primary.startWithSchema();
            try (PostgresContainer standby = PostgresContainer.standbyOf(primary);
                    Panel panel = SqlPanel.of(primary)) {
                standby.start();
                String both = Directories.both(primary, standby);
                // So that nothing comes in time by polling.
                assertLive(
                        "PostgreSQL, a standby, by NOTIFY",
                        panel,
                        BY_NOTIFY,
                        Directories.sql(both + "?targetServerType=preferSecondary", password)
                                + "poll-interval = 1m\nnotify-url = \"" + both + "?targetServerType=primary\"\n");
            }
        }
    }

    private void postgresqlByPolling() throws Exception {
        try (PostgresContainer primary = PostgresContainer.primary()) {
            primary.startWithSchema();
            try (Panel panel = SqlPanel.of(primary)) {
                assertLive("PostgreSQL, by polling", panel, BY_POLLING, sql(primary.url(), ""));
            }
        }
    }

    private void mariadb() throws Exception {
        try (MariaDbContainer database = new MariaDbContainer()) {
            database.startWithSchema();
            try (Panel panel = SqlPanel.of(database)) {
                assertLive("MariaDB, by polling", panel, BY_POLLING, sql(database.url(), ""));
            }
        }
    }

    private void ldap() throws Exception {
        try (OpenLdapContainer server = new OpenLdapContainer(new TestCertificates());
                Panel panel = new LdapPanel(server)) {
            server.start();
            assertLive("OpenLDAP, by content synchronisation", panel, BY_LDAP, """
                    url = "%s", user = "%s", password-file = "%s"
                    ldap { base = "%s" }
                    """.formatted(
                            server.plainUrl(), OpenLdapContainer.READER, password, LdapPanel.BASE));
        }
    }

    private void assertLive(String store, Panel panel, Duration goal, String directory) throws Exception {
        panel.add(Row.domain("contoso", "contoso.example"), Row.address("contoso", "server", ALWAYS.source()));
        fleet.follow(directory);
        List<Asking> always = fleet.asking(ALWAYS, true);
        List<Asking> never = fleet.asking(NEVER, false);
        for (Step step : STEPS) {
            Duration longest = change(step, panel, goal);
            System.out.printf("%s: %s: live on all nodes after %d ms%n", store, step.what(), longest.toMillis());
            for (Asking asking : always) {
                send(asking);
            }
            for (Asking asking : never) {
                assertThat(asking.send().code()).isGreaterThanOrEqualTo(500);
            }
        }
        for (List<Asking> some : List.of(always, never)) {
            for (Asking asking : some) {
                asking.close();
            }
        }
        fleet.assertDelivered(sent);
        for (FleetNode node : fleet.nodes()) {
            node.end();
        }
    }

    /** Sessions that were open before see the change as well. */
    private Duration change(Step step, Panel panel, Duration goal) throws Exception {
        List<Asking> toBeAccepted = new ArrayList<>();
        List<Asking> toBeRefused = new ArrayList<>();
        for (Mail mail : step.accepted()) {
            toBeAccepted.addAll(fleet.asking(mail, false));
        }
        for (Mail mail : step.refused()) {
            toBeRefused.addAll(fleet.asking(mail, true));
        }
        long committed = panel.change(step.gone(), step.come());
        Duration accepted = fleet.awaitAnswer(toBeAccepted, true, committed, goal.multipliedBy(BUSY));
        Duration refused = fleet.awaitAnswer(toBeRefused, false, committed, goal.multipliedBy(BUSY));
        for (Asking asking : toBeAccepted) {
            send(asking);
            asking.close();
        }
        for (Asking asking : toBeRefused) {
            asking.close();
        }
        return accepted.compareTo(refused) > 0 ? accepted : refused;
    }

    private void send(Asking asking) throws IOException {
        Reply reply = asking.send();
        assertThat(reply.positive()).as("%s: %s", asking.mail(), reply).isTrue();
        sent.add(asking.last());
    }
}
