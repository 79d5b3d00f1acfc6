package io.github.orgmilter.it.directory;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.rows.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The databases of this run, with our own tables, which a panel may write. */
abstract class SqlScene {

    static final String INSERT = "INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES ";
    static final String CONTOSO = """
            ('contoso', '', 'accepted-domains', 'contoso.com'),
            ('contoso', 'headquarters', 'certificate-names', 'mail.contoso.com')
            """;

    @TempDir
    static Path folder;

    static Path password;
    private static List<DatabaseContainer> databases = List.of();

    @BeforeAll
    static void startDatabases() throws IOException {
        MtaContainer.removeLeftovers();
        databases = SqlKind.start();
        for (DatabaseContainer database : databases) {
            database.sql(
                    SqlKind.of(database) == SqlKind.POSTGRESQL
                            ? "CREATE ROLE panel LOGIN PASSWORD 'panel';"
                                    + "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON public.orgmilter_setting TO panel;"
                            : "CREATE USER panel@'%' IDENTIFIED BY 'panel';"
                                    + "GRANT SELECT, INSERT, UPDATE, DELETE, DROP ON orgmilter_setting TO panel@'%';");
        }
        password = Files.writeString(folder.resolve("password"), DatabaseContainer.PASSWORD + "\n");
    }

    @AfterAll
    static void stopDatabases() {
        databases.forEach(DatabaseContainer::stop);
    }

    static List<DatabaseContainer> databases() {
        return databases;
    }

    /** As a panel does, which may write settings and nothing else. */
    static Connection panel(DatabaseContainer database) throws SQLException {
        return DriverManager.getConnection(database.url(), "panel", "panel");
    }

    static void write(DatabaseContainer database, String... statements) throws SQLException {
        try (Connection panel = panel(database);
                Statement statement = panel.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    static long version(Store store) throws StoreException {
        return store.version().orElseThrow();
    }

    static Map<String, List<Setting>> changes(Store store, long since) throws StoreException {
        return store.changesSince(since).orElseThrow().organizations();
    }
}
