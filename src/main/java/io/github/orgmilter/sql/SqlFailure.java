package io.github.orgmilter.sql;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a driver's exception means, in words of our own: the driver's and the server's may hold a row's value, the query's
 * parameters or, of some plugins, a password.
 */
final class SqlFailure {

    private static final int MOST_CAUSES = 20;
    private static final String UNKNOWN = "";

    private SqlFailure() {}

    /** What is wrong, and how to mend it. */
    static String of(SQLException failure, Database.Timeouts timeouts) {
        return Stream.of(tooLarge(failure), network(failure), byCode(failure, timeouts), byState(failure, timeouts))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseGet(() -> "failure " + code(failure) + "; see the log of the database server");
    }

    private static String code(SQLException failure) {
        String state = failure.getSQLState();
        return (state != null && state.matches("[0-9A-Z]{5}") ? "SQLSTATE " + state : "of the driver")
                + (failure.getErrorCode() == 0 ? "" : ", error " + failure.getErrorCode());
    }

    // PostgreSQL's driver has no code for it.
    private static String tooLarge(SQLException failure) {
        return failure.getMessage() != null && failure.getMessage().contains("maxResultBuffer")
                ? "the rows have more than 64 MB at once; limit the length of values in the query, as in left(value, 1000)"
                : UNKNOWN;
    }

    private static String network(SQLException failure) {
        @Nullable Throwable cause = failure;
        String text = UNKNOWN;
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            String found = network(cause);
            // The innermost is the most precise, but a certificate's trouble is a handshake's, and no other's.
            text = found.isEmpty() ? text : found;
            if (cause instanceof CertificateException) {
                break;
            }
            cause = cause.getCause();
        }
        return text;
    }

    private static String network(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return "the server's name does not resolve; check the URL and DNS";
        }
        if (cause instanceof SocketTimeoutException) {
            return "no answer from the server in time; check the network and the server";
        }
        if (cause instanceof NoRouteToHostException) {
            return "no route to the server; check the network and its firewalls";
        }
        if (cause instanceof ConnectException) {
            return "the server does not accept connections; check that it runs, its address and its port";
        }
        if (cause instanceof CertificateException || cause instanceof SSLException) {
            return "TLS failed: the server offers none, or its certificate is not trusted; check the certificate and the CA that"
                    + " the URL names";
        }
        if (cause instanceof IOException) {
            return "the connection was lost; check that the server runs, and its log";
        }
        return UNKNOWN;
    }

    // MySQL and MariaDB: their states are coarse.
    private static String byCode(SQLException failure, Database.Timeouts timeouts) {
        return switch (failure.getErrorCode()) {
            case 1044, 1142, 1143, 1227, 1370 -> FORBIDDEN;
            case 1045, 1698, 1862 -> REFUSED;
            case 1040, 1203, 1226 -> TOO_MANY;
            case 1049 -> NO_DATABASE;
            case 1054 -> NO_COLUMN;
            case 1064 -> SYNTAX;
            case 1146, 1356 -> NO_TABLE;
            case 1205, 1317, 1969, 3024 -> tooSlow(timeouts);
            case 1053, 1077, 1079, 1927 -> ENDING;
            case 1129, 1130 -> "the server refuses this host; create the user for it, or FLUSH HOSTS";
            default -> UNKNOWN;
        };
    }

    private static String byState(SQLException failure, Database.Timeouts timeouts) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return switch (state) {
            case "3D000" -> NO_DATABASE;
            case "42P01", "42S02" -> NO_TABLE;
            case "42703", "42S22" -> NO_COLUMN;
            case "42501" -> FORBIDDEN;
            case "42601" -> SYNTAX;
            case "53300" -> TOO_MANY;
            case "53100" -> "the server's disk is full; make room there";
            case "55P03", "57014", "70100" -> tooSlow(timeouts);
            case "57P01", "57P02" -> ENDING;
            case "57P03" -> "the server is starting; it is tried again";
            case "40001" -> "the standby gave up the query for replication; raise max_standby_streaming_delay there";
            case "25006" -> "the query writes, and may only read; correct it";
            case "22003", "22P02", "42883" -> "a value or parameter has an unsuitable type; cast it in the query";
            default -> byClass(state);
        };
    }

    private static String byClass(String state) {
        // Both drivers throw this, and no cause, for a certificate of another host.
        if (state.equals("08006")) {
            return "the server's certificate has another name than the URL, or the connection was lost; name the server as its"
                    + " certificate does, and see its log";
        }
        if (state.startsWith("08")) {
            return "no connection came to be in time; check that the server runs, the network, and for targetServerType that there is"
                    + " such a server";
        }
        return state.startsWith("28") ? REFUSED : UNKNOWN;
    }

    private static String tooSlow(Database.Timeouts timeouts) {
        return "no answer within " + timeouts.answer().toMillis()
                + " ms, and the query was given up; look for locks, or for a view that needs an index";
    }

    private static final String REFUSED =
            "the server refuses the login; check user, password-file and, of PostgreSQL, pg_hba.conf";
    private static final String FORBIDDEN =
            "the user may not read a table of the query, or there is none of that name; grant SELECT on it";
    private static final String NO_DATABASE = "the database does not exist; check the URL";
    private static final String NO_TABLE = "a table or view of the query does not exist; see orgmilter schema";
    private static final String NO_COLUMN = "a column of the query does not exist; correct the query";
    private static final String SYNTAX = "the query is not SQL that the server understands; correct it";
    private static final String TOO_MANY = "the server has too many connections; raise its limit or the user's";
    private static final String ENDING = "the server ended the connection; it is tried again";
}
