package io.github.orgmilter.doctor;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.postfix.Caller;
import io.github.orgmilter.postfix.Caller.Kind;
import io.github.orgmilter.postfix.PolicyService;
import io.github.orgmilter.postfix.RelayWalk;
import io.github.orgmilter.postfix.Relaying;
import io.github.orgmilter.postfix.Restrictions;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whom Postfix lets come as far as OrgMilter's decision: all that OrgMilter knows, and best nobody else. */
final class Gate {

    /** Each is a walk, and perhaps a process. */
    static final int MOST_RANGES = 100;

    private static final int NAMED = 3;
    private static final String TIGHT = "take the tight gate of docs/gates.md";

    private Gate() {}

    static void wide(PostfixExamination at, Findings findings) throws IOException {
        for (Service service : at.filtered()) {
            String place = service.placeOf("smtpd_relay_restrictions");
            Relaying stranger = at.relaying(service, Kind.STRANGER);
            if (!stranger.permitted()) {
                findings.right(Topic.WIDE_GATE, place, "without OrgMilter strangers do not relay: " + stranger.by());
            } else if (!service.isLoopbackOnly()) {
                findings.doubtful(
                        Topic.WIDE_GATE,
                        place,
                        "everybody may ask to relay, by " + stranger.by()
                                + ": OrgMilter alone keeps this from being an open relay",
                        TIGHT + ", by which Postfix refuses strangers by itself");
            }
        }
    }

    static void complete(PostfixExamination at, Findings findings) {
        for (Service service : at.smtpds()) {
            if (!RelayWalk.isComplete(service)) {
                findings.wrong(
                        Topic.INCOMPLETE_RESTRICTIONS,
                        service.placeOf("smtpd_relay_restrictions"),
                        "nothing in smtpd_relay_restrictions and smtpd_recipient_restrictions refuses relaying, so that smtpd"
                                + " ends as soon as a client names a recipient",
                        "end smtpd_relay_restrictions with reject_unauth_destination",
                        at.set(service, "smtpd_relay_restrictions", ended(service)));
            }
        }
    }

    private static String ended(Service service) {
        List<String> words = new ArrayList<>(service.settings().words("smtpd_relay_restrictions"));
        words.remove("permit");
        words.add("reject_unauth_destination");
        return String.join(", ", words);
    }

    static void letsThrough(PostfixExamination at, Findings findings) throws IOException {
        List<Service> filtered = at.filtered();
        if (filtered.isEmpty()) {
            return;
        }
        String place = filtered.get(0).placeOf("smtpd_relay_restrictions");
        List<AddressRange> refused = new ArrayList<>();
        List<AddressRange> ranges = at.ours().facts().ranges().stream()
                .distinct()
                .limit(MOST_RANGES)
                .toList();
        for (AddressRange range : ranges) {
            if (!passes(at, filtered, Caller.known(range.first().toString()))) {
                refused.add(range);
            }
        }
        if (!refused.isEmpty()) {
            findings.wrong(
                    Topic.GATE_REFUSES,
                    place,
                    "Postfix refuses clients that OrgMilter knows by address, before it asks: " + some(refused),
                    "use the map clients of map-listen, or export again",
                    clients(at, filtered));
        } else if (!ranges.isEmpty()) {
            findings.right(Topic.GATE_REFUSES, place, "clients that OrgMilter knows by address may ask to relay");
        }
        certificates(at, filtered, findings, place);
        logins(at, filtered, findings, place);
    }

    private static String[] clients(PostfixExamination at, List<Service> filtered) {
        List<String> words = new ArrayList<>(filtered.get(0).settings().words("smtpd_relay_restrictions"));
        int end = words.lastIndexOf("reject_unauth_destination");
        Optional<String> map = at.ours().postfixMap("clients");
        if (end < 0 || map.isEmpty()) {
            return new String[0];
        }
        words.addAll(end, List.of("check_client_access", map.get()));
        return at.set(filtered.get(0), "smtpd_relay_restrictions", join(words));
    }

    /** With commas, except between a restriction and what belongs to it. */
    private static String join(List<String> words) {
        return String.join(", ", words).replaceAll("(check_\\w+), ", "$1 ");
    }

    /** Whether a client may ask, or perhaps may, by one of these services. */
    static boolean passes(PostfixExamination at, List<Service> filtered, Caller caller) throws IOException {
        for (Service service : filtered) {
            Relaying relaying = at.relaying(service, caller);
            if (relaying.permitted() || !relaying.perhaps().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static void certificates(PostfixExamination at, List<Service> filtered, Findings findings, String place)
            throws IOException {
        if (!at.ours().hasCertificateNames()
                || passes(at, filtered, new Caller(Kind.CERTIFICATE, at.ours().strangers()))) {
            return;
        }
        boolean asked = filtered.stream().anyMatch(Certificates::asks);
        if (asked) { // else ASK_CERTIFICATE
            findings.wrong(
                    Topic.GATE_REFUSES,
                    place,
                    "Postfix refuses clients with a verified certificate before it asks OrgMilter",
                    "put permit_tls_all_clientcerts before reject_unauth_destination",
                    at.set(
                            filtered.get(0),
                            "smtpd_relay_restrictions",
                            before(filtered.get(0), "permit_tls_all_clientcerts")));
        }
    }

    private static void logins(PostfixExamination at, List<Service> filtered, Findings findings, String place)
            throws IOException {
        if (at.ours().facts().hasLogins()
                && !passes(at, filtered, new Caller(Kind.LOGIN, at.ours().strangers()))) {
            findings.wrong(
                    Topic.GATE_REFUSES,
                    place,
                    "connectors have logins, and on no service that OrgMilter filters can a client log in and relay",
                    "have OrgMilter filter the service for submission, with permit_sasl_authenticated");
        }
    }

    private static String before(Service service, String restriction) {
        List<String> words = new ArrayList<>(service.settings().words("smtpd_relay_restrictions"));
        int end = words.lastIndexOf("reject_unauth_destination");
        words.add(Math.max(0, end), restriction);
        return join(words);
    }

    /** The policy service: that it is asked where it must be, and early enough. */
    static void policy(PostfixExamination at, Findings findings) throws IOException {
        List<Service> asking = new ArrayList<>();
        List<Service> silent = new ArrayList<>();
        for (Service service : at.filtered()) {
            List<PolicyService> services = PolicyService.of(service).stream()
                    .filter(policy -> at.ours().isPolicy(policy.place()))
                    .toList();
            (services.isEmpty() ? silent : asking).add(service);
            if (!services.isEmpty()) {
                early(at, service, findings);
            }
        }
        if (at.ours().settings().policyListen().isEmpty() || !at.ours().facts().hasPins()) {
            return;
        }
        for (Service service : silent) {
            if (at.takesInbound(service)) {
                findings.wrong(
                        Topic.PINS,
                        service.placeOf("smtpd_relay_restrictions"),
                        "connectors have pins, and this service never reports certificates to OrgMilter: pinned clients are"
                                + " not identified, and all that are not identified are deferred for ever",
                        "put check_policy_service before all that permits",
                        at.ours()
                                .postfixPolicy()
                                .map(socket -> at.set(
                                        service,
                                        "smtpd_relay_restrictions",
                                        "check_policy_service " + socket + ", "
                                                + service.settings().get("smtpd_relay_restrictions")))
                                .orElse(new String[0]));
            }
        }
        for (Service service : asking) {
            String digest = service.settings().get("smtpd_tls_fingerprint_digest");
            if (!digest.equals("sha256")) {
                findings.wrong(
                        Topic.PINS,
                        service.placeOf("smtpd_tls_fingerprint_digest"),
                        "fingerprints are reported as " + digest
                                + ", and pins are of sha256: no pin matches, and clients with a"
                                + " certificate are deferred unless something else identifies them",
                        "set smtpd_tls_fingerprint_digest = sha256",
                        at.mend(service, "smtpd_tls_fingerprint_digest", "sha256"));
            } else {
                findings.right(
                        Topic.PINS,
                        service.placeOf("smtpd_tls_fingerprint_digest"),
                        "certificates are reported by sha256");
            }
        }
    }

    private static void early(PostfixExamination at, Service service, Findings findings) {
        List<String> words = Restrictions.words(service);
        int policy = words.indexOf("check_policy_service");
        int certificates = words.indexOf("permit_tls_all_clientcerts");
        if (at.ours().facts().hasPins() && certificates >= 0 && certificates < policy) {
            findings.doubtful(
                    Topic.PINS,
                    service.placeOf("smtpd_relay_restrictions"),
                    "a certificate that Postfix verified is permitted before the policy query, which would report its"
                            + " fingerprint",
                    "put check_policy_service first");
        }
    }

    static String some(List<AddressRange> ranges) {
        return String.join(
                        ", ",
                        ranges.stream().limit(NAMED).map(AddressRange::toString).toList())
                + (ranges.size() > NAMED ? " and " + (ranges.size() - NAMED) + " more" : "");
    }
}
