package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.Store.Changes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Customers in PostgreSQL and in MariaDB: what is loaded, and what changed. */
final class SqlStoreIT extends SqlScene {

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aLoadHasEveryRowAndTheVersion(DatabaseContainer database) throws Exception {
        write(
                database,
                "DELETE FROM orgmilter_setting",
                INSERT + CONTOSO + ", ('Contoso', '', 'sender-protection', 'all')");
        try (Store store = Stores.of(database, password).open()) {
            long[] version = {0};
            List<String> rows = new ArrayList<>();
            version[0] =
                    store.load(row -> rows.addAll(Stores.lines(List.of(row)))).orElseThrow();
            assertThat(rows)
                    .containsExactlyInAnyOrder(
                            "contoso||accepted-domains|contoso.com",
                            "contoso|headquarters|certificate-names|mail.contoso.com",
                            "Contoso||sender-protection|all");
            assertThat(rows.get(0)).as("names are sorted octet for octet").startsWith("Contoso");
            assertThat(version[0]).isEqualTo(version(store));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aChangeHasTheOrganizationsThatChangedAndNoOther(DatabaseContainer database) throws Exception {
        write(
                database,
                "DELETE FROM orgmilter_setting",
                INSERT + CONTOSO,
                INSERT + "('a', '', 'accepted-domains', 'a.example')");
        try (Store store = Stores.of(database, password).open()) {
            long start = version(store);
            assertThat(changes(store, start)).isEmpty();

            write(database, INSERT + "('b', '', 'accepted-domains', 'b.example')");
            assertThat(Stores.lines(changes(store, start).get("b"))).containsExactly("b||accepted-domains|b.example");
            long inserted = version(store);
            assertThat(inserted).isGreaterThan(start);

            write(database, "UPDATE orgmilter_setting SET value = 'c.example' WHERE organization = 'a'");
            assertThat(changes(store, inserted)).containsOnlyKeys("a");
            long updated = version(store);

            write(database, "DELETE FROM orgmilter_setting WHERE organization = 'contoso'");
            Changes deleted = store.changesSince(updated).orElseThrow();
            assertThat(deleted.organizations()).isEqualTo(Map.of("contoso", List.of()));
            assertThat(deleted.version()).isEqualTo(version(store));

            write(database, "UPDATE orgmilter_setting SET organization = 'd' WHERE organization = 'b'");
            assertThat(changes(store, deleted.version())).containsOnlyKeys("b", "d");
            assertThat(changes(store, start)).containsOnlyKeys("a", "b", "contoso", "d");
            assertThat(changes(store, version(store) + 100))
                    .as("asked by who saw a newer state")
                    .isEmpty();
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void anUpdateThatChangesNothingIsNoChangeAndKeepsTheTime(DatabaseContainer database) throws Exception {
        write(database, "DELETE FROM orgmilter_setting", INSERT + "('a', '', 'accepted-domains', 'a.example')");
        try (Store store = Stores.of(database, password).open()) {
            long version = version(store);
            long since = Stores.load(store).get(0).since();
            assertThat(Math.abs(since - System.currentTimeMillis() * 1000)).isLessThan(600_000_000);

            write(database, "UPDATE orgmilter_setting SET value = value, since = '2001-01-01'");
            assertThat(Stores.load(store).get(0).since()).isEqualTo(since);
            assertThat(version(store)).isEqualTo(version);

            write(database, "UPDATE orgmilter_setting SET value = 'a.example subdomains', since = '2001-01-01'");
            assertThat(Stores.load(store).get(0).since()).isGreaterThan(since);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aDomainBelongsToOneOrganizationAndHasOneSpelling(DatabaseContainer database) throws Exception {
        write(database, "DELETE FROM orgmilter_setting", INSERT + "('a', '', 'accepted-domains', 'a.example')");
        for (String claim : List.of(
                "a.example", "a.example subdomains", "A.example", "b.example.", "bücher.example", " b.example")) {
            assertThatThrownBy(() -> write(database, INSERT + "('b', '', 'accepted-domains', '" + claim + "')"))
                    .as(claim)
                    .isInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void versionsBecomeVisibleInTheirOrder(DatabaseContainer database) throws Exception {
        write(database, "DELETE FROM orgmilter_setting");
        try (Store store = Stores.of(database, password).open();
                Connection first = panel(database);
                Statement statement = first.createStatement()) {
            long start = version(store);
            first.setAutoCommit(false);
            statement.execute(INSERT + "('first', '', 'accepted-domains', 'first.example')");
            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {
                try {
                    write(database, INSERT + "('second', '', 'accepted-domains', 'second.example')");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await("the second waits for the first")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> waiting(database) > 0);
            assertThat(changes(store, start)).isEmpty();
            assertThat(second).isNotDone();
            first.commit();
            second.get(60, TimeUnit.SECONDS);
            assertThat(changes(store, start)).containsOnlyKeys("first", "second");
        }
    }

    private static int waiting(DatabaseContainer database) throws IOException {
        return Integer.parseInt(database.sql(
                SqlKind.of(database) == SqlKind.POSTGRESQL
                        ? "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock';"
                        : "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT';"));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void belowTheBeginningOfTheLogEverythingMustBeLoaded(DatabaseContainer database) throws Exception {
        try (Store store = Stores.of(database, password).open()) {
            assertThat(store.changesSince(0)).isEmpty();
            write(database, INSERT + "('old', '', 'sender-protection', 'all')");
            long before = version(store);
            database.sql("UPDATE orgmilter_version SET version = " + (before + 200_998 - before % 1000) + ";");
            write(
                    database,
                    INSERT + "('next', '', 'sender-protection', 'all')",
                    INSERT + "('last', '', 'sender-protection', 'all')");
            long now = version(store);
            assertThat(now % 1000).isZero();
            assertThat(store.changesSince(before)).isEmpty();
            assertThat(changes(store, now - 2)).containsOnlyKeys("next", "last");
            assertThat(changes(store, now - 100_000)).containsKeys("next", "last");
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void truncateIsSeenByPostgresAndFoundByAWholeLoadElsewhere(DatabaseContainer database) throws Exception {
        write(database, "DELETE FROM orgmilter_setting", INSERT + CONTOSO);
        try (Store store = Stores.of(database, password).open()) {
            long version = version(store);
            write(database, "TRUNCATE TABLE orgmilter_setting");
            assertThat(store.changesSince(version).isEmpty()).isEqualTo(SqlKind.of(database) == SqlKind.POSTGRESQL);
            assertThat(Stores.load(store)).isEmpty();
            if (SqlKind.of(database) == SqlKind.MARIADB) {
                database.sql("CALL orgmilter_record(NULL);");
                assertThat(store.changesSince(version)).isEmpty();
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void manyRowsAreReadOneByOneAndManyChangesByAWholeLoad(DatabaseContainer database) throws Exception {
        write(database, "DELETE FROM orgmilter_setting");
        try (Store store = Stores.of(database, password).open()) {
            long version = version(store);
            database.sql(
                    SqlKind.of(database) == SqlKind.POSTGRESQL
                            ? INSERT.replace("VALUES", "SELECT")
                                    + "'o' || i, '', 'accepted-domains', 'd' || i || '.example'"
                                    + " FROM generate_series(1, 100000) i;"
                            : INSERT.replace("VALUES", "SELECT") + "CONCAT('o', seq), '', 'accepted-domains',"
                                    + " CONCAT('d', seq, '.example') FROM seq_1_to_100000;");
            AtomicInteger count = new AtomicInteger();
            store.load(row -> count.incrementAndGet());
            assertThat(count).hasValue(100_000);
            assertThat(store.changesSince(version)).isEmpty();
        } finally {
            write(database, "DELETE FROM orgmilter_setting");
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aLoadIsOneState(DatabaseContainer database) throws Exception {
        write(database, "DELETE FROM orgmilter_setting", INSERT + CONTOSO);
        try (Store store = Stores.of(database, password).open()) {
            AtomicInteger count = new AtomicInteger();
            long loaded = store.load(row -> {
                        if (count.getAndIncrement() == 0) {
                            try {
                                write(database, INSERT + "('later', '', 'accepted-domains', 'later.example')");
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    })
                    .orElseThrow();
            assertThat(count).hasValue(2);
            assertThat(changes(store, loaded)).containsOnlyKeys("later");
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void whoReadsCannotWrite(DatabaseContainer database) throws Exception {
        try (Connection reader = DriverManager.getConnection(
                        database.url(), DatabaseContainer.USER, DatabaseContainer.PASSWORD);
                Statement statement = reader.createStatement()) {
            for (String write : List.of(
                    INSERT + "('x', '', 'sender-protection', 'all')",
                    "UPDATE orgmilter_version SET version = 5",
                    "DELETE FROM orgmilter_change")) {
                assertThatThrownBy(() -> statement.execute(write)).as(write).isInstanceOf(SQLException.class);
            }
        }
    }
}
