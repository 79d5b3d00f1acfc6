package io.github.orgmilter.console.html;

import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.tag;

import io.github.orgmilter.activity.Kind;
import j2html.tags.ContainerTag;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Map;

/** Bars, one for each period, in the parts accepted, refused and deferred. The numbers are in a table beside it. */
public final class Chart {

    private static final int HEIGHT = 100;
    private static final int BAR = 10;
    private static final int GAP = 2;
    /** From the bottom of a bar to its top. */
    private static final List<String> PARTS = List.of("accept", "audit", "reject", "tempfail");

    private Chart() {}

    /**
     * A chart.
     *
     * @param name what it shows
     * @param rows oldest first
     */
    public static DomContent of(String name, List<Map<Kind, Integer>> rows) {
        int most = rows.stream().mapToInt(Chart::sum).max().orElse(0);
        int width = rows.size() * BAR;
        ContainerTag<?> svg = tag("svg")
                .attr("viewBox", "0 0 " + width + " " + HEIGHT)
                .attr("role", "img")
                .attr("preserveAspectRatio", "none")
                .attr("aria-label", name + ", at most " + Show.count(most));
        for (int i = 0; i < rows.size(); i++) {
            bar(svg, i, rows.get(i), most);
        }
        return figure(figcaption(name + ", at most " + Show.count(most)), svg).withClass("chart");
    }

    private static void bar(ContainerTag<?> svg, int place, Map<Kind, Integer> row, int most) {
        double bottom = HEIGHT;
        for (String part : PARTS) {
            int count = row.entrySet().stream()
                    .filter(entry -> entry.getKey().action().equals(part))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
            if (count == 0) {
                continue;
            }
            double height = Math.max(1, (double) HEIGHT * count / most);
            bottom -= height;
            svg.with(tag("rect")
                    .attr("class", part)
                    .attr("x", place * BAR)
                    .attr("width", BAR - GAP)
                    .attr("y", Math.max(0, Math.round(bottom * 10) / 10.0))
                    .attr("height", Math.round(height * 10) / 10.0)
                    .with(tag("title").withText(part + " " + Show.count(count))));
        }
    }

    private static int sum(Map<Kind, Integer> row) {
        return row.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** A line of small bars for a table, such as 24 hours. */
    public static DomContent spark(List<Integer> counts) {
        int most = Math.max(1, counts.stream().mapToInt(Integer::intValue).max().orElse(0));
        StringBuilder bars = new StringBuilder();
        for (int i = 0; i < counts.size(); i++) {
            int height = (int) Math.ceil(20.0 * counts.get(i) / most);
            if (height > 0) {
                bars.append("<rect x=\"").append(i * 4).append("\" y=\"").append(20 - height);
                bars.append("\" width=\"3\" height=\"").append(height).append("\"/>");
            }
        }
        return tag("svg")
                .attr("viewBox", "0 0 " + counts.size() * 4 + " 20")
                .attr("role", "img")
                .attr("aria-label", counts.size() + " hours, at most " + Show.count(most) + " in one")
                .withClass("spark")
                .with(rawHtml(bars.toString()));
    }
}
