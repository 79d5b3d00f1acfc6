package io.github.orgmilter.doctor;

import io.github.orgmilter.postfix.Caller.Kind;
import io.github.orgmilter.postfix.Relaying;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.List;

/** Who may relay through Postfix while a policy service, OrgMilter's or another, does not answer. */
final class PolicyDefaults {

    private static final String SETTING = "smtpd_policy_service_default_action";
    private static final String DEFAULT = "451 4.3.5 Server configuration problem";

    private PolicyDefaults() {}

    static void look(PostfixExamination at, Findings findings) throws IOException {
        List<Service> filtered = at.filtered();
        for (Service service : at.smtpds()) {
            Relaying unanswered = at.relaying(service, Kind.UNANSWERED);
            if (service.isLoopbackOnly()
                    || !unanswered.permitted()
                    || at.relaying(service, Kind.STRANGER).permitted()) {
                continue;
            }
            boolean own = unanswered.by().contains("default_action");
            String place = service.placeOf(own ? "smtpd_relay_restrictions" : SETTING);
            String repair = own ? "leave default_action out" : "leave " + SETTING + " at its default";
            String[] commands = own ? new String[0] : at.mendText(service, SETTING, DEFAULT);
            if (filtered.contains(service)) {
                findings.doubtful(
                        Topic.POLICY_DEFAULT_ACTION,
                        place,
                        "while nothing answers policy queries, everybody may ask to relay, and the milter alone refuses, by "
                                + unanswered.by(),
                        repair,
                        commands);
            } else {
                findings.wrong(
                        Topic.POLICY_DEFAULT_ACTION,
                        place,
                        "while nothing answers policy queries, everybody relays by this service without OrgMilter, by "
                                + unanswered.by(),
                        repair,
                        commands);
            }
        }
    }
}
