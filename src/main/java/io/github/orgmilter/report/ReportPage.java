package io.github.orgmilter.report;

import io.github.orgmilter.document.Text;
import io.github.orgmilter.report.Rows.Row;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** A report as one HTML page: nothing in it is loaded from elsewhere, and nothing runs. All text is escaped. */
final class ReportPage {

    private static final String STYLE = """
            body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1b1b; background: #fff }
            h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem; overflow-wrap: anywhere }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc; overflow-wrap: anywhere; vertical-align: top }
            td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
            footer { margin-top: 2rem; color: #555 }
            """;

    private final PrintWriter out;
    private final Report report;
    private final List<String> remarks;
    private final int most;

    ReportPage(PrintWriter out, Report report, List<String> remarks, int most) {
        this.out = out;
        this.report = report;
        this.remarks = remarks;
        this.most = most;
    }

    void print() {
        String title = "Mail of " + report.only().orElse("all organizations");
        out.println("<!DOCTYPE html>");
        out.println("<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.println("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
                + hash(STYLE) + "'; base-uri 'none'; form-action 'none'\">");
        out.println("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        out.println("<meta name=\"referrer\" content=\"no-referrer\">");
        out.println("<title>" + escaped(title) + "</title>");
        out.println("<style>" + STYLE + "</style></head><body>");
        out.println("<h1>" + escaped(title) + "</h1>");
        String first = Rows.time(report.first());
        out.println("<p>Recipients: " + report.recipients()
                + (first.isEmpty() ? "" : ", from " + first + " to " + Rows.time(report.last())) + "</p>");
        report.sections().forEach(this::section);
        out.println("<footer>");
        remarks.forEach(remark -> out.println("<p>" + escaped(remark) + "</p>"));
        out.println("</footer></body></html>");
        out.flush();
    }

    private void section(Section section) {
        out.println("<section><h2>" + escaped(Rows.title(section)) + "</h2>");
        String last = Rows.time(section.last());
        if (!last.isEmpty()) {
            out.println("<p>Last seen " + last + "</p>");
        }
        out.println("<table><thead><tr><th scope=\"col\">What</th><th scope=\"col\" class=\"number\">Number</th>"
                + "<th scope=\"col\">Last seen, or expires</th></tr></thead><tbody>");
        for (Row row : Rows.of(section, most)) {
            out.println("<tr><td>"
                    + escaped(Rows.title(row, section.organization().isEmpty())) + "</td><td class=\"number\">"
                    + row.count() + "</td><td>" + escaped(row.last()) + "</td></tr>");
        }
        out.println("</tbody></table>");
        int further = Rows.furtherNames(section, most);
        if (further > 0) {
            out.println("<p>Further names, which are left out: " + further + "</p>");
        }
        out.println("</section>");
    }

    private static String escaped(String text) {
        return Text.visible(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
