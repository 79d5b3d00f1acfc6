package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.scenario.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PostgreSQL's NOTIFY as a hint, and a standby to read from. */
class AnnouncementsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private PostgresContainer primary;
    private Path password;

    @BeforeEach
    void start() throws IOException {
        MtaContainer.removeLeftovers();
        primary = PostgresContainer.primary();
        primary.startWithSchema();
        password = Files.writeString(folder.resolve("password"), DatabaseContainer.PASSWORD);
    }

    @AfterEach
    void stop() {
        primary.stop();
    }

    private void insert(PostgresContainer database, String organization) throws IOException {
        database.sql("INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES ('" + organization
                + "', '', 'accepted-domains', '" + organization + ".example');");
    }

    private static void awaitHint(Store store, long version) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        OptionalLong hint = OptionalLong.empty();
        while (System.nanoTime() < end) {
            hint = store.awaitHint(Duration.ofSeconds(1));
            if (hint.isPresent() && hint.getAsLong() >= version) {
                return;
            }
        }
        throw new AssertionError("no hint of version " + version + ", but " + hint);
    }

    private interface Check {
        void run(AnnouncementsIT primary) throws Exception;
    }

    /** One of them each day. */
    static List<Named<Check>> checks() {
        return Sample.turn(
                "announcements",
                List.of(
                        Named.of(
                                "a commit is announced with its version, and a lost connection is a hint again",
                                AnnouncementsIT::aCommitIsAnnouncedWithItsVersionAndALostConnectionIsAHintAgain),
                        Named.of(
                                "a server that does not answer delays no wait",
                                AnnouncementsIT::aServerThatDoesNotAnswerDelaysNoWait),
                        Named.of(
                                "a standby is read while the primary announces, and takes its place",
                                AnnouncementsIT::aStandbyIsReadWhileThePrimaryAnnouncesAndTakesItsPlace)));
    }

    @ParameterizedTest
    @MethodSource("checks")
    void holds(Check check) throws Exception {
        check.run(this);
    }

    private void aCommitIsAnnouncedWithItsVersionAndALostConnectionIsAHintAgain() throws Exception {
        try (Store store =
                Stores.of(primary, password).notifiedBy(primary.url()).open()) {
            awaitHint(store, 0); // it listens
            insert(primary, "a");
            awaitHint(store, store.version().orElseThrow());
            assertThat(store.awaitHint(Duration.ofMillis(50))).isEmpty();

            primary.sql("SELECT pg_notify('orgmilter', 'no number');");
            awaitHint(store, 0);

            primary.restart();
            awaitHint(store, 0);
            assertThatThrownBy(store::version).isInstanceOf(StoreException.class); // on the old connection
            insert(primary, "b");
            awaitHint(store, 3);
            assertThat(store.changesSince(2).orElseThrow().organizations()).containsOnlyKeys("b");
        }
    }

    private void aServerThatDoesNotAnswerDelaysNoWait() throws Exception {
        try (Store store = Stores.of(primary, password)
                .impatient()
                .notifiedBy(primary.url())
                .open()) {
            awaitHint(store, 0);
            primary.pause();
            try {
                for (int i = 0; i < 5; i++) {
                    long start = System.nanoTime();
                    store.awaitHint(Duration.ofMillis(200));
                    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
                }
            } finally {
                primary.resume();
            }
        }
    }

    private void aStandbyIsReadWhileThePrimaryAnnouncesAndTakesItsPlace() throws Exception {
        PostgresContainer standby = PostgresContainer.standbyOf(primary);
        try (standby) {
            standby.start();
            String both = primary.url().replace("/mail", "") + ",127.0.0.1:" + standby.port() + "/mail";
            Stores stores = Stores.of(primary, password)
                    .impatient()
                    .at(both + "?targetServerType=preferSecondary")
                    .notifiedBy(both + "?targetServerType=primary");
            try (Store store = stores.open()) {
                awaitHint(store, 0);
                insert(primary, "a");
                awaitHint(store, 2);
                await("the standby has it")
                        .atMost(PATIENCE)
                        .until(() -> store.version().orElseThrow() == 2);
                assertThat(store.changesSince(1).orElseThrow().organizations()).containsOnlyKeys("a");
                assertThat(primary.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'orgmilter';"))
                        .as("only the listener is at the primary")
                        .isEqualTo("1");

                standby.sql("SELECT pg_wal_replay_pause();");
                insert(primary, "b");
                awaitHint(store, 3);
                assertThat(store.version()).as("a hint ahead of the replica").hasValue(2);
                assertThat(store.changesSince(3).orElseThrow().version()).isEqualTo(2);
                standby.sql("SELECT pg_wal_replay_resume();");
                await("the standby has it")
                        .atMost(PATIENCE)
                        .until(() -> store.version().orElseThrow() == 3);

                primary.kill();
                standby.promote();
                awaitHint(store, 0);
                insert(standby, "c");
                awaitHint(store, 4);
                await("the new primary is read")
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> store.version().orElseThrow() == 4);
                assertThat(Stores.load(store)).hasSize(3);
            }
        }
    }
}
