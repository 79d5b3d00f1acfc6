package io.github.orgmilter.sql;

import io.github.orgmilter.directory.StoreException;
import java.sql.Connection;
import java.sql.SQLException;

/** Makes a connection, with the password of that moment. */
interface Connector {
    Connection connect() throws SQLException, StoreException;
}
