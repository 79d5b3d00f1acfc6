package io.github.orgmilter.report;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.document.Text;
import io.github.orgmilter.report.Rows.Row;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints a report as text, CSV or JSON. What strangers wrote acts on no terminal, and on no spreadsheet. */
public final class ReportPrinter {

    private static final ConfigRenderOptions JSON = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(true);

    private final PrintWriter out;
    private final Report report;
    private final List<String> remarks;
    private final int most;

    /**
     * After the last line.
     *
     * @param remarks about the logs
     * @param most how many names a list has
     */
    public ReportPrinter(PrintWriter out, Report report, List<String> remarks, int most) {
        this.out = out;
        this.report = report;
        this.remarks =
                Stream.concat(remarks.stream(), report.remarks().stream()).toList();
        this.most = most;
    }

    public void text() {
        print("recipients: " + report.recipients() + period());
        for (Section section : report.sections()) {
            out.println();
            print(Rows.title(section) + lastSeen(section));
            for (Row row : Rows.of(section, most)) {
                boolean name = !row.last().isEmpty() && !row.what().equals("messages");
                print(String.format(
                                "%10d  %s",
                                row.count(),
                                Rows.title(row, section.organization().isEmpty()))
                        + (name ? (row.what().equals(Rows.EXPIRES) ? ", on " : ", last ") + row.last() : ""));
            }
            int further = Rows.furtherNames(section, most);
            if (further > 0) {
                print("            further names: " + further + "; --top shows more");
            }
        }
        out.println();
        remarks.forEach(this::print);
        out.flush();
    }

    private String period() {
        String first = Rows.time(report.first());
        return first.isEmpty() ? "" : ", from " + first + " to " + Rows.time(report.last());
    }

    private static String lastSeen(Section section) {
        String last = Rows.time(section.last());
        return last.isEmpty() ? "" : ", last seen " + last;
    }

    private void print(String line) {
        out.println(Text.visible(line));
    }

    /** One row a number: organization, connector, what, which, count, last seen (RFC 4180). */
    public void csv() {
        csv(List.of("organization", "connector", "what", "which", "count", "last-seen"));
        for (Section section : report.sections()) {
            for (Row row : Rows.of(section, most)) {
                csv(List.of(
                        section.organization(),
                        section.connector(),
                        row.what(),
                        row.which(),
                        Long.toString(row.count()),
                        row.last()));
            }
        }
        out.flush();
    }

    private void csv(List<String> values) {
        out.print(values.stream().map(ReportPrinter::quoted).collect(Collectors.joining(",")) + "\r\n");
    }

    private static String quoted(String value) {
        // Spreadsheets take a text that begins so for a formula.
        boolean formula = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0;
        return "\"" + (formula ? "'" : "") + Text.visible(value).replace("\"", "\"\"") + "\"";
    }

    /** Each section is put together as it is printed: there may be very many. */
    public void json() {
        out.println("{");
        report.only().ifPresent(name -> out.println(member("organization", name) + ","));
        out.println(member("recipients", report.recipients()) + ",");
        out.println(member("from", Rows.time(report.first())) + ",");
        out.println(member("to", Rows.time(report.last())) + ",");
        out.println(member("remarks", remarks) + ",");
        out.print("    \"sections\" : [");
        String between = "\n";
        for (Section section : report.sections()) {
            out.print(between + "        " + rendered(json(section), "        "));
            between = ",\n";
        }
        out.println("\n    ]\n}");
        out.flush();
    }

    private static String member(String name, Object value) {
        return "    \"" + name + "\" : " + rendered(value, "    ");
    }

    private static String rendered(Object value, String indent) {
        String text = ConfigValueFactory.fromAnyRef(value).render(JSON);
        return text.strip().replace("\n", "\n" + indent);
    }

    private Map<String, Object> json(Section section) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("organization", section.organization());
        entry.put("connector", section.connector());
        entry.put("last-seen", Rows.time(section.last()));
        entry.put("messages", section.messages());
        entry.put("accepted", section.accepted());
        entry.put("audited", section.audited());
        entry.put("refused", section.refused());
        entry.put("deferred", section.deferred());
        entry.put("senders", json(section.senders()));
        entry.put("certificates", json(section.certificates()));
        entry.put(
                "expires",
                section.expiries().stream()
                        .map(expiry -> Map.of(
                                "certificate",
                                expiry.certificate(),
                                "not-after",
                                expiry.notAfter().toString(),
                                "days",
                                expiry.days()))
                        .toList());
        entry.put("further-names", Rows.furtherNames(section, most));
        return entry;
    }

    private List<Object> json(Tally tally) {
        List<Object> names = new ArrayList<>();
        tally.sorted(most)
                .forEach(entry -> names.add(
                        Map.of("name", entry.name(), "count", entry.count(), "last-seen", Rows.time(entry.last()))));
        return names;
    }

    /** One page that needs nothing else, and runs nothing. */
    public void html() {
        new ReportPage(out, report, remarks, most).print();
    }
}
