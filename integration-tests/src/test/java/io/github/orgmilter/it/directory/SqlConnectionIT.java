package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong between a store and its server: each ends within its time, with a sentence, and mends itself. */
class SqlConnectionIT {

    /** Of a wait that is bounded by {@link Stores#TIMEOUT}, on a busy machine. */
    private static final Duration BOUND = Duration.ofSeconds(25);

    @TempDir
    static Path folder;

    private static List<DatabaseContainer> databases = List.of();
    private static Path password;

    @BeforeAll
    static void start() throws IOException {
        MtaContainer.removeLeftovers();
        databases = SqlKind.start();
        password = Files.writeString(folder.resolve("password"), DatabaseContainer.PASSWORD + "\n");
        for (DatabaseContainer database : databases) {
            database.sql("INSERT INTO orgmilter_setting (organization, connector, setting, value)"
                    + " VALUES ('contoso', '', 'accepted-domains', 'contoso.com');");
        }
    }

    @AfterAll
    static void stop() {
        databases.forEach(DatabaseContainer::stop);
    }

    static List<DatabaseContainer> databases() {
        return databases;
    }

    private static void assertFails(Store store, String... problems) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> Stores.load(store))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("directory ")
                .hasMessageContainingAll(problems)
                .hasMessageNotContaining("horse")
                .hasNoCause();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    }

    private static void assertWorks(Store store) throws StoreException {
        assertThat(Stores.lines(Stores.load(store))).containsExactly("contoso||accepted-domains|contoso.com");
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aPasswordIsReadAnewForEachConnection(DatabaseContainer database) throws Exception {
        Path file = Files.writeString(folder.resolve("changing"), "wrong horse");
        try (Store store = Stores.of(database, file).open()) {
            assertFails(store, "refuses the login; check user, password-file");
            Files.writeString(file, DatabaseContainer.PASSWORD);
            assertWorks(store);
            assertThat(store.version()).isPresent();
            database.setPassword("new horse");
            try {
                assertThat(store.version()).isPresent(); // on the connection that is there
                database.restart();
                assertFails(store, ": ");
                assertFails(store, "refuses the login");
                Files.writeString(file, "new horse\n");
                assertWorks(store);
            } finally {
                database.setPassword(DatabaseContainer.PASSWORD);
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void tlsVerifiesTheServersNameAndCa(DatabaseContainer database) throws Exception {
        Path ca = database.trustedCa(folder);
        Path other = Files.writeString(folder.resolve("other-ca.pem"), new TestCertificates().trustedCaPem());
        String parameters = SqlKind.of(database) == SqlKind.POSTGRESQL
                ? "?sslmode=verify-full&sslrootcert="
                : "?sslMode=verify-full&serverSslCert=";
        Stores stores = Stores.of(database, password);
        try (Store store =
                stores.at(database.url("localhost") + parameters + ca).open()) {
            assertWorks(store);
        }
        try (Store store =
                stores.at(database.url("127.0.0.1") + parameters + ca).open()) {
            assertFails(store, "certificate has another name");
        }
        try (Store store =
                stores.at(database.url("localhost") + parameters + other).open()) {
            assertFails(store, "TLS failed", "not trusted");
        }
        // The platform's CAs are the default.
        try (Store store = stores.at(database.url("localhost") + parameters.substring(0, parameters.indexOf('&')))
                .open()) {
            assertFails(store, ": ");
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aLockedTableEndsWithTheStatementTimeout(DatabaseContainer database) throws Exception {
        try (Store store = Stores.of(database, password).impatient().open();
                Connection owner = database.administrator(DatabaseContainer.DATABASE);
                Statement statement = owner.createStatement()) {
            assertWorks(store);
            owner.setAutoCommit(false);
            statement.execute(
                    SqlKind.of(database) == SqlKind.POSTGRESQL
                            ? "LOCK TABLE orgmilter_setting"
                            : "LOCK TABLES orgmilter_setting WRITE");
            assertFails(store, "query settings", "no answer within 3000 ms", "look for locks");
            assertThat(store.version()).as("of another table").isPresent();
            statement.execute(SqlKind.of(database) == SqlKind.POSTGRESQL ? "ROLLBACK" : "UNLOCK TABLES");
            assertWorks(store);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aViewThatBlocksEndsWithTheStatementTimeout(DatabaseContainer database) throws Exception {
        String block = SqlKind.of(database) == SqlKind.POSTGRESQL ? "pg_sleep(600)::text" : "SLEEP(600)";
        Stores stores = Stores.of(database, password).impatient().selecting("SELECT 'a', '', 'b', " + block);
        try (Store store = stores.open()) {
            assertFails(store, "query settings", "no answer");
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aReaderMayBeSlowerThanAnAnswer(DatabaseContainer database) throws Exception {
        String rows = SqlKind.of(database) == SqlKind.POSTGRESQL
                ? "SELECT 'a', '', 'b', repeat('c', 500) FROM generate_series(1, 20000)"
                : "SELECT 'a', '', 'b', REPEAT('c', 500) FROM information_schema.columns a, information_schema.columns b LIMIT 20000";
        long end = System.nanoTime() + Stores.TIMEOUT.multipliedBy(2).toNanos();
        int[] count = {0};
        try (Store store =
                Stores.of(database, password).impatient().selecting(rows).open()) {
            store.load(row -> {
                if (count[0]++ == 10_000) {
                    while (System.nanoTime() < end) {
                        LockSupport.parkNanos(end - System.nanoTime());
                    }
                }
            });
        }
        assertThat(count[0]).isEqualTo(20_000);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aServerThatNoLongerAnswersIsGivenUpAndFoundAgain(DatabaseContainer database) throws Exception {
        try (Store store = Stores.of(database, password).impatient().open()) {
            assertWorks(store);
            database.pause();
            try {
                assertFails(store, "in time");
                assertFails(store, ": "); // nor does a new connection come to be
            } finally {
                database.resume();
            }
            assertWorks(store);
            database.kill();
            assertFails(store, ": ");
            assertFails(store, "does not accept connections");
            database.startAgain();
            assertWorks(store);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aNetworkThatSwallowsConnectionsIsGivenUp(DatabaseContainer database) throws Exception {
        try (BlackHole hole = new BlackHole();
                Store alone =
                        Stores.of(database, password).at(hole.url(database)).open();
                Store first =
                        Stores.of(database, password).at(hole.before(database)).open()) {
            assertFails(alone, "no answer from the server in time");
            assertWorks(first);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void theFirstServerThatAnswersIsTaken(DatabaseContainer database) throws Exception {
        int nobody = FreePort.next();
        String url = database.url().replace("//", "//127.0.0.1:" + nobody + ",");
        try (Store store = Stores.of(database, password).at(url).open()) {
            assertWorks(store);
        }
        String nowhere = database.url().replace("127.0.0.1", "no-such-host.invalid");
        try (Store store = new Stores(
                        nowhere
                                + (SqlKind.of(database) == SqlKind.POSTGRESQL
                                        ? "?sslmode=verify-full"
                                        : "?sslMode=verify-full"),
                        Optional.of(password),
                        Stores.OWN,
                        Optional.empty(),
                        Stores.TIMEOUT)
                .open()) {
            assertFails(store, "does not resolve");
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aPasswordFileThatCannotBeReadIsNamed(DatabaseContainer database) throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        for (Path file : List.of(folder.resolve("missing"), empty, folder)) {
            try (Store store = Stores.of(database, file).open()) {
                assertThatThrownBy(() -> Stores.load(store))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("password-file " + file);
            }
        }
    }

    /** A port at which connections are neither accepted nor refused: its queue is full. */
    private static final class BlackHole implements AutoCloseable {

        private final ServerSocket server = new ServerSocket(FreePort.next(), 1, InetAddress.getByName("127.0.0.1"));
        private final List<Socket> fill = new ArrayList<>();

        BlackHole() throws IOException {
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket();
                fill.add(socket);
                try {
                    socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 500);
                } catch (java.net.SocketTimeoutException e) {
                    return;
                }
            }
            throw new IllegalStateException("the queue is never full");
        }

        String url(DatabaseContainer database) {
            return database.url().replace(":" + database.port(), ":" + server.getLocalPort());
        }

        String before(DatabaseContainer database) {
            return database.url().replace("//", "//127.0.0.1:" + server.getLocalPort() + ",");
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : fill) {
                socket.close();
            }
            server.close();
        }
    }
}
