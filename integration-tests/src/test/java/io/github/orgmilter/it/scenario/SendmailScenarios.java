package io.github.orgmilter.it.scenario;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.scenario.Scenario.Message;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import io.github.orgmilter.it.scenario.Scenario.Xclient;
import java.util.List;
import java.util.Optional;

/** The scenarios that Sendmail can run. */
public final class SendmailScenarios {

    private SendmailScenarios() {}

    /** Those of the usual configuration, with the certificates of the test that asks. */
    public static List<Scenario> all(TestCertificates certificates) {
        return Scenarios.all(certificates).stream()
                .filter(scenario ->
                        scenario.policy() == Policy.DEFAULT && lacking(scenario).isEmpty())
                .toList();
    }

    /** Why Sendmail cannot run this scenario. */
    static Optional<String> lacking(Scenario scenario) {
        if (scenario.steps().stream().anyMatch(Xclient.class::isInstance)) {
            return Optional.of("Sendmail has no XCLIENT");
        }
        if (scenario.steps().stream().anyMatch(step -> step instanceof Message message && message.needsSmtpUtf8())) {
            return Optional.of("Debian's Sendmail is built without SMTPUTF8");
        }
        return Optional.empty();
    }
}
