package io.github.orgmilter.doctor;

import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.postfix.Caller.Kind;
import io.github.orgmilter.postfix.Networks;
import io.github.orgmilter.postfix.Relaying;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The services that OrgMilter does not filter, and whom they let relay. */
final class OpenServices {

    private static final String OR_REFUSE =
            "have OrgMilter filter this service, or refuse them: smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination";

    private OpenServices() {}

    static void look(PostfixExamination at, Findings findings) throws IOException {
        List<Service> filtered = at.filtered();
        for (Service service : at.smtpds()) {
            if (!filtered.contains(service)) {
                look(at, service, findings);
            }
        }
        for (Service service : at.instance().services()) {
            if (service.command().equals("qmqpd")) {
                qmqpd(at, service, findings);
            }
        }
    }

    private static void look(PostfixExamination at, Service service, Findings findings) throws IOException {
        String place = service.placeOf("smtpd_relay_restrictions");
        Relaying stranger = at.relaying(service, Kind.STRANGER);
        if (service.isLoopbackOnly()) {
            findings.right(
                    Topic.OPEN_SERVICE,
                    place,
                    "not filtered by OrgMilter, and reached from this machine alone, where every user can send mail anyway");
            return;
        }
        if (stranger.permitted()) {
            findings.wrong(
                    Topic.OPEN_SERVICE,
                    place,
                    "everybody relays by this service without OrgMilter, by " + stranger.by(),
                    OR_REFUSE,
                    at.filter(service));
            return;
        }
        for (String way : stranger.perhaps()) {
            findings.doubtful(
                    Topic.LISTED_CLIENTS,
                    place,
                    "whoever passes `" + way + "` relays as anybody by this service, without OrgMilter",
                    OR_REFUSE,
                    at.filter(service));
        }
        networks(at, service, findings);
        certificates(at, service, findings);
        logins(at, service, findings);
        if (at.ours().refusesInbound() && at.takesInbound(service)) {
            findings.doubtful(
                    Topic.INBOUND_BYPASS,
                    place,
                    "what OrgMilter refuses of mail to your own domains (unidentified-mail, sender-protection = all) gets in"
                            + " by this service",
                    "have OrgMilter filter this service, or let clients with a login in alone",
                    at.filter(service));
        }
        findings.right(Topic.OPEN_SERVICE, place, "strangers do not relay by this service: " + stranger.by());
    }

    private static void networks(PostfixExamination at, Service service, Findings findings) throws IOException {
        Relaying relaying = at.relaying(service, Kind.NETWORK);
        if (!relaying.permitted() || !relaying.by().equals("permit_mynetworks")) {
            return;
        }
        for (Networks.Entry entry : Networks.of(
                        service.settings(), "mynetworks", at.instance().tables())
                .entries()) {
            if (entry.isLoopback()
                    || entry.isLinkLocal()
                    || entry.range().filter(at.ours()::exempts).isPresent()) {
                continue;
            }
            Optional<IpAddress> gateway =
                    at.gateways().addresses().stream().filter(entry::contains).findFirst();
            String place = service.placeOf("mynetworks");
            if (gateway.isPresent()) {
                String who = entry.text() + " has " + gateway.get() + ", this "
                        + (at.gateways().container() ? "container's" : "machine's")
                        + " gateway: everybody whose address is translated there relays by this service without OrgMilter";
                if (at.gateways().container()) {
                    findings.wrong(Topic.TRUSTED_NETWORKS, place, who, narrowed(), withoutNetworks(at, service));
                } else {
                    findings.doubtful(Topic.TRUSTED_NETWORKS, place, who, narrowed(), withoutNetworks(at, service));
                }
            } else {
                findings.doubtful(
                        Topic.TRUSTED_NETWORKS,
                        place,
                        "clients in " + entry.text() + " relay as anybody by this service, without OrgMilter"
                                + (entry.text().matches("\\[?172\\.(1[6-9]|2\\d|3[01])\\..*")
                                        ? "; this is a range of Docker, which can make everybody come from one address in it"
                                        : ""),
                        narrowed(),
                        withoutNetworks(at, service));
            }
        }
    }

    private static String narrowed() {
        return "list single machines that you run, and the same in exempt-clients; or leave permit_mynetworks out";
    }

    private static String[] withoutNetworks(PostfixExamination at, Service service) {
        return at.set(service, "mynetworks", "127.0.0.0/8 [::1]/128");
    }

    private static void certificates(PostfixExamination at, Service service, Findings findings) throws IOException {
        Relaying relaying = at.relaying(service, Kind.CERTIFICATE);
        if (relaying.permitted()) {
            findings.wrong(
                    Topic.TRUSTED_CERTIFICATES,
                    service.placeOf("smtpd_relay_restrictions"),
                    "whoever has a certificate of a CA that Postfix trusts relays as anybody by this service, without"
                            + " OrgMilter, by " + relaying.by(),
                    OR_REFUSE,
                    at.filter(service));
        }
    }

    private static void logins(PostfixExamination at, Service service, Findings findings) throws IOException {
        if (!at.relaying(service, Kind.LOGIN).permitted()) {
            return;
        }
        String place = service.placeOf("smtpd_milters");
        if (at.ours().trustsEveryLogin()) {
            findings.right(
                    Topic.UNFILTERED_LOGINS, place, "logins relay without OrgMilter, which trusts every login as well");
        } else {
            findings.wrong(
                    Topic.UNFILTERED_LOGINS,
                    place,
                    "every login relays as anybody by this service, and trusted-logins does not have them all",
                    "have OrgMilter filter this service",
                    at.filter(service));
        }
    }

    private static void qmqpd(PostfixExamination at, Service service, Findings findings) throws IOException {
        if (service.settings().words("qmqpd_authorized_clients").isEmpty()) {
            return;
        }
        Networks clients = Networks.of(
                service.settings(), "qmqpd_authorized_clients", at.instance().tables());
        String place = service.placeOf("qmqpd_authorized_clients");
        for (String stranger : at.ours().strangers()) {
            if (clients.contains(stranger, at.instance().tables())) {
                findings.wrong(
                        Topic.OPEN_SERVICE,
                        place,
                        "everybody relays by QMQP, which no milter sees",
                        "list single machines that you run, or remove the service");
                return;
            }
        }
        findings.doubtful(
                Topic.LISTED_CLIENTS,
                place,
                "these clients relay as anybody by QMQP, which no milter sees",
                "list single machines that you run, or remove the service");
    }
}
