package io.github.orgmilter.sql;

import io.github.orgmilter.directory.StoreException;
import java.io.Closeable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The connection of a store: it is made when it is needed, kept, and dropped after any failure. */
final class Session implements Closeable {

    /** Work in a transaction. */
    interface Work<T> {
        T in(Connection connection) throws SQLException, StoreException;
    }

    /** Sets the parameters of a query. */
    interface Parameters {
        void set(PreparedStatement statement) throws SQLException;
    }

    /** Reads a result. */
    interface Reader<T> {
        T read(ResultSet result) throws SQLException, UnsuitableException;
    }

    private final SqlUrl url;
    private final Database database;
    private final Database.Timeouts timeouts;
    private final Connector connector;

    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    Session(SqlUrl url, Database database, Database.Timeouts timeouts, Connector connector) {
        this.url = url;
        this.database = database;
        this.timeouts = timeouts;
        this.connector = connector;
    }

    /** One transaction, which reads one state. */
    <T> T transaction(boolean load, Work<T> work) throws StoreException {
        boolean done = false;
        try {
            Connection connected = connected();
            database.begin(connected, timeouts, load);
            T result = work.in(connected);
            database.end(connected);
            done = true;
            return result;
        } catch (SQLException e) {
            throw new StoreException(place() + ": " + SqlFailure.of(e, timeouts));
        } finally {
            if (!done) {
                drop();
            }
        }
    }

    /** A query in a transaction; its name is that in the configuration. */
    <T> T query(Connection connected, String name, String sql, Parameters parameters, Reader<T> reader)
            throws StoreException {
        try (PreparedStatement statement =
                connected.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(database.rowsAtOnce());
            parameters.set(statement);
            try (ResultSet result = statement.executeQuery()) {
                return read(reader, result);
            }
        } catch (SQLException e) {
            throw new StoreException(place() + ", query " + name + ": " + SqlFailure.of(e, timeouts));
        } catch (UnsuitableException e) {
            throw new StoreException(place() + ", query " + name + ": " + e.getMessage());
        }
    }

    private <T> T read(Reader<T> reader, ResultSet result) throws SQLException, UnsuitableException {
        try {
            return reader.read(result);
        } catch (UnsuitableException | RuntimeException e) {
            drop(); // or MariaDB's driver would first read all the rest
            throw e;
        }
    }

    private Connection connected() throws SQLException, StoreException {
        Connection present = connection;
        if (present == null) {
            present = connector.connect();
            connection = present;
        }
        if (closed) {
            throw new StoreException(place() + ": the store is closed; open it anew");
        }
        return present;
    }

    private String place() {
        return "directory " + url.servers() + "/" + url.database();
    }

    private void drop() {
        Connection dropped = connection;
        connection = null;
        Connections.abort(dropped);
    }

    /** Ends the connection, if there is one; the next transaction makes another. */
    void disconnect() {
        Connection ended = connection;
        connection = null;
        if (ended != null) {
            try {
                ended.close();
            } catch (SQLException e) {
                Connections.abort(ended);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        drop();
    }
}
