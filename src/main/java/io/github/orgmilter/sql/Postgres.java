package io.github.orgmilter.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** PostgreSQL. What is set is set for one transaction, so that a pooler between may share connections. */
final class Postgres implements Database {

    /** Whatever a row holds, no more than this is in memory at once. */
    private static final String MOST_AT_ONCE = "64M";

    // It logs what it throws, with values. The field keeps the level: loggers are weakly held.
    private static final Logger DRIVER_LOG = Logger.getLogger("org.postgresql");

    static {
        DRIVER_LOG.setLevel(Level.OFF);
    }

    @Override
    public Connection connect(SqlUrl url, String user, Optional<String> password, Timeouts timeouts)
            throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, user);
        password.ifPresent(it -> PGProperty.PASSWORD.set(properties, it));
        int connect = Timeouts.seconds(timeouts.connect());
        PGProperty.CONNECT_TIMEOUT.set(properties, connect);
        PGProperty.SSL_RESPONSE_TIMEOUT.set(properties, Timeouts.millis(timeouts.connect()));
        // Of all servers together: each may be one that does not answer, and the last then has its time for TLS and the
        // login.
        PGProperty.LOGIN_TIMEOUT.set(properties, connect * (url.hosts().size() + 1));
        PGProperty.SOCKET_TIMEOUT.set(properties, Timeouts.seconds(Duration.ofMillis(timeouts.silence())));
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, connect);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.APPLICATION_NAME.set(properties, "orgmilter");
        PGProperty.MAX_RESULT_BUFFER.set(properties, MOST_AT_ONCE);
        // The server chooses a parameter's type: an organization may be a citext or a number in a panel's table.
        PGProperty.STRING_TYPE.set(properties, "unspecified");
        PGProperty.PREPARE_THRESHOLD.set(properties, 0); // poolers
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        Connection connection = new Driver().connect(text(url), properties);
        if (connection == null) {
            throw new SQLException("no connection", "08001");
        }
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public void begin(Connection connection, Timeouts timeouts, boolean load) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Each fetch of a load has the statement's time anew.
            statement.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = "
                            + Timeouts.millis(timeouts.answer()));
        }
    }

    @Override
    public void end(Connection connection) throws SQLException {
        connection.commit();
    }

    @Override
    public int rowsAtOnce() {
        return 1000;
    }

    private static String text(SqlUrl url) {
        StringBuilder text = new StringBuilder("jdbc:postgresql://")
                .append(url.servers())
                .append('/')
                .append(url.database());
        String separator = "?";
        for (var parameter : url.parameters().entrySet()) {
            text.append(separator).append(parameter.getKey()).append('=').append(parameter.getValue());
            separator = "&";
        }
        return text.toString();
    }
}
