package io.github.orgmilter.it.directory;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Changes the tables of {@code orgmilter schema}, by a role that may do no more than the comments in it say. */
final class SqlPanel implements Panel {

    private static final String USER = "panel";
    private static final String PASSWORD = "battery staple";

    private final Connection connection;

    private SqlPanel(String url) throws SQLException {
        connection = DriverManager.getConnection(url, USER, PASSWORD);
        connection.setAutoCommit(false);
    }

    static SqlPanel of(DatabaseContainer database) throws IOException, SQLException {
        database.addWriter(USER, PASSWORD);
        return new SqlPanel(database.url());
    }

    @Override
    public long change(List<Row> gone, List<Row> come) throws SQLException {
        try {
            execute(
                    "DELETE FROM orgmilter_setting WHERE organization = ? AND connector = ? AND setting = ? AND value = ?",
                    gone);
            execute(
                    "INSERT INTO orgmilter_setting (organization, connector, setting, value) VALUES (?, ?, ?, ?)",
                    come);
            long committing = System.nanoTime();
            connection.commit();
            return committing;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }

    private void execute(String statement, List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            for (Row row : rows) {
                prepared.setString(1, row.organization());
                prepared.setString(2, row.connector());
                prepared.setString(3, row.setting());
                prepared.setString(4, row.value());
                prepared.addBatch();
            }
            prepared.executeBatch();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
