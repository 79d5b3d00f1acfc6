package io.github.orgmilter.explain;

import io.github.orgmilter.explain.ExplanationText.Reason;
import io.github.orgmilter.identification.ConnectorOutcome;
import io.github.orgmilter.identification.ConnectorOutcome.Matched;
import io.github.orgmilter.policy.explanation.Explanation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a verdict came about, as people read it: a line for each connector, then one for each answer of the rules. */
public final class Reasoning {

    private Reasoning() {}

    public static List<String> of(Explanation explanation) {
        Stream<String> connectors = explanation.connectors().stream().map(outcome -> {
            String reasons =
                    ConnectorText.of(outcome).stream().map(Reason::text).collect(Collectors.joining(", and "));
            return "connector  " + outcome.connector() + words(outcome) + reasons;
        });
        Stream<String> facts = explanation.facts().stream()
                .map(fact -> (fact.holds() ? "yes        " : "no         ")
                        + ExplanationText.of(fact).text());
        return Stream.concat(connectors, facts).toList();
    }

    private static String words(ConnectorOutcome outcome) {
        if (outcome instanceof ConnectorOutcome.Undecided) {
            return ": match if ";
        }
        return outcome instanceof Matched ? ": match: " : ": no match: ";
    }
}
