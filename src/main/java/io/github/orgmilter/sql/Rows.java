package io.github.orgmilter.sql;

import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.rows.Setting;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * The rows of a result as settings: organization, connector, setting, value and, if there is a fifth column, since.
 *
 * <p>A row that cannot be a setting is the fault of one organization, and the others must not wait for its repair. So NULL becomes
 * text with U+FFFD, which no setting may have, and says what was there; of too long a text the beginning is taken, which is too
 * long as well. Only a NULL connector is none.
 */
final class Rows {

    /** In characters; longer than any setting may be. */
    static final int LONGEST = 4096;

    private static final String MISSING = "\ufffdNULL";
    private static final int COLUMNS = 4;
    private static final long FAR = AcceptedDomain.UNDATED / 1_000_000; // seconds

    private enum Time {
        NONE,
        EPOCH,
        ZONED,
        LOCAL
    }

    private final ResultSet result;
    private final boolean[] logical = new boolean[COLUMNS + 1];
    private final Time time;

    /** @throws UnsuitableException if it has other columns than it should */
    Rows(ResultSet result) throws SQLException, UnsuitableException {
        this.result = result;
        ResultSetMetaData columns = result.getMetaData();
        int count = columns.getColumnCount();
        if (count != COLUMNS && count != COLUMNS + 1) {
            throw new UnsuitableException(
                    "it has " + count + " columns",
                    "select organization, connector, setting and value, and after them since if there is a time");
        }
        for (int i = 1; i <= COLUMNS; i++) {
            int type = columns.getColumnType(i);
            if (!isText(type)) {
                throw new UnsuitableException("its column " + i + " is not text", "cast it to text in the query");
            }
            logical[i] = type == Types.BIT || type == Types.BOOLEAN;
        }
        time = count == COLUMNS ? Time.NONE : time(columns);
    }

    // What the server writes as text without doubt; a view's literal NULL may have no type at all.
    private static boolean isText(int type) {
        return switch (type) {
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR, Types.LONGNVARCHAR -> true;
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.BIT, Types.BOOLEAN -> true;
            case Types.CLOB, Types.NCLOB, Types.OTHER, Types.DISTINCT, Types.NULL -> true;
            default -> false;
        };
    }

    private static Time time(ResultSetMetaData columns) throws SQLException, UnsuitableException {
        return switch (columns.getColumnType(COLUMNS + 1)) {
            case Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Time.EPOCH;
            case Types.TIMESTAMP_WITH_TIMEZONE -> Time.ZONED;
            // PostgreSQL's driver gives both kinds this type.
            case Types.TIMESTAMP ->
                columns.getColumnTypeName(COLUMNS + 1).equals("timestamptz") ? Time.ZONED : Time.LOCAL;
            case Types.NULL -> Time.NONE;
            default ->
                throw new UnsuitableException(
                        "its column 5, since, is neither a timestamp nor an integer",
                        "select a timestamp, or seconds since 1970");
        };
    }

    /** The next row; the result stands on it. */
    Setting setting() throws SQLException {
        return new Setting(text(1), orEmpty(text(2)), text(3), text(4), since());
    }

    String organization() throws SQLException {
        return text(1);
    }

    private static String orEmpty(String connector) {
        return connector.equals(MISSING) ? "" : connector;
    }

    private String text(int column) throws SQLException {
        if (logical[column]) {
            boolean value = result.getBoolean(column);
            return result.wasNull() ? MISSING : String.valueOf(value);
        }
        String text = result.getString(column);
        if (text == null) {
            return MISSING;
        }
        return text.length() > LONGEST ? text.substring(0, LONGEST + 1) : text;
    }

    private long since() throws SQLException {
        return switch (time) {
            case NONE -> AcceptedDomain.UNDATED;
            case EPOCH -> {
                long seconds = result.getLong(COLUMNS + 1);
                yield result.wasNull() ? AcceptedDomain.UNDATED : Math.max(-FAR, Math.min(FAR, seconds)) * 1_000_000;
            }
            case ZONED -> {
                OffsetDateTime since = result.getObject(COLUMNS + 1, OffsetDateTime.class);
                yield since == null ? AcceptedDomain.UNDATED : micros(since.toInstant());
            }
            case LOCAL -> {
                LocalDateTime since = result.getObject(COLUMNS + 1, LocalDateTime.class);
                yield since == null ? AcceptedDomain.UNDATED : micros(since.toInstant(ZoneOffset.UTC));
            }
        };
    }

    // PostgreSQL's infinities are years that no number of microseconds reaches.
    private static long micros(Instant instant) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
        } catch (ArithmeticException e) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : AcceptedDomain.UNDATED;
        }
    }

    /** The only value of a result. */
    static long version(ResultSet result) throws SQLException, UnsuitableException {
        String repair = "select one number, as in SELECT version FROM orgmilter_version";
        if (!result.next()) {
            throw new UnsuitableException("it has no row", repair);
        }
        try {
            BigDecimal version = result.getBigDecimal(1);
            if (version == null) {
                throw new UnsuitableException("its version is NULL", repair);
            }
            long number = version.longValueExact();
            if (number < 0) {
                throw new UnsuitableException("its version is negative", repair);
            }
            return number;
        } catch (ArithmeticException e) {
            throw new UnsuitableException("its version is not an integer within 64 bits", repair);
        }
    }
}
