package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to the store of customers under a steady stream of mail: nothing is decided wrongly, nothing waits, no client sees a
 * temporary failure that the rules did not ask for, and all recovers by itself.
 */
@DisplayName("No client of two nodes notices that the store")
class DirectoryFaultsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String CANNOT_BE_READ = "directory: cannot be read";
    private static final String CAN_BE_READ_AGAIN = "directory: can be read again";

    private static final String STRANGER = "127.0.5.2";
    private static final Mail CONTOSO = mail("127.0.7.1", "contoso", "outside");
    private static final Mail FABRIKAM = mail("127.0.7.2", "fabrikam", "outside");
    private static final Mail INBOUND = mail(STRANGER, "stranger", "fabrikam");
    private static final Mail CONTOSO_AS_FABRIKAM = mail("127.0.7.1", "fabrikam", "outside");
    private static final Mail STRANGER_AS_CONTOSO = mail(STRANGER, "contoso", "outside");
    private static final List<Mail> ACCEPTED = List.of(CONTOSO, FABRIKAM, INBOUND);
    private static final List<Mail> REFUSED = List.of(CONTOSO_AS_FABRIKAM, STRANGER_AS_CONTOSO);

    /** Added once the fault is over: the nodes follow again. */
    private static final Mail NEWCOMER = mail("127.0.7.4", "newcomer", "outside");

    /** One of the many that exist so that losing them all is suspicious. */
    private static final Mail MEMBER = mail("127.0.8.7", "member7", "outside");

    private static final int MEMBERS = 30;

    @TempDir
    private static Path folder;

    private static Fleet fleet;
    private static Path password;

    private PostgresContainer primary;
    private Panel panel;

    private static Mail mail(String source, String from, String to) {
        return new Mail(source, "a@" + from + ".example", to + ".example");
    }

    private static Row[] customer(String name, String address) {
        return new Row[] {Row.domain(name, name + ".example"), Row.address(name, "server", address)};
    }

    @BeforeAll
    static void startFleet() throws IOException {
        fleet = new Fleet(2, folder);
        password = folder.resolve("password");
    }

    @AfterAll
    static void stopFleet() throws IOException {
        if (fleet != null) {
            fleet.close();
        }
    }

    @BeforeEach
    void startStore() throws Exception {
        Files.writeString(password, DatabaseContainer.PASSWORD);
        primary = PostgresContainer.primary();
    }

    @AfterEach
    void stopStore() throws IOException {
        for (FleetNode node : fleet.nodes()) {
            node.end();
        }
        if (panel != null) {
            panel.close();
        }
        primary.stop();
    }

    private void startWithCustomers() throws Exception {
        primary.startWithSchema();
        panel = SqlPanel.of(primary);
        panel.add(customer("contoso", CONTOSO.source()));
        panel.add(customer("fabrikam", FABRIKAM.source()));
    }

    private static String directory(String url, String announcing) {
        return Directories.sql(url, password) + "poll-interval = 1s\nnotify-url = \"" + announcing + "\"\n";
    }

    private MailStream followPrimary() throws Exception {
        startWithCustomers();
        fleet.follow(directory(primary.url(), primary.url()));
        return stream(ACCEPTED, REFUSED);
    }

    private static MailStream stream(List<Mail> accepted, List<Mail> refused) {
        MailStream stream = new MailStream(fleet, accepted, refused);
        stream.awaitRounds(2);
        fleet.nodes().forEach(FleetNode::markLog);
        return stream;
    }

    private static void awaitLog(String words) {
        fleet.nodes().forEach(node -> node.awaitLog(words));
    }

    private void assertFollowed(MailStream stream, TestInfo test) throws Exception {
        panel.add(customer("newcomer", NEWCOMER.source()));
        fleet.awaitAnswer(NEWCOMER, true);
        stream.awaitRounds(2);
        stream.assertNothingNoticed(test.getDisplayName());
    }

    @Test
    @DisplayName("is killed and started again")
    void killed(TestInfo test) throws Exception {
        try (MailStream stream = followPrimary()) {
            primary.kill();
            awaitLog(CANNOT_BE_READ);
            stream.awaitRounds(5);
            primary.startAgain();
            awaitLog(CAN_BE_READ_AGAIN);
            panel.close();
            panel = SqlPanel.again(primary);
            assertFollowed(stream, test);
        }
    }

    @Test
    @DisplayName("fails over to its standby")
    void failedOver(TestInfo test) throws Exception {
        startWithCustomers();
        try (PostgresContainer standby = PostgresContainer.standbyOf(primary)) {
            standby.start();
            String both = Directories.both(primary, standby);
            fleet.follow(directory(both + "?targetServerType=preferSecondary", both + "?targetServerType=primary"));
            try (MailStream stream = stream(ACCEPTED, REFUSED)) {
                primary.kill();
                stream.awaitRounds(5);
                standby.promote();
                panel.close();
                panel = SqlPanel.again(standby);
                assertFollowed(stream, test);
            }
        }
    }

    @Test
    @DisplayName("is yesterday's again, without most of the customers")
    void restored(TestInfo test) throws Exception {
        startWithCustomers();
        String backup = "/tmp/backup.sql";
        String tools = "-h /tmp -U postgres -p " + primary.port();
        primary.shell("/usr/local/pgsql/pg_dump " + tools + " " + DatabaseContainer.DATABASE + " >" + backup);
        for (int i = 0; i < MEMBERS; i++) {
            panel.add(customer("member" + i, "127.0.8." + i));
        }
        fleet.follow(directory(primary.url(), primary.url()));
        List<Mail> accepted = new ArrayList<>(ACCEPTED);
        accepted.add(MEMBER);
        try (MailStream stream = stream(accepted, REFUSED)) {
            primary.shell("psql -q -v ON_ERROR_STOP=1 " + tools + " -d postgres -c 'DROP DATABASE "
                    + DatabaseContainer.DATABASE + " WITH (FORCE)' -c 'CREATE DATABASE " + DatabaseContainer.DATABASE
                    + "' && psql -q -v ON_ERROR_STOP=1 " + tools + " -d " + DatabaseContainer.DATABASE + " -f "
                    + backup);
            for (FleetNode node : fleet.nodes()) {
                await(node + " holds back what is gone")
                        .atMost(PATIENCE)
                        .until(() -> node.admin("/-/directory").contains("held back: "));
            }
            stream.awaitRounds(5);
            stream.assertNothingNoticed(test.getDisplayName());
        }
        for (FleetNode node : fleet.nodes()) {
            Matcher version = Pattern.compile("(?m)^version: (\\d+)$").matcher(node.command("directory", "status"));
            assertThat(version.find()).isTrue();
            node.command("reload", "--accept-shrink", version.group(1));
        }
        fleet.awaitAnswer(MEMBER, false);
        fleet.awaitAnswer(CONTOSO, true);
    }

    @Test
    @DisplayName("has a full disk")
    void fullDisk(TestInfo test) throws Exception {
        primary.onSmallDisk();
        try (MailStream stream = followPrimary()) {
            primary.fillDisk();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            panel.add(customer("late" + i, "127.0.9.9"));
                        }
                    })
                    .isInstanceOf(java.sql.SQLException.class);
            stream.awaitRounds(5);
            primary.freeDisk();
            panel.close();
            await("the database again").atMost(PATIENCE).ignoreExceptions().until(() -> {
                panel = SqlPanel.again(primary);
                panel.add(customer("witness", "127.0.7.5"));
                return true;
            });
            assertFollowed(stream, test);
        }
    }

    @Test
    @DisplayName("falls silent, without closing a connection")
    void silent(TestInfo test) throws Exception {
        try (MailStream stream = followPrimary()) {
            primary.pause();
            awaitLog(CANNOT_BE_READ);
            stream.awaitRounds(5);
            primary.resume();
            awaitLog(CAN_BE_READ_AGAIN);
            assertFollowed(stream, test);
        }
    }

    @Test
    @DisplayName("has another password, which the nodes get to know later")
    void passwordChanged(TestInfo test) throws Exception {
        try (MailStream stream = followPrimary()) {
            String changed = "Tr0ub4dor";
            primary.setPassword(changed);
            primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                    + DatabaseContainer.USER + "';");
            awaitLog(CANNOT_BE_READ);
            stream.awaitRounds(5);
            Files.writeString(password, changed + "\n");
            awaitLog(CAN_BE_READ_AGAIN);
            assertThat(fleet.nodes())
                    .allSatisfy(node -> assertThat(node.log()).doesNotContain(changed, DatabaseContainer.PASSWORD));
            assertFollowed(stream, test);
        }
    }

    @Test
    @DisplayName("has its tables locked")
    void locked(TestInfo test) throws Exception {
        try (MailStream stream = followPrimary()) {
            primary.shell("(echo 'BEGIN; LOCK TABLE orgmilter_setting, orgmilter_version, orgmilter_change;'"
                    + " 'SELECT 42;'; sleep 3600) | psql -qAt -h /tmp -U postgres -p " + primary.port() + " -d "
                    + DatabaseContainer.DATABASE + " >/tmp/locker 2>&1 &");
            awaitLog(CANNOT_BE_READ);
            stream.awaitRounds(5);
            primary.sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE mode = 'AccessExclusiveLock';");
            awaitLog(CAN_BE_READ_AGAIN);
            assertFollowed(stream, test);
        }
    }

    @Test
    @DisplayName("is away, even where nodes are ended and killed, and start from their snapshots")
    void restartedMeanwhile(TestInfo test) throws Exception {
        try (MailStream stream = followPrimary()) {
            primary.kill();
            awaitLog(CANNOT_BE_READ);
            FleetNode ended = fleet.nodes().get(0);
            FleetNode killed = fleet.nodes().get(1);
            stream.aside(ended, node -> {
                node.end();
                node.begin();
            });
            stream.aside(killed, node -> {
                node.kill();
                node.end();
                node.begin();
            });
            stream.awaitRounds(5);
            assertThat(ended.admin("/readyz")).startsWith("200").contains("it cannot be read: ");
            primary.startAgain();
            awaitLog(CAN_BE_READ_AGAIN);
            panel.close();
            panel = SqlPanel.again(primary);
            assertFollowed(stream, test);
        }
    }

    @Test
    @DisplayName("has a customer who claims what is others', with rows of every bad kind")
    void hostileRows(TestInfo test) throws Exception {
        startWithCustomers();
        fleet.follow(directory(primary.url(), primary.url()));
        // A refusal that her rows may be the reason for is a temporary one.
        try (MailStream stream = stream(ACCEPTED, List.of())) {
            // As in a panel's own table.
            primary.sql("DROP INDEX orgmilter_domain;");
            String name = "mallory";
            Mail as = mail("127.0.7.66", "contoso", "outside");
            panel.add(
                    Row.domain(name, "mallory.example"),
                    Row.domain(name, "contoso.example"),
                    Row.domain(name, "fabrikam.example subdomains"),
                    Row.domain(name, "sub.contoso.example"),
                    Row.domain(name, "co.uk subdomains"),
                    new Row(name, "", "sender-protection", "all"),
                    new Row(name, "", "delegated-domains", "*"),
                    new Row(name, "", "mode", "audit"),
                    new Row(name, "", "accepted-domains-file", "/etc/passwd"),
                    Row.address(name, "server", as.source()),
                    Row.address(name, "others", CONTOSO.source()),
                    Row.address(name, "everybody", "0.0.0.0/0"),
                    new Row(name, "cloud", "certificate-names", "mail.contoso.example"),
                    new Row(name, "cloud", "certificate-names", "*.fabrikam.example"),
                    new Row(name, "cloud", "require-accepted-domain", "false"),
                    new Row(name, "partner/all", "sender-domains", "*"),
                    new Row(name, "partner/all", "require-tls", "true"));
            for (FleetNode node : fleet.nodes()) {
                await(node + " knows the rows")
                        .atMost(PATIENCE)
                        .until(() -> node.admin("/-/problems").contains("organization " + name));
            }
            stream.awaitRounds(5);
            for (FleetNode node : fleet.nodes()) {
                for (Mail forged : List.of(as, CONTOSO_AS_FABRIKAM, STRANGER_AS_CONTOSO)) {
                    try (Asking asking = fleet.asking(node, forged)) {
                        Reply reply = asking.ask();
                        assertThat(reply.positive()).as("%s: %s", forged, reply).isFalse();
                    }
                }
            }
            panel.add(customer("newcomer", NEWCOMER.source()));
            for (FleetNode node : fleet.nodes()) {
                try (Asking asking = fleet.asking(node, NEWCOMER)) {
                    await(node + " knows the newcomer")
                            .atMost(PATIENCE)
                            .until(() -> asking.ask().positive());
                }
            }
            stream.awaitRounds(2);
            stream.assertNothingNoticed(test.getDisplayName());
        }
    }

    @Test
    @DisplayName("is away while there is no snapshot, but for a 451 with its reason in /readyz, until it is there")
    void neitherStoreNorSnapshot() throws Exception {
        startWithCustomers();
        fleet.follow(directory(primary.url(), primary.url()));
        primary.kill();
        for (FleetNode node : fleet.nodes()) {
            node.end();
            node.forget();
            node.begin();
            for (Mail mail : List.of(CONTOSO, INBOUND, STRANGER_AS_CONTOSO)) {
                try (Asking asking = fleet.asking(node, mail)) {
                    Reply reply = asking.ask();
                    assertThat(reply.code()).as("%s: %s", mail, reply).isEqualTo(451);
                }
            }
            assertThat(node.admin("/readyz")).startsWith("503").contains("the directory has not been read: ");
        }
        primary.startAgain();
        for (FleetNode node : fleet.nodes()) {
            await(node + " is ready")
                    .atMost(PATIENCE)
                    .until(() -> node.admin("/readyz").startsWith("200"));
        }
        for (Mail mail : ACCEPTED) {
            fleet.awaitAnswer(mail, true);
        }
        for (Mail mail : REFUSED) {
            fleet.awaitAnswer(mail, false);
        }
    }
}
