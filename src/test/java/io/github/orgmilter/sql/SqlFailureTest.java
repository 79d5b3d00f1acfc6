package io.github.orgmilter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A driver's exception")
final class SqlFailureTest {

    private static final String SECRET = "hunter2";
    private static final Database.Timeouts TIMEOUTS =
            new Database.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(10));

    private static String text(String state, int code, Throwable cause) {
        return SqlFailure.of(new SQLException(SECRET, state, code, cause), TIMEOUTS);
    }

    // spotless:off
    @ParameterizedTest(name = "of SQLSTATE {0}, error {1}: {2}")
    @CsvSource(delimiter = '|', value = {
        "28P01 | 0    | refuses the login",
        "28000 | 1045 | refuses the login",
        "3D000 | 0    | database does not exist",
        "42000 | 1049 | database does not exist",
        "42P01 | 0    | table or view of the query does not exist",
        "42S02 | 1146 | table or view of the query does not exist",
        "42000 | 1142 | may not read",
        "42501 | 0    | may not read",
        "42000 | 1064 | not SQL that the server understands",
        "57014 | 0    | no answer within 30000 ms",
        "70100 | 1969 | no answer within 30000 ms",
        "HY000 | 1205 | no answer within 30000 ms",
        "53300 | 0    | too many connections",
        "08004 | 1040 | too many connections",
        "53100 | 0    | disk is full",
        "57P01 | 0    | ended the connection",
        "57P03 | 0    | is starting",
        "40001 | 0    | max_standby_streaming_delay",
        "25006 | 0    | may only read",
        "08006 | 0    | another name",
        "08001 | 0    | no connection came to be in time",
        "XX000 | 0    | failure SQLSTATE XX000; see the log of the database server",
        "HY000 | 1030 | failure SQLSTATE HY000, error 1030;",
        "''    | 0    | failure of the driver;",
    })
    // spotless:on
    void isSaidInOurWords(String state, int code, String expected) {
        assertThat(text(state, code, null)).contains(expected).contains(";").doesNotContain(SECRET);
    }

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(new UnknownHostException(SECRET), "does not resolve"),
                Arguments.of(new SocketTimeoutException(SECRET), "no answer from the server in time"),
                Arguments.of(new ConnectException(SECRET), "does not accept connections"),
                Arguments.of(new EOFException(SECRET), "connection was lost"),
                Arguments.of(
                        new SSLHandshakeException(SECRET).initCause(new CertificateException(SECRET)), "not trusted"),
                Arguments.of(new IllegalStateException(new SocketTimeoutException(SECRET)), "in time"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("causes")
    void isExplainedByItsCause(Throwable cause, String expected) {
        assertThat(text("08006", 0, cause)).contains(expected).doesNotContain(SECRET);
    }
}
