package io.github.orgmilter.doctor;

import io.github.orgmilter.postfix.Milter;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** How Postfix asks OrgMilter, and what it does without an answer. */
final class MilterSettings {

    private static final Pattern NAME = Pattern.compile("\\{?([a-z_]+)\\}?=.*");
    private static final Set<String> IDENTITY = Set.of(
            "auth_authen",
            "auth_type",
            "cert_subject",
            "cert_issuer",
            "cn_subject",
            "cn_issuer",
            "verify",
            "tls_version");

    private MilterSettings() {}

    static void wired(PostfixExamination at, Findings findings) throws IOException {
        for (Service service : at.smtpds()) {
            Optional<String> off = at.disabledBy(service);
            if (at.milter(service).isPresent() && off.isPresent()) {
                findings.wrong(
                        Topic.MILTER_DISABLED,
                        service.placeOf(off.get()),
                        "OrgMilter is listed for this service, and " + off.get()
                                + " has some or all clients pass without it",
                        "remove no_milters and DISABLE, or put them on a service that nobody but this machine reaches",
                        at.mend(service, off.get(), without(service, off.get())));
            }
        }
        List<Service> filtered = at.filtered();
        if (filtered.isEmpty()) {
            Optional<Service> first = at.smtpds().stream()
                    .filter(service -> !service.isLoopbackOnly())
                    .findFirst();
            findings.wrong(
                    Topic.MILTER_MISSING,
                    "master.cf",
                    "no service asks OrgMilter, which listens on "
                            + at.ours().settings().listen(),
                    "set smtpd_milters for the service on port 25",
                    first.map(at::filter).orElse(new String[0]));
        }
        for (Service service : filtered) {
            if (!service.settings().get("smtpd_milter_maps").isEmpty()) {
                findings.doubtful(
                        Topic.MILTER_DISABLED,
                        service.placeOf("smtpd_milter_maps"),
                        "clients that it has may pass without OrgMilter",
                        "see that it names OrgMilter for all that may relay, and DISABLE for none");
            }
            defaultAction(at, service, findings);
        }
    }

    private static String without(Service service, String parameter) {
        return parameter.equals("receive_override_options")
                ? String.join(
                        ",",
                        service.settings().words(parameter).stream()
                                .filter(word -> !word.equals("no_milters"))
                                .toList())
                : "";
    }

    private static void defaultAction(PostfixExamination at, Service service, Findings findings) {
        Milter milter = at.milter(service).orElseThrow();
        boolean own = milter.text().contains("default_action");
        String place = service.placeOf(own ? "smtpd_milters" : "milter_default_action");
        String[] repair = own
                ? at.set(
                        service,
                        "smtpd_milters",
                        service.settings()
                                .get("smtpd_milters")
                                .replaceAll("default_action\\s*=\\s*[a-z]+", "default_action=tempfail"))
                : at.mend(service, "milter_default_action", "tempfail");
        switch (milter.action().toLowerCase(Locale.ROOT)) {
            case "tempfail" ->
                findings.right(Topic.DEFAULT_ACTION, place, "without OrgMilter, clients are asked to try again");
            case "accept", "quarantine" ->
                findings.wrong(
                        Topic.DEFAULT_ACTION,
                        place,
                        "while OrgMilter does not answer, this service goes on without it: " + milter.action(),
                        "set default_action=tempfail",
                        repair);
            default ->
                findings.doubtful(
                        Topic.DEFAULT_ACTION,
                        place,
                        "while OrgMilter does not answer, as during a restart, mail is lost or clients are cut off: "
                                + milter.action(),
                        "set default_action=tempfail, so that they try again",
                        repair);
        }
    }

    static void macros(PostfixExamination at, Findings findings) throws IOException {
        for (Service service : at.filtered()) {
            List<String> forged = service.settings().words("milter_macro_defaults").stream()
                    .map(word -> NAME.matcher(word))
                    .filter(name -> name.matches() && IDENTITY.contains(name.group(1)))
                    .map(name -> "{" + name.group(1) + "}")
                    .toList();
            if (!forged.isEmpty()) {
                findings.wrong(
                        Topic.FORGED_MACROS,
                        service.placeOf("milter_macro_defaults"),
                        "Postfix reports " + String.join(" and ", forged)
                                + " of clients that have none, and OrgMilter believes it",
                        "remove it",
                        at.mend(service, "milter_macro_defaults", ""));
            }
            String version = service.settings().get("milter_macro_v");
            if (!version.startsWith("Postfix")) {
                findings.wrong(
                        Topic.MAIL_NAME,
                        service.placeOf("milter_macro_v"),
                        "Postfix calls itself \"" + version
                                + "\", so that OrgMilter takes it for Sendmail, and no certificate"
                                + " identifies a client",
                        "set mail_name = Postfix, or milter_macro_v = Postfix $mail_version",
                        at.mendText(service, "milter_macro_v", "Postfix $mail_version"));
            }
        }
    }

    /** Mail that has no SMTP client: of this machine's users, and back from a content filter. */
    static void ownMail(PostfixExamination at, Findings findings) throws IOException {
        boolean exempt = at.ours().isExempt("127.0.0.1");
        for (Service service : at.smtpds().stream().limit(1).toList()) {
            // cleanup(8) asks them, with the settings of main.cf, whatever smtpd has of its own
            boolean asked = Milter.of(at.instance().main(), "non_smtpd_milters", service.chroot()).stream()
                    .anyMatch(milter -> at.ours().isMilter(milter.place()));
            if (asked && !exempt) {
                findings.wrong(
                        Topic.OWN_MAIL,
                        "main.cf: non_smtpd_milters",
                        "OrgMilter refuses what this machine's own users send to the outside, as cron does: it comes from no"
                                + " client that it knows",
                        "leave non_smtpd_milters empty",
                        at.set("non_smtpd_milters", ""));
            }
        }
        boolean filters = at.smtpds().stream()
                .anyMatch(service -> !service.settings().get("content_filter").isEmpty()
                        || !service.settings().get("smtpd_proxy_filter").isEmpty());
        for (Service service : at.filtered()) {
            boolean loopback = service.name().matches("(127\\..*|localhost|\\[?::1\\]?):[^:]+");
            if (filters && loopback && !exempt) {
                findings.wrong(
                        Topic.REINJECTION,
                        service.placeOf("smtpd_milters"),
                        "mail that a content filter gives back comes from 127.0.0.1, which OrgMilter knows as no client: what"
                                + " is to leave is refused",
                        "set no milter on this service, and receive_override_options = no_milters",
                        at.set(service, "smtpd_milters", ""));
            }
        }
    }
}
