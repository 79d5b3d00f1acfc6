package io.github.orgmilter.doctor;

import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Authorities;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The certificates of clients: that they are asked for, and whose word counts for what is in them. */
final class Certificates {

    private final InstantSource clock;

    Certificates(InstantSource clock) {
        this.clock = clock;
    }

    static boolean asks(Service service) {
        return service.settings().yes("smtpd_tls_ask_ccert")
                || service.settings().yes("smtpd_tls_req_ccert");
    }

    private static boolean encrypts(Service service) {
        String level = service.settings().get("smtpd_tls_security_level");
        return level.isEmpty()
                ? service.settings().yes("smtpd_use_tls")
                        || service.settings().yes("smtpd_enforce_tls")
                        || service.settings().yes("smtpd_tls_wrappermode")
                : !level.equals("none");
    }

    void look(PostfixExamination at, Findings findings) throws IOException {
        List<Service> filtered = at.filtered();
        if (!at.ours().facts().wantsCertificates() || filtered.isEmpty()) {
            return;
        }
        List<Service> asking = filtered.stream()
                .filter(service -> asks(service) && encrypts(service))
                .toList();
        if (asking.isEmpty()) {
            boolean plain = filtered.stream().noneMatch(Certificates::encrypts);
            findings.wrong(
                    Topic.ASK_CERTIFICATE,
                    filtered.get(0).placeOf(plain ? "smtpd_tls_security_level" : "smtpd_tls_ask_ccert"),
                    "connectors know their servers by certificates, and no service that OrgMilter filters asks for one"
                            + (plain ? ": there is no TLS" : ""),
                    "set smtpd_tls_ask_ccert = yes and smtpd_tls_security_level = may",
                    asked(at, filtered.get(0)));
            return;
        }
        findings.right(
                Topic.ASK_CERTIFICATE,
                asking.get(0).placeOf("smtpd_tls_ask_ccert"),
                "clients are asked for a certificate");
        for (Service service : Alike.services(at)) {
            if (!asking.contains(service)) {
                findings.doubtful(
                        Topic.ASK_CERTIFICATE,
                        service.placeOf(encrypts(service) ? "smtpd_tls_ask_ccert" : "smtpd_tls_security_level"),
                        asking.get(0).id()
                                + " asks clients for a certificate, and this service does not, so that no certificate"
                                + " identifies a client here",
                        "set smtpd_tls_ask_ccert = yes and smtpd_tls_security_level = may",
                        asked(at, service));
            }
        }
        Set<String> seen = new LinkedHashSet<>();
        for (Service service : asking) {
            String all = Stream.of("smtpd_tls_CAfile", "smtpd_tls_CApath", "tls_append_default_CA")
                    .map(service.settings()::get)
                    .collect(Collectors.joining(" "));
            if (seen.add(all)) {
                authorities(at, service, findings);
            }
        }
    }

    private static String[] asked(PostfixExamination at, Service service) {
        String[] asked = at.mend(service, "smtpd_tls_ask_ccert", "yes");
        return encrypts(service)
                ? asked
                : Stream.of(asked, at.mend(service, "smtpd_tls_security_level", "may"))
                        .flatMap(Stream::of)
                        .toArray(String[]::new);
    }

    private void authorities(PostfixExamination at, Service service, Findings findings) throws IOException {
        String file = service.settings().get("smtpd_tls_CAfile");
        String folder = service.settings().get("smtpd_tls_CApath");
        if (service.settings().yes("tls_append_default_CA")) {
            findings.doubtful(
                    Topic.AUTHORITIES,
                    service.placeOf("tls_append_default_CA"),
                    "every CA of the system counts, and each can write any customer's name into a certificate",
                    "set tls_append_default_CA = no",
                    at.mend(service, "tls_append_default_CA", "no"));
        }
        Authorities authorities = new Authorities(at.machine(), at.ours(), findings, clock);
        if (!folder.isEmpty()) {
            authorities.folder(service.placeOf("smtpd_tls_CApath"), folder, at.mend(service, "smtpd_tls_CApath", ""));
        }
        if (!file.isEmpty()) {
            authorities.file(service.placeOf("smtpd_tls_CAfile"), file);
        } else if (folder.isEmpty() && at.ours().hasCertificateNames()) {
            findings.wrong(
                    Topic.AUTHORITIES,
                    service.placeOf("smtpd_tls_CAfile"),
                    "Postfix trusts no CA, so that no name in a certificate counts",
                    "set smtpd_tls_CAfile to a file with the CAs that verify your customers' names, and only those");
        }
    }
}
