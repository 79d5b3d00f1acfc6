package io.github.orgmilter.doctor;

import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.util.List;
import java.util.regex.Pattern;

/** Settings in a place where Postfix does not look for them. */
final class Ignored {

    /** Postscreen has settings of its own whose defaults are many of smtpd's others, such as {@code smtpd_banner}. */
    private static final Pattern NOT_POSTSCREENS =
            Pattern.compile("smtpd_(milter.*|.*_restrictions|restriction_classes|policy_.*|sasl_.*)");

    private Ignored() {}

    static void ofServices(PostfixExamination at, Findings findings) {
        for (Service service : at.smtpds()) {
            for (String setting : Service.IGNORED) {
                if (service.overrides().containsKey(setting)) {
                    findings.doubtful(
                            Topic.IGNORED_SETTING,
                            service.placeOf(setting),
                            "Postfix ignores " + setting + " of a service: that of main.cf counts",
                            setting.equals("inet_interfaces")
                                    ? "name the address in front of the service's port, and remove this"
                                    : "set it in main.cf, and remove it here",
                            at.remove(service, setting));
                }
            }
        }
    }

    static void postscreen(PostfixExamination at, Findings findings) {
        for (Service service : at.instance().services()) {
            if (!service.command().equals("postscreen")) {
                continue;
            }
            List<String> ignored = service.overrides().keySet().stream()
                    .filter(name -> NOT_POSTSCREENS.matcher(name).matches())
                    .sorted()
                    .toList();
            if (!ignored.isEmpty()) {
                findings.doubtful(
                        Topic.POSTSCREEN,
                        "master.cf: " + service.id(),
                        "postscreen does not use " + String.join(", ", ignored),
                        "put them on the service smtpd of type pass, to which postscreen hands its clients");
            }
        }
    }
}
