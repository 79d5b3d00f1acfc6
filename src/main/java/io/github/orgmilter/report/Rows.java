package io.github.orgmilter.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A report as rows, which every format prints in its own way. */
final class Rows {

    private Rows() {}

    /**
     * One number.
     *
     * @param what {@code messages}, {@code accepted}, {@code audited}, {@code refused}, {@code deferred}, {@code sender}, {@code
     *     certificate} or {@link #EXPIRES}
     * @param which the cause or the name
     * @param last when it was last seen, or expires; or empty
     */
    record Row(String what, String which, long count, String last) {}

    /** In days. */
    static final String EXPIRES = "expires";

    /** Those of a section. */
    static List<Row> of(Section section, int most) {
        List<Row> rows = new ArrayList<>();
        if (section.messages() > 0) {
            rows.add(new Row("messages", "", section.messages(), time(section.last())));
        }
        causes(rows, "accepted", section.accepted());
        causes(rows, "audited", section.audited());
        causes(rows, "refused", section.refused());
        causes(rows, "deferred", section.deferred());
        names(rows, "sender", section.senders(), most);
        names(rows, "certificate", section.certificates(), most);
        section.expiries()
                .forEach(expiry -> rows.add(new Row(
                        EXPIRES,
                        expiry.certificate(),
                        expiry.days(),
                        expiry.notAfter().toString())));
        return rows;
    }

    private static void causes(List<Row> rows, String what, Map<String, Long> counts) {
        counts.forEach((cause, count) -> rows.add(new Row(what, cause, count, "")));
    }

    private static void names(List<Row> rows, String what, Tally tally, int most) {
        tally.sorted(most).forEach(entry -> rows.add(new Row(what, entry.name(), entry.count(), time(entry.last()))));
    }

    /** How many names are left out. */
    static int furtherNames(Section section, int most) {
        return Math.max(0, section.senders().size() - most)
                + Math.max(0, section.certificates().size() - most);
    }

    /** A time for people; empty if it is not known. */
    static String time(long milliseconds) {
        return milliseconds == Long.MIN_VALUE || milliseconds == Long.MAX_VALUE
                ? ""
                : Instant.ofEpochMilli(milliseconds)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
    }

    /** What a row is about, for people. */
    static String title(Row row, boolean unknownClients) {
        return switch (row.what()) {
            case "messages" -> "messages";
            case "accepted" -> "recipients accepted: " + row.which();
            case "audited" -> "recipients that only audit let pass: " + row.which();
            case "refused" -> "recipients refused: " + row.which();
            case "deferred" -> "recipients deferred: " + row.which();
            case "sender" ->
                (unknownClients ? "sender domain of unknown clients: " : "sender domain that is not accepted: ")
                        + row.which();
            case EXPIRES -> "days until the certificate of certificate-files expires: " + row.which();
            default -> "certificate that no connector has: " + row.which();
        };
    }

    /** A section's name, for people. */
    static String title(Section section) {
        if (section.organization().isEmpty()) {
            return "no organization";
        }
        return section.connector().isEmpty()
                ? section.organization() + ", clients that no connector identified"
                : section.organization() + "/" + section.connector();
    }
}
