package io.github.orgmilter.doctor;

import io.github.orgmilter.postfix.Networks;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Shared;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.List;

/** Whether a client is who Postfix takes it for, and a message ends where Postfix takes it to end. */
final class Clients {

    private Clients() {}

    static void xclient(PostfixExamination at, Findings findings) throws IOException {
        for (Service service : at.smtpds()) {
            Networks clients = Networks.of(
                    service.settings(),
                    "smtpd_authorized_xclient_hosts",
                    at.instance().tables());
            for (String stranger : at.ours().strangers()) {
                if (clients.contains(stranger, at.instance().tables())) {
                    findings.wrong(
                            Topic.XCLIENT,
                            service.placeOf("smtpd_authorized_xclient_hosts"),
                            "everybody may claim any address by XCLIENT, and so be any client that OrgMilter knows",
                            "list the proxies that you run",
                            at.mend(service, "smtpd_authorized_xclient_hosts", ""));
                    break;
                }
            }
        }
    }

    /** Addresses of connectors and exempt clients that a router or a container engine gives to everybody. */
    static void shared(PostfixExamination at, Findings findings) throws IOException {
        boolean proxied = at.filtered().stream()
                .anyMatch(service ->
                        !service.settings().get("smtpd_upstream_proxy_protocol").isEmpty()
                                || !service.settings()
                                        .get("postscreen_upstream_proxy_protocol")
                                        .isEmpty()
                                || !service.settings()
                                        .get("smtpd_authorized_xclient_hosts")
                                        .isEmpty());
        if (!proxied) { // else the proxy reports the clients' own addresses
            Shared.gateways(at.gateways(), at.ours(), findings);
        }
    }

    static void smuggling(PostfixExamination at, Findings findings) throws IOException {
        for (Service service : at.filtered()) {
            String name = "smtpd_forbid_bare_newline";
            if (!service.settings().has(name)) {
                findings.doubtful(
                        Topic.SMUGGLING,
                        service.placeOf(name),
                        "this Postfix has no defence against a second message that is hidden in the first, with an envelope of"
                                + " its own",
                        "use Postfix 3.5.24, 3.6.14, 3.7.10, 3.8.5 or later");
                continue;
            }
            String value = service.settings().get(name);
            if (!value.matches("yes|normalize|reject")) {
                findings.wrong(
                        Topic.SMUGGLING,
                        service.placeOf(name),
                        "a user of a customer's server can hide a second message in the first, with an envelope of its own",
                        "set smtpd_forbid_bare_newline = normalize",
                        at.mend(service, name, "normalize")[0],
                        at.mend(service, name + "_exclusions", "")[0]);
                continue;
            }
            Networks excluded = Networks.of(
                    service.settings(), name + "_exclusions", at.instance().tables());
            List<String> others = excluded.entries().stream()
                    .filter(entry -> !entry.isLoopback() && !entry.isLinkLocal())
                    .map(Networks.Entry::text)
                    .toList();
            if (others.isEmpty()) {
                findings.right(Topic.SMUGGLING, service.placeOf(name), "no message can be hidden in another");
            } else {
                findings.doubtful(
                        Topic.SMUGGLING,
                        service.placeOf(name + "_exclusions"),
                        "clients in " + String.join(", ", others) + " can hide a second message in the first",
                        "set smtpd_forbid_bare_newline_exclusions to nothing",
                        at.mend(service, name + "_exclusions", ""));
            }
        }
    }
}
