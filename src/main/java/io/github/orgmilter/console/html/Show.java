package io.github.orgmilter.console.html;

import static j2html.TagCreator.a;
import static j2html.TagCreator.bdi;
import static j2html.TagCreator.each;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tag;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.time;
import static j2html.TagCreator.tr;

import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.document.Text;
import j2html.tags.DomContent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How values look. */
public final class Show {

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int LONGEST = 200; // characters of a text from the wire
    private static final int MOST_LINES = 500;

    private Show() {}

    /** A text that may come from the wire: nothing in it is invisible or turns what follows it around. */
    public static DomContent wire(String text) {
        return bdi(visible(text));
    }

    /** A sentence of ours, which may be longer and has values from elsewhere in it. */
    public static DomContent message(String text) {
        return bdi(Text.visible(Text.shortened(text)));
    }

    /** A text without anything invisible, cut off where it is long. */
    public static String visible(String text) {
        String shown = Text.visible(text);
        if (shown.length() <= LONGEST) {
            return shown;
        }
        int end = Character.isHighSurrogate(shown.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        String length = text.length() <= RecentVerdict.LONGEST
                ? String.valueOf(text.length())
                : "more than " + RecentVerdict.LONGEST; // it may have been cut
        return shown.substring(0, end) + "... (" + length + " characters)";
    }

    /** A moment, in UTC. */
    public static DomContent moment(Instant when) {
        return time(MOMENT.format(when))
                .attr("datetime", when.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    /** For how long something has been so, roughly. */
    public static String since(Instant when, Instant now) {
        Duration age = Duration.between(when, now);
        if (age.compareTo(Duration.ofMinutes(2)) < 0) {
            return Math.max(0, age.toSeconds()) + " s";
        }
        if (age.compareTo(Duration.ofHours(2)) < 0) {
            return age.toMinutes() + " min";
        }
        return age.compareTo(Duration.ofDays(2)) < 0 ? age.toHours() + " h" : age.toDays() + " days";
    }

    /** A short duration, to two digits. */
    public static String briefly(Duration duration) {
        double microseconds = duration.toNanos() / 1e3;
        return microseconds < 1e3
                ? String.format(Locale.ROOT, "%.1f µs", microseconds)
                : String.format(Locale.ROOT, "%.1f ms", microseconds / 1e3);
    }

    /** A number in groups of three digits. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The same with what it counts: {@code 1 domain}, {@code 2 domains}. */
    public static String count(long number, String what) {
        return count(number) + " " + what + (number == 1 ? "" : "s");
    }

    /** What became of a recipient; a style sheet colours it, and the word says it. */
    public static DomContent action(RecentVerdict recent) {
        return action(recent.action());
    }

    /** As the other one, by its name. */
    public static DomContent action(String action) {
        return span(action).withClass("action " + action);
    }

    /** A name with a link to its page. */
    public static DomContent organization(String name) {
        return a(wire(name)).withHref("/organization?name=" + encoded(name));
    }

    /** For a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A table that can be scrolled sideways on a narrow screen. */
    public static DomContent grid(String caption, List<String> columns, List<? extends List<DomContent>> rows) {
        return tag("div")
                .withClass("wide")
                .attr("tabindex", "0")
                .attr("role", "region")
                .attr("aria-label", caption)
                .with(table(
                        tag("caption").withText(caption),
                        thead(tr(each(columns, column -> th(column).attr("scope", "col")))),
                        tbody(each(rows, row -> tr(each(row, cell -> td(cell)))))));
    }

    /** A value of a setting, as it is written. */
    public static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * What a command prints, with nothing invisible in it.
     *
     * @param command prints all of it, where this is too long
     */
    public static DomContent printed(String text, String command) {
        List<String> lines = text.lines().toList();
        String shown = lines.stream().limit(MOST_LINES).map(Text::visible).collect(Collectors.joining("\n"));
        return pre(lines.size() <= MOST_LINES
                        ? shown
                        : shown + "\nand " + count(lines.size() - MOST_LINES) + " more lines; " + command
                                + " prints all")
                .attr("tabindex", "0");
    }
}
