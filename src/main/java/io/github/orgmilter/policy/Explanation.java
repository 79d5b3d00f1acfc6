package io.github.orgmilter.policy;

import java.util.List;

/**
 * A verdict and how it came about.
 *
 * @param connectors for each connector that may concern the client: whether it identifies it, and by what or why not
 * @param steps the questions of the rules in their order, each with its answer
 */
public record Explanation(Verdict verdict, List<ConnectorReason> connectors, List<Step> steps) {

    /** Whether a connector identifies the client, and by what or why not, as a sentence without its subject. */
    public record ConnectorReason(String organization, String connector, boolean identifies, String reason) {}

    /** One question of the rules, answered, as a sentence. */
    public record Step(boolean answer, String reason) {}

    public Explanation {
        connectors = List.copyOf(connectors);
        steps = List.copyOf(steps);
    }
}
