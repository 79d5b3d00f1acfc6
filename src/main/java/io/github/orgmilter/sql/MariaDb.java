package io.github.orgmilter.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import org.mariadb.jdbc.Driver;

/** MariaDB and MySQL. Both keep what a session sets. */
final class MariaDb implements Database {

    @Override
    public Connection connect(SqlUrl url, String user, Optional<String> password, Timeouts timeouts)
            throws SQLException {
        SQLException failure = new SQLException("no server", "08001");
        // The driver's own ways to choose among servers try for two minutes.
        for (SqlUrl.Host host : url.hosts()) {
            try {
                return connect(url, host, user, password, timeouts);
            } catch (SQLException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private static Connection connect(
            SqlUrl url, SqlUrl.Host host, String user, Optional<String> password, Timeouts timeouts)
            throws SQLException {
        Properties properties = new Properties();
        properties.putAll(url.parameters());
        properties.setProperty("user", user);
        password.ifPresent(it -> properties.setProperty("password", it));
        properties.setProperty("connectTimeout", String.valueOf(Timeouts.millis(timeouts.connect())));
        properties.setProperty("socketTimeout", String.valueOf(Timeouts.millis(timeouts.connect()))); // of the login
        properties.setProperty("allowLocalInfile", "false"); // a server could ask for files
        properties.setProperty("dumpQueriesOnException", "false");
        properties.setProperty("connectionAttributes", "program_name:orgmilter");
        Connection connection =
                new Driver().connect("jdbc:mariadb://" + host.inUrl() + "/" + url.database(), properties);
        if (connection == null) {
            throw new SQLException("no connection", "08001");
        }
        try {
            connection.setNetworkTimeout(Runnable::run, timeouts.silence());
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                // Times are compared, and read without a zone.
                statement.execute("SET SESSION time_zone = '+00:00', SESSION lock_wait_timeout = "
                        + Timeouts.seconds(timeouts.answer()));
            }
            return connection;
        } catch (SQLException e) {
            connection.abort(Runnable::run);
            throw e;
        }
    }

    @Override
    public void begin(Connection connection, Timeouts timeouts, boolean load) throws SQLException {
        // The time of a statement includes that of sending its rows. MySQL's variable has another name and unit.
        long millis = Timeouts.millis(load ? timeouts.load() : timeouts.answer());
        boolean mysql = connection.getMetaData().getDatabaseProductName().equals("MySQL");
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    mysql
                            ? "SET SESSION max_execution_time = " + millis
                            : "SET SESSION max_statement_time = " + millis / 1000.0);
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        }
    }

    @Override
    public void end(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("COMMIT");
        }
    }

    /** Few: it streams anyway, and a row can have 16 MB. */
    @Override
    public int rowsAtOnce() {
        return 16;
    }
}
