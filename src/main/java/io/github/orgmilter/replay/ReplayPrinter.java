package io.github.orgmilter.replay;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.document.Text;
import io.github.orgmilter.journal.Outcome;
import io.github.orgmilter.replay.Difference.Kind;
import io.github.orgmilter.replay.Differences.Group;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what a replay found, as text or as JSON. Whatever a log has in it, it acts on no terminal. */
public final class ReplayPrinter {

    private static final ConfigRenderOptions JSON = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(true);

    private static final String INDENT = "           ";

    private final PrintWriter out;
    private final Replay replay;
    private final long lines;
    private final List<String> remarks;
    private final int most;

    /**
     * After the last line.
     *
     * @param lines how many were read
     * @param remarks about the logs
     * @param most how many groups are printed
     */
    public ReplayPrinter(PrintWriter out, Replay replay, long lines, List<String> remarks, int most) {
        this.out = out;
        this.replay = replay;
        this.lines = lines;
        this.remarks = List.copyOf(remarks);
        this.most = most;
    }

    /** A summary, and then each group of differences. */
    public void text() {
        Differences differences = replay.differences();
        print("lines: " + lines + "; decided again: recipients " + replay.recipients() + ", messages by their header "
                + replay.messages());
        print("answered otherwise: " + differences.total(Kind.ANSWER) + "; alike for another reason: "
                + differences.total(Kind.REASON) + "; alike with another text: " + differences.total(Kind.REPLY));
        if (replay.failures() > 0) {
            print("left out, because a failure or stale data had decided and no rule: " + replay.failures());
        }
        replay.undecided()
                .counts()
                .forEach((fact, count) -> print("not decided, because the line lacks " + fact + ": " + count.number()
                        + "; the first is " + count.first()));
        remarks.forEach(this::print);
        differences.sorted(most).forEach(this::text);
        if (differences.size() > most) {
            out.println();
            print("further groups: " + (differences.size() - most) + "; --top shows more");
        }
        out.flush();
    }

    private void text(Group group) {
        Difference difference = group.difference();
        Example example = group.example();
        out.println();
        print(group.count() + " from " + difference.senderDomain());
        print("before     " + describe(difference.before()));
        print("after      " + describe(difference.after()));
        print("example    " + example.place());
        print(INDENT + example.summary());
        side("before", example.before(), replay.reasonsBefore(example));
        side("after", example.after(), replay.reasonsAfter(example));
    }

    private void side(String name, Outcome outcome, List<String> reasons) {
        String label = (name + INDENT).substring(0, INDENT.length());
        if (!outcome.reply().isEmpty()) {
            print(label + outcome.reply());
            label = INDENT;
        }
        for (String reason : reasons) {
            print(label + reason);
            label = INDENT;
        }
    }

    private void print(String line) {
        out.println(Text.visible(line));
    }

    private static String describe(Outcome outcome) {
        return outcome.verdict() + (outcome.audit() ? " in audit mode, else reject" : "") + ", " + outcome.cause()
                + (outcome.party().isEmpty() ? "" : ", " + outcome.party());
    }

    /** The same for programs. */
    public void json() {
        Differences differences = replay.differences();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("lines", lines);
        all.put("recipients", replay.recipients());
        all.put("messages", replay.messages());
        all.put("failures", replay.failures());
        all.put("queries", replay.queries());
        Map<String, Object> totals = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            totals.put(kind.name().toLowerCase(Locale.ROOT), differences.total(kind));
        }
        all.put("differences", totals);
        all.put(
                "undecided",
                replay.undecided().counts().entrySet().stream()
                        .map(entry -> Map.of(
                                "lacks", entry.getKey(),
                                "count", entry.getValue().number(),
                                "first", entry.getValue().first()))
                        .toList());
        all.put("remarks", remarks);
        all.put("groups", differences.sorted(most).stream().map(this::json).toList());
        all.put("further-groups", Math.max(0, differences.size() - most));
        out.println(ConfigValueFactory.fromMap(all).render(JSON));
        out.flush();
    }

    private Map<String, Object> json(Group group) {
        Map<String, Object> entry = new LinkedHashMap<>();
        Example example = group.example();
        entry.put("kind", group.difference().kind().name().toLowerCase(Locale.ROOT));
        entry.put("count", group.count());
        entry.put("sender-domain", group.difference().senderDomain());
        entry.put("before", json(group.difference().before()));
        entry.put("after", json(group.difference().after()));
        entry.put(
                "example",
                Map.of(
                        "place", example.place(),
                        "line", example.summary(),
                        "before", json(example.before(), replay.reasonsBefore(example)),
                        "after", json(example.after(), replay.reasonsAfter(example))));
        return entry;
    }

    private static Map<String, Object> json(Outcome outcome, List<String> reasons) {
        Map<String, Object> entry = json(outcome);
        entry.put("reasons", reasons);
        return entry;
    }

    private static Map<String, Object> json(Outcome outcome) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("verdict", outcome.verdict());
        if (outcome.audit()) {
            entry.put("would", "reject");
        }
        entry.put("cause", outcome.cause());
        if (!outcome.organization().isEmpty()) {
            entry.put("organization", outcome.organization());
        }
        if (!outcome.connector().isEmpty()) {
            entry.put("connector", outcome.connector());
        }
        if (!outcome.reply().isEmpty()) {
            entry.put("reply", outcome.reply());
        }
        return entry;
    }
}
