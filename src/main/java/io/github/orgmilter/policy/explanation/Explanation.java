package io.github.orgmilter.policy.explanation;

import io.github.orgmilter.identification.ConnectorOutcome;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;

/**
 * A verdict and how it came about.
 *
 * @param connectors those that may concern the client
 * @param facts what the rules asked, in their order
 */
public record Explanation(Verdict verdict, List<ConnectorOutcome> connectors, List<Fact> facts) {

    public Explanation {
        connectors = List.copyOf(connectors);
        facts = List.copyOf(facts);
    }
}
