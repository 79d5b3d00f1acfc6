package io.github.orgmilter.wiring;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.identity.Visibility;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was found, the worst first.
 *
 * @param mta whose wiring it is about
 */
public record Report(String mta, List<Finding> findings) {

    private static final ConfigRenderOptions JSON = ConfigRenderOptions.defaults()
            .setComments(false)
            .setOriginComments(false)
            .setJson(true);

    public Report {
        findings = List.copyOf(findings);
    }

    /** Those of a severity, in order. */
    public List<Finding> of(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .toList();
    }

    /** A paragraph for each finding: severity, topic and place; reason; repair. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(finding.severity().key())
                    .append(' ')
                    .append(finding.topic().key())
                    .append(": ")
                    .append(visible(finding.place()))
                    .append("\n    ")
                    .append(visible(finding.reason()))
                    .append('\n');
            if (!finding.repair().isEmpty()) {
                text.append("    repair: ").append(visible(finding.repair())).append('\n');
            }
        }
        return text.append(of(Severity.WRONG).size() + " wrong, "
                        + of(Severity.DOUBTFUL).size() + " doubtful, "
                        + of(Severity.RIGHT).size() + " right\n")
                .toString();
    }

    /** The same for programs. */
    public String json() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Finding finding : findings) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("severity", finding.severity().key());
            fields.put("topic", finding.topic().key());
            fields.put("place", finding.place());
            fields.put("reason", finding.reason());
            fields.put("repair", finding.repair());
            fields.put("commands", finding.commands());
            list.add(fields);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("mta", mta);
        all.put("wrong", of(Severity.WRONG).size());
        all.put("doubtful", of(Severity.DOUBTFUL).size());
        all.put("right", of(Severity.RIGHT).size());
        all.put("findings", list);
        return ConfigValueFactory.fromMap(all).render(JSON) + "\n";
    }

    /** A shell script of the commands that mend what is wrong or doubtful, each behind what it is for. */
    public String script() {
        StringBuilder script = new StringBuilder();
        for (Finding finding : findings) {
            if (finding.severity() != Severity.RIGHT) {
                script.append("# ")
                        .append(finding.severity().key())
                        .append(' ')
                        .append(finding.topic().key())
                        .append(": ")
                        .append(visible(finding.place()))
                        .append("\n# ")
                        .append(visible(finding.reason()))
                        .append('\n');
                if (finding.commands().isEmpty()) {
                    script.append("# by hand: ")
                            .append(visible(finding.repair()))
                            .append('\n');
                }
                finding.commands().forEach(command -> script.append(command).append('\n'));
            }
        }
        return script.toString();
    }

    // What the MTA's configuration, or whoever answers there, can put into it.
    private static String visible(String text) {
        return text.codePoints()
                .mapToObj(
                        c -> c == ' ' || Visibility.isVisible(c) ? Character.toString(c) : String.format("\\u%04x", c))
                .collect(Collectors.joining());
    }
}
