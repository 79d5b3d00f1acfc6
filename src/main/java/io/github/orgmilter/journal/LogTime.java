package io.github.orgmilter.journal;

import java.time.DateTimeException;
import java.time.LocalDate;

/** Times of log lines, as milliseconds since 1970; parsed by hand, since a parser of patterns takes as long as all the rest. */
final class LogTime {

    /** A time that a line does not tell: it has none, or one without a year or a zone. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int SECONDS_END = "2026-11-28T12:00:00".length();
    private static final long MICROSECONDS_FROM = 100_000_000_000_000L; // as milliseconds, the year 5138

    private LogTime() {}

    /** Reads {@code 2026-11-28T12:00:00.123+01:00} (RFC 3339, also with {@code +0100}), or a number of milliseconds or microseconds. */
    static long parse(String text) {
        try {
            return text.indexOf('T') == 10 ? ofDate(text) : ofNumber(Long.parseLong(text));
        } catch (NumberFormatException | IndexOutOfBoundsException | DateTimeException e) {
            return UNKNOWN;
        }
    }

    private static long ofNumber(long number) {
        return number >= MICROSECONDS_FROM ? number / 1000 : number;
    }

    private static long ofDate(String text) {
        long seconds = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                        .toEpochDay()
                * 86_400;
        seconds += number(text, 11, 13) * 3600L + number(text, 14, 16) * 60L + number(text, 17, SECONDS_END);
        int at = SECONDS_END;
        int milliseconds = 0;
        if (text.charAt(at) == '.' || text.charAt(at) == ',') {
            int start = ++at;
            while (Character.isDigit(text.charAt(at))) {
                at++;
            }
            milliseconds = number((text.substring(start, at) + "00").substring(0, 3), 0, 3);
        }
        return (seconds - offset(text.substring(at))) * 1000 + milliseconds;
    }

    private static int offset(String zone) {
        if (zone.equals("Z")) {
            return 0;
        }
        int minutes = number(zone, 1, 3) * 60 + number(zone, zone.length() - 2, zone.length());
        return (zone.charAt(0) == '-' ? -60 : 60) * minutes;
    }

    private static int number(String text, int start, int end) {
        return Integer.parseInt(text, start, end, 10);
    }
}
