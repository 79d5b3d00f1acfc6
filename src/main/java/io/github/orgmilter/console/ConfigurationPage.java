package io.github.orgmilter.console;

import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.config.Settings;
import io.github.orgmilter.console.html.Facts;
import io.github.orgmilter.console.html.Page;
import io.github.orgmilter.console.html.Page.Section;
import io.github.orgmilter.console.html.Show;
import io.github.orgmilter.document.Problem;
import j2html.tags.DomContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What is running: its version, listeners, directory, warnings, and what the last reload changed. */
final class ConfigurationPage {

    private static final int MOST = 200;

    private final Sources sources;

    ConfigurationPage(Sources sources) {
        this.sources = sources;
    }

    Answer page() {
        Instant now = sources.now();
        Settings settings = sources.configuration().get().settings();
        Facts facts = new Facts()
                .with("Version", sources.policy().revision())
                .with(
                        "Organizations",
                        Show.count(sources.policy().organizations().size()))
                .with("listen", joined(settings.listen()))
                .with("policy-listen", joined(settings.policyListen()))
                .with("map-listen", joined(settings.mapListen()))
                .with("admin-listen", joined(settings.adminListen().stream().toList()));
        return Page.of(
                Section.CONFIGURATION,
                "Configuration",
                facts.list(),
                section(h2("Last reload"), reload(now)),
                section(h2("Directory"), directory(now)),
                section(h2("Warnings"), warnings(now)));
    }

    private static String joined(Collection<?> listeners) {
        return listeners.isEmpty()
                ? "none"
                : listeners.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private DomContent reload(Instant now) {
        return sources.reload()
                .get()
                .map(reload -> each(
                        List.<DomContent>of(
                                p(text((reload.result().success() ? "Succeeded " : "Failed ")
                                        + Show.since(reload.when(), now) + " ago.")),
                                Show.printed(reload.result().text(), "orgmilter reload")),
                        part -> part))
                .orElse(p("None since the start."));
    }

    private DomContent directory(Instant now) {
        return sources.directory()
                .status()
                .map(status -> {
                    Facts facts = new Facts();
                    status.lines(now).lines().forEach(line -> {
                        int colon = line.indexOf(": ");
                        facts.with(line.substring(0, colon), line.substring(colon + 2));
                    });
                    return facts.list();
                })
                .orElse(p("The configuration has no directory."));
    }

    private DomContent warnings(Instant now) {
        List<Problem> warnings = sources.configuration().get().warningsAt(now);
        if (warnings.isEmpty()) {
            return p("None.");
        }
        List<DomContent> lines = new ArrayList<>();
        warnings.stream().limit(MOST).forEach(warning -> lines.add(li(Show.message(warning.toString()))));
        if (warnings.size() > MOST) {
            lines.add(li("And " + Show.count(warnings.size() - MOST) + " more; run orgmilter check."));
        }
        return ul(each(lines, line -> line));
    }
}
