package io.github.orgmilter.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** What differs between the products. */
interface Database {

    /**
     * How long things may take.
     *
     * @param connect a connection to one server, with TLS and login
     * @param answer an answer, or the next rows of one
     * @param load all rows of a whole load
     */
    record Timeouts(Duration connect, Duration answer, Duration load) {

        // The server's own timeout comes first, so that the failure is a clear one; this one is for a network that lost
        // the answer.
        private static final Duration MARGIN = Duration.ofSeconds(2);

        /** How long nothing may come from the server, in milliseconds. */
        int silence() {
            return millis(answer.plus(MARGIN));
        }

        static int millis(Duration duration) {
            return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
        }

        static int seconds(Duration duration) {
            return (int) Math.max(1, Math.min(Integer.MAX_VALUE / 1000, (duration.toMillis() + 999) / 1000));
        }
    }

    /** Connects to the first server that will do. */
    Connection connect(SqlUrl url, String user, Optional<String> password, Timeouts timeouts) throws SQLException;

    /** Begins a transaction that reads one state. */
    void begin(Connection connection, Timeouts timeouts, boolean load) throws SQLException;

    /** Ends it. */
    void end(Connection connection) throws SQLException;

    /** For a fetch size: how many rows are in memory at once. */
    int rowsAtOnce();

    static Database of(SqlUrl.Product product) {
        return switch (product) {
            case POSTGRESQL -> new Postgres();
            case MARIADB -> new MariaDb();
        };
    }
}
