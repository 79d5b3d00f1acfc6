package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.rows.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Results that no honest table gives: each is a row that its reader refuses, or one clear sentence. */
class HostileRowsIT {

    @TempDir
    static Path folder;

    private static List<DatabaseContainer> databases = List.of();
    private static Path password;

    @BeforeAll
    static void start() throws IOException {
        MtaContainer.removeLeftovers();
        databases = SqlKind.start();
        password = Files.writeString(folder.resolve("password"), DatabaseContainer.PASSWORD);
    }

    @AfterAll
    static void stop() {
        databases.forEach(DatabaseContainer::stop);
    }

    // spotless:off
    private static final List<List<String>> ROWS = List.of(
            //       database    row                                                       what is read of it
            List.of("both",      "'a', NULL, 'b', 'c'",                                     "a||b|c"),
            List.of("both",      "'a', '', 'b', 'c'",                                       "a||b|c"),
            List.of("both",      "'a', '', NULL, 'c'",                                      "a||\ufffdNULL|c"),
            List.of("both",      "'a', '', 'b', NULL",                                      "a||b|\ufffdNULL"),
            List.of("both",      "NULL, '', 'b', 'c'",                                      "\ufffdNULL||b|c"),
            List.of("both",      "'a', '', 'b', ' c '",                                     "a||b| c "),
            List.of("both",      "'a', '', 'b', REPEAT('x', 4096)",                         "a||b|" + "x".repeat(4096)),
            List.of("both",      "'a', '', 'b', REPEAT('x', 4097)",                         "a||b|" + "x".repeat(4097)),
            List.of("both",      "'a', '', 'b', REPEAT('x', 1000000)",                      "a||b|" + "x".repeat(4097)),
            List.of("both",      "REPEAT('x', 5000), '', 'b', 'c'",                         "x".repeat(4097) + "||b|c"),
            List.of("both",      "7, 8, 9, 10",                                             "7|8|9|10"),
            List.of("both",      "'a', '', 'b', 1 = 1",                                     "a||b|"),
            List.of("both",      "'ä\uD83D\uDE00', '', 'b', 'c'",                           "ä\uD83D\uDE00||b|c"),
            List.of("mariadb",   "'a', '', 'b', CONCAT('c', CHAR(0 USING utf8mb4), 'd')",   "a||b|c\0d"),
            List.of("postgres",  "'a', '', 'b', E'c\\u0001\\r\\n'",                         "a||b|c\u0001\r\n"),
            List.of("postgres",  "'a'::name, ''::char(3), 'b'::varchar, true",              "a|   |b|true"));

    private static final List<List<String>> RESULTS = List.of(
            //       database    query                                                     what is wrong
            List.of("both",      "SELECT 'a', '', 'b'",                                     "has 3 columns; select organization"),
            List.of("both",      "SELECT 'a', '', 'b', 'c', 1, 2",                          "has 6 columns; select organization"),
            List.of("both",      "SELECT 'a', '', 'b', 'c', 'yesterday'",                   "column 5, since, is neither a timestamp nor an integer"),
            List.of("both",      "SELECT 'a', '', 'b', CURRENT_TIMESTAMP",                  "column 4 is not text; cast it to text"),
            List.of("both",      "SELECT secret FROM orgmilter_setting",                    "a column of the query does not exist"),
            List.of("postgres",  "SELECT 'a', '', 'b', 'c' FROM secret",                    "does not exist; see orgmilter schema"),
            List.of("mariadb",   "SELECT 'a', '', 'b', 'c' FROM secret",                    "or there is none of that name; grant SELECT"),
            List.of("both",      "SELECT 'secret",                                          "not SQL that the server understands"),
            List.of("postgres",  "SELECT 'a', '', 'b', '\\x00'::bytea",                     "column 4 is not text"),
            List.of("postgres",  "SELECT 'a', '', 'b', ARRAY['c']",                         "column 4 is not text"),
            List.of("postgres",  "SELECT 'a', '', 'b', CAST('secret' AS integer)::text",    "unsuitable type"),
            List.of("postgres",  "SELECT 'a', '', 'b', repeat('x', 1000000) FROM generate_series(1, 100)", "more than 64 MB at once"),
            List.of("postgres",  "DELETE FROM orgmilter_setting RETURNING organization, connector, setting, value", "writes, and may only read"),
            List.of("postgres",  "SELECT rolpassword, '', '', '' FROM pg_authid",           "the user may not read a table"),
            List.of("mariadb",   "SELECT 'a', '', 'b', CAST('c' AS BINARY)",                "column 4 is not text"),
            List.of("mariadb",   "SELECT authentication_string, '', '', '' FROM mysql.user", "the user may not read a table"));

    private static final List<List<String>> SINCE = List.of(
            //       database    the fifth column                                          microseconds since 1970
            List.of("both",      "1000",                                                    "1000000000"),
            List.of("both",      "9000000000000000000",                                     "9223372036854000000"),
            List.of("mariadb",   "NULL",                                                    "9223372036854775807"),
            List.of("postgres",  "NULL::timestamptz",                                       "9223372036854775807"),
            List.of("postgres",  "TIMESTAMPTZ '1970-01-01 00:00:01.000002+00'",              "1000002"),
            List.of("postgres",  "TIMESTAMP '1970-01-01 00:00:01.5'",                       "1500000"),
            List.of("postgres",  "TIMESTAMPTZ 'infinity'",                                  "9223372036854775807"),
            List.of("postgres",  "TIMESTAMPTZ '-infinity'",                                 "-9223372036854775808"),
            List.of("mariadb",   "CAST('1970-01-01 00:00:01.500000' AS DATETIME(6))",       "1500000"),
            List.of("mariadb",   "FROM_UNIXTIME(1)",                                        "1000000"));

    private static final List<List<String>> VERSIONS = List.of(
            //       database    query                                                     version, or what is wrong
            List.of("both",      "SELECT 7",                                                "7"),
            List.of("both",      "SELECT SUM(7)",                                           "7"),
            List.of("both",      "SELECT 9223372036854775807",                              "9223372036854775807"),
            List.of("both",      "SELECT 9223372036854775808",                              "not an integer within 64 bits"),
            List.of("both",      "SELECT 1.5",                                              "not an integer within 64 bits"),
            List.of("both",      "SELECT -1",                                               "negative"),
            List.of("both",      "SELECT NULL",                                             "its version is NULL; select one number"),
            List.of("both",      "SELECT version FROM orgmilter_version WHERE version < 0", "it has no row"),
            List.of("both",      "SELECT 'secret'",                                         "query version"));
    // spotless:on

    private static Stream<Arguments> table(List<List<String>> table) {
        return table.stream()
                .flatMap(line -> databases.stream()
                        .filter(it -> line.get(0).equals("both")
                                || line.get(0).equals(SqlKind.of(it) == SqlKind.POSTGRESQL ? "postgres" : "mariadb"))
                        .map(it -> Arguments.of(it, line.get(1), line.get(2))));
    }

    static Stream<Arguments> rows() {
        return table(ROWS);
    }

    static Stream<Arguments> results() {
        return table(RESULTS);
    }

    static Stream<Arguments> since() {
        return table(SINCE);
    }

    static Stream<Arguments> versions() {
        return table(VERSIONS);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("rows")
    void aRow(DatabaseContainer database, String row, String expected) throws Exception {
        String line =
                Stores.of(database, password).selecting("SELECT " + row).lines().get(0);
        // MariaDB has no booleans, but numbers.
        assertThat(line).isIn(expected, expected + "1", expected + "true");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("results")
    void aResult(DatabaseContainer database, String query, String problem) throws Exception {
        try (Store store = Stores.of(database, password).selecting(query).open()) {
            assertThatThrownBy(() -> Stores.load(store))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(problem)
                    .hasMessageContaining("query settings: ")
                    .hasMessageNotContaining("secret")
                    .hasNoCause();
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("since")
    void aTime(DatabaseContainer database, String column, String micros) throws Exception {
        try (Store store = Stores.of(database, password)
                .selecting("SELECT 'a', '', 'b', 'c', " + column)
                .open()) {
            assertThat(Stores.load(store)).containsExactly(new Setting("a", "", "b", "c", Long.parseLong(micros)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("versions")
    void aVersion(DatabaseContainer database, String query, String expected) throws Exception {
        Stores stores = Stores.of(database, password)
                .asking(new StoreSettings.Queries(
                        "SELECT 'a', '', 'b', 'c'", Optional.empty(), Optional.of(query), Optional.empty()));
        try (Store store = stores.open()) {
            if (expected.matches("\\d+")) {
                assertThat(store.version()).hasValue(Long.parseLong(expected));
            } else {
                assertThatThrownBy(store::version)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining(expected)
                        .hasMessageNotContaining("secret");
            }
        }
    }

    static List<DatabaseContainer> mariadb() {
        return databases.stream()
                .filter(it -> SqlKind.of(it) == SqlKind.MARIADB)
                .toList();
    }

    @ParameterizedTest(autoCloseArguments = false, allowZeroInvocations = true)
    @MethodSource("mariadb")
    void aCollationThatIgnoresCaseMixesNoOrganizationsInAChange(DatabaseContainer mariadb) throws Exception {
        mariadb.sql("""
                CREATE TABLE loose (organization VARCHAR(99), value VARCHAR(99)) COLLATE utf8mb4_general_ci;
                INSERT INTO loose VALUES ('contoso', 'a.example'), ('Contoso', 'b.example');
                GRANT SELECT ON loose TO orgmilter_reader;
                """);
        String select = "SELECT organization, '', 'accepted-domains', value FROM loose";
        Stores stores = Stores.of(mariadb, password)
                .asking(new StoreSettings.Queries(
                        select + " ORDER BY organization",
                        Optional.of(select + " WHERE organization = ?"),
                        Optional.of("SELECT 5"),
                        Optional.of("SELECT 'contoso' FROM orgmilter_version WHERE 5 > ?")));
        try (Store store = stores.open()) {
            assertThat(Stores.lines(
                            store.changesSince(4).orElseThrow().organizations().get("contoso")))
                    .containsExactly("contoso||accepted-domains|a.example");
        }
    }
}
