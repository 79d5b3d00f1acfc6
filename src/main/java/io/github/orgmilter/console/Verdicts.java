package io.github.orgmilter.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.option;
import static j2html.TagCreator.p;
import static j2html.TagCreator.select;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tag;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.EventStream;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.console.html.Page;
import io.github.orgmilter.console.html.Page.Section;
import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Ending;
import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The recent verdicts, filtered; new ones come in while the page is open. */
final class Verdicts {

    private static final int MOST_ROWS = 200;
    private static final int MOST_AT_ONCE = 50; // more than anybody reads in half a second
    private static final List<String> ACTIONS = List.of("accept", "audit", "reject", "tempfail");
    private static final List<String> CAUSES = Stream.concat(
                    Stream.of(Cause.Accepting.values()), Stream.of(Cause.Refusing.values()))
            .map(Cause::key)
            .sorted()
            .toList();
    private static final List<String> COLUMNS =
            List.of("Time (UTC)", "Verdict", "Cause", "Outcome", "Organization", "Client", "From", "To");

    private final RecentVerdicts verdicts;
    private final LiveRows live;

    Verdicts(RecentVerdicts verdicts, InstantSource clock) {
        this.verdicts = verdicts;
        live = new LiveRows(verdicts, clock);
    }

    Answer page(Request request) {
        VerdictFilter filter = VerdictFilter.of(request::parameter);
        long next = verdicts.next();
        List<RecentVerdicts.Numbered> shown = verdicts.since(0).stream()
                .filter(each -> filter.matches(each.recent()))
                .sorted(Comparator.comparingLong(RecentVerdicts.Numbered::number)
                        .reversed())
                .limit(MOST_ROWS)
                .toList();
        String none = next == 0
                ? "No verdicts since the start."
                : "None of the last " + Show.count(verdicts.size()) + " verdicts matches.";
        String some = "The latest of the last " + Show.count(verdicts.size()) + " verdicts that match, newest first.";
        String more = filter.isEmpty() ? "" : filter.query() + "&";
        return Page.of(
                Section.VERDICTS,
                "Verdicts",
                fields(filter),
                p(shown.isEmpty() ? none : some).withId("summary"),
                p().withId("live").attr("role", "status"),
                div(table(
                                tag("caption").withText("Verdicts"),
                                thead(tr(each(COLUMNS, column -> th(column).attr("scope", "col")))),
                                tbody(each(shown, Verdicts::row)).withId("verdicts")))
                        .withClass("wide")
                        .attr("tabindex", "0")
                        .attr("role", "region")
                        .attr("aria-label", "Verdicts")
                        .attr("data-events", "/verdicts/events?" + more + "next=" + next)
                        .attr("data-summary", some) // from the first new one on
                        .attr("data-most", MOST_ROWS));
    }

    private static DomContent fields(VerdictFilter filter) {
        return tag("search")
                .with(form(
                                text(filter, "organization", "Organization"),
                                choice(filter, "verdict", "Verdict", ACTIONS),
                                choice(filter, "cause", "Cause", CAUSES),
                                text(filter, "client", "Client"),
                                text(filter, "address", "Address"),
                                text(filter, "session", "Session"),
                                text(filter, "queue", "Queue ID"),
                                button("Filter").withType("submit"),
                                a("All").withHref(Section.VERDICTS.path()).withClass("button"))
                        .withMethod("get")
                        .withAction(Section.VERDICTS.path())
                        .withClass("filter"));
    }

    private static DomContent text(VerdictFilter filter, String field, String name) {
        return label(tag("span").withText(name), input().withName(field).withValue(filter.value(field)));
    }

    private static DomContent choice(VerdictFilter filter, String field, String name, List<String> values) {
        return label(
                tag("span").withText(name),
                select(
                                option("any").withValue(""),
                                each(
                                        values,
                                        value -> option(value)
                                                .withValue(value)
                                                .withCondSelected(value.equals(filter.value(field)))))
                        .withName(field));
    }

    /** A verdict as a row, with a link to its page. */
    static TrTag row(RecentVerdicts.Numbered numbered) {
        RecentVerdict recent = numbered.recent();
        return tr(
                td(a(Show.moment(recent.when())).withHref("/verdict?number=" + numbered.number())),
                td(Show.action(recent)),
                td(recent.verdict().cause().key()),
                td(recent.ending().map(Ending::key).orElse("")),
                td(recent.verdict()
                        .party()
                        .organization()
                        .<DomContent>map(name -> div(
                                Show.organization(name),
                                Show.wire(recent.verdict()
                                        .party()
                                        .connector()
                                        .map(connector -> "/" + connector)
                                        .orElse(""))))
                        .orElse(Show.wire(""))),
                td(Show.wire(recent.client().display())),
                td(Show.wire("<" + recent.senderText() + ">")),
                td(Show.wire(recent.recipientText()
                        .map(recipient -> "<" + recipient + ">")
                        .orElse("the whole message"))));
    }

    /** What comes in from now on, or from where the browser was when it lost the connection. */
    Answer events(Request request) {
        VerdictFilter filter = VerdictFilter.of(request::parameter);
        long next = request.header("Last-Event-ID")
                .or(() -> request.parameter("next"))
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .filter(number -> number <= verdicts.next()) // else it is of a process before this one
                .orElse(verdicts.next());
        return Answer.events(follow(filter, next));
    }

    /** Those that match, from a number on; at most {@value #MOST_AT_ONCE} at once, the latest. */
    EventStream follow(VerdictFilter filter, long next) {
        return new Following(filter, next);
    }

    private final class Following implements EventStream {

        private final VerdictFilter filter;
        private long next;

        Following(VerdictFilter filter, long next) {
            this.filter = filter;
            this.next = next;
        }

        @Override
        public String next() {
            List<RecentVerdicts.Numbered> all = live.since(next);
            if (all.isEmpty()) {
                return "";
            }
            List<RecentVerdicts.Numbered> matching = filter.isEmpty()
                    ? all
                    : all.stream().filter(each -> filter.matches(each.recent())).toList();
            int unread = Math.max(0, matching.size() - MOST_AT_ONCE);
            long end = all.get(all.size() - 1).number() + 1;
            long overwritten = end - next - all.size();
            long skipped = unread + (filter.isEmpty() ? overwritten : 0); // of others it is not known if they matched
            next = end;
            List<String> lines = new ArrayList<>();
            lines.add("id: " + next);
            lines.add("event: verdicts");
            lines.add("data: " + skipped);
            matching.subList(unread, matching.size()).forEach(each -> lines.add("data: " + live.row(each)));
            return lines.stream().collect(Collectors.joining("\n", "", "\n\n"));
        }
    }
}
