package io.github.orgmilter.ldap.connection;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The state of an OpenLDAP directory: its {@code contextCSN}, which for each server that writes has its newest change that has
 * arrived (draft-ietf-ldup-model).
 *
 * @param changes by the number of the server
 */
public record ContextCsn(SortedMap<String, String> changes) {

    // Time, count of changes within it, number of the server, count of modifications.
    private static final Pattern CSN =
            Pattern.compile("(\\d{14})(?:\\.(\\d{6}))?Z#([0-9a-f]{6})#([0-9a-f]{2,3})#[0-9a-f]{6}");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");
    private static final long MICROSECONDS = 1_000_000;

    public ContextCsn {
        changes = new TreeMap<>(changes);
    }

    /** Reads the values of the attribute; empty if there are none, or one is in another form. */
    public static Optional<ContextCsn> parse(String... values) {
        SortedMap<String, String> changes = new TreeMap<>();
        for (String value : values) {
            Matcher csn = CSN.matcher(value);
            if (!csn.matches() || microseconds(csn) < 0) {
                return Optional.empty();
            }
            changes.put(csn.group(4), value);
        }
        return changes.isEmpty() ? Optional.empty() : Optional.of(new ContextCsn(changes));
    }

    /**
     * A number that grows with each change, whichever server it was made on: the sum, over the servers, of the microseconds since
     * 1970 of the newest change. It is the same on all servers that have the same changes.
     */
    public long version() {
        return changes.values().stream().mapToLong(ContextCsn::number).sum();
    }

    /** Whether a change that the other state has is not in this one, whatever else is. */
    public boolean lacksSomethingOf(ContextCsn other) {
        return other.changes.entrySet().stream()
                .anyMatch(change -> changes.getOrDefault(change.getKey(), "").compareTo(change.getValue()) < 0);
    }

    /** As the cookie of a content synchronisation that begins with this state. */
    public String cookie() {
        return "rid=000,csn=" + String.join(";", changes.values());
    }

    // Two changes within a microsecond differ in the count.
    private static long number(String value) {
        Matcher csn = CSN.matcher(value);
        return csn.matches() ? microseconds(csn) + Integer.parseInt(csn.group(3), 16) : 0;
    }

    private static long microseconds(Matcher csn) {
        try {
            long seconds = LocalDateTime.parse(csn.group(1), TIME).toEpochSecond(ZoneOffset.UTC);
            return seconds * MICROSECONDS + (csn.group(2) == null ? 0 : Integer.parseInt(csn.group(2)));
        } catch (DateTimeException e) {
            return -1;
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(changes.values().toArray());
    }
}
