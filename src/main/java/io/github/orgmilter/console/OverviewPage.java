package io.github.orgmilter.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import io.github.orgmilter.activity.Kind;
import io.github.orgmilter.activity.Overview;
import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.console.html.Chart;
import io.github.orgmilter.console.html.Page;
import io.github.orgmilter.console.html.Page.Section;
import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.document.Problem;
import j2html.tags.DomContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** How the service is doing. */
final class OverviewPage {

    private static final int MOST_WARNINGS = 20;

    private final Sources sources;

    OverviewPage(Sources sources) {
        this.sources = sources;
    }

    Answer page() {
        Instant now = sources.now();
        Overview overview = sources.activity().overview(now);
        return Page.of(
                Section.OVERVIEW,
                "Overview",
                figures(overview, now),
                attention(overview, now),
                section(
                        h2("Verdicts"),
                        Chart.of("Recipients a minute, the last hour", overview.minutes()),
                        Chart.of("Recipients an hour, the last day", overview.hours()),
                        counts(overview)));
    }

    private DomContent figures(Overview overview, Instant now) {
        boolean ready = sources.policy().isReady();
        return dl(
                        figure("State", ready ? "ready" : "not ready"),
                        figure("Running for", Show.since(overview.since(), now)),
                        figure("Sessions open", Show.count(sources.sessions().getAsLong())),
                        figure("Recipients, last hour", Show.count(sum(overview.hour()))),
                        figure(
                                "Time of a decision, last hour",
                                overview.median().isZero()
                                        ? "none"
                                        : Show.briefly(overview.median()) + " median, 99 % within "
                                                + Show.briefly(overview.slowest())),
                        figure(
                                "Organizations",
                                Show.count(sources.policy().organizations().size())))
                .withClass("figures");
    }

    private static DomContent figure(String name, String value) {
        return div(dt(name), dd(value));
    }

    private static long sum(SortedMap<Kind, Integer> counts) {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    private DomContent attention(Overview overview, Instant now) {
        List<DomContent> lines = new ArrayList<>();
        if (!sources.policy().isReady()) {
            lines.add(li("Every recipient gets 451 because no policy has been loaded yet: see Configuration."));
        }
        sources.directory().status().ifPresent(status -> {
            if (status.trouble().isPresent()
                    || status.stale()
                    || status.withheld().isPresent()) {
                lines.add(li(a("Directory").withHref("/configuration"), text(": " + status.line(now))));
            }
            if (status.quarantined() > 0) {
                lines.add(li(a(Show.count(status.quarantined(), "organization") + " with problems")
                        .withHref(Section.ORGANIZATIONS.path())));
            }
        });
        long disputed = sources.directory().disputed();
        if (disputed > 0) {
            lines.add(li(a(Show.count(disputed, "domain") + " in dispute").withHref(Section.ORGANIZATIONS.path())));
        }
        if (overview.missed() > 0) {
            lines.add(li(Show.count(overview.missed())
                    + " verdicts came too fast to be counted here; the metrics have them."));
        }
        long headers = sources.headersMissed().getAsLong();
        if (headers > 0) {
            lines.add(li(Show.count(headers)
                    + " recipients were deferred because their session had not negotiated header fields."));
        }
        overview.grown()
                .forEach(grown -> lines.add(li(
                        a(grown.kind().cause().key())
                                .withHref("/verdicts?cause="
                                        + grown.kind().cause().key()),
                        text(String.format(
                                Locale.ROOT,
                                ": refused %,d times in the last hour, usually %.1f",
                                grown.count(),
                                grown.usual())))));
        List<Problem> warnings = sources.configuration().get().certificateWarningsAt(now);
        warnings.stream().limit(MOST_WARNINGS).forEach(warning -> lines.add(li(Show.message(warning.toString()))));
        if (warnings.size() > MOST_WARNINGS) {
            lines.add(li("And " + Show.count(warnings.size() - MOST_WARNINGS, "more certificate warning")
                    + "; run orgmilter check."));
        }
        return section(h2("Needs attention"), lines.isEmpty() ? p("Nothing.") : ul(each(lines, line -> line)));
    }

    private static DomContent counts(Overview overview) {
        SortedMap<Kind, List<DomContent>> rows = new TreeMap<>();
        overview.day()
                .forEach((kind, day) -> rows.put(
                        kind,
                        List.of(
                                Show.action(kind.action()),
                                a(kind.cause().key())
                                        .withHref("/verdicts?verdict=" + kind.action() + "&cause="
                                                + kind.cause().key()),
                                text(Show.count(overview.hour().getOrDefault(kind, 0))),
                                text(Show.count(day)))));
        return Show.grid(
                "Recipients by verdict and cause",
                List.of("Verdict", "Cause", "Last hour", "Last day"),
                List.copyOf(rows.values()));
    }
}
