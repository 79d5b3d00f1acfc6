package io.github.orgmilter.doctor;

import io.github.orgmilter.export.Exports;
import io.github.orgmilter.postfix.Destinations;
import io.github.orgmilter.postfix.Restrictions;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the files that `orgmilter export` wrote are of today's configuration. */
final class Exported {

    private static final Pattern FILE = Pattern.compile("[a-z]+:(/.*/orgmilter[^/]*)");

    private Exported() {}

    static void look(PostfixExamination at, Findings findings) throws IOException {
        Set<String> tables = new LinkedHashSet<>();
        for (Service service : at.smtpds()) {
            tables.addAll(Restrictions.tables(service));
        }
        Destinations.SETTINGS.forEach(
                setting -> tables.addAll(at.instance().main().words(setting)));
        for (String table : tables) {
            Matcher file = FILE.matcher(table);
            Optional<String> text = file.matches() ? at.machine().file(file.group(1)) : Optional.empty();
            if (text.isEmpty() || !text.get().lines().findFirst().orElse("").startsWith("# orgmilter")) {
                continue;
            }
            Optional<String> stale = Exports.whyStale(text.get(), at.ours().configuration());
            if (stale.isPresent()) {
                findings.wrong(
                        Topic.STALE_EXPORT,
                        file.group(1),
                        stale.get(),
                        "run `orgmilter export postfix` again and `postfix reload`, or use the maps of map-listen");
            } else {
                findings.right(Topic.STALE_EXPORT, file.group(1), "is of today's configuration");
            }
        }
    }
}
