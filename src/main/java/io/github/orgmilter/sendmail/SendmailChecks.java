package io.github.orgmilter.sendmail;

import io.github.orgmilter.asking.Place;
import io.github.orgmilter.asking.Questions;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.sendmail.SendmailExamination.Answer;
import io.github.orgmilter.wiring.Asking;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks at how Sendmail asks OrgMilter, and whom its own rules let ask. */
final class SendmailChecks {

    private static final int MOST = 1000;
    private static final int NAMED = 3;
    private static final String BELOW = "orgmilter-doctor.";

    private SendmailChecks() {}

    static void filter(SendmailExamination at, Findings findings) {
        Optional<Filter> filter = at.filter();
        if (filter.isEmpty() || at.sendmail().listeners().stream().noneMatch(at::filters)) {
            findings.wrong(
                    Topic.MILTER_MISSING,
                    at.sendmail().file(),
                    "no daemon asks OrgMilter, which listens on "
                            + at.ours().settings().listen(),
                    "add INPUT_MAIL_FILTER(`orgmilter', `S=..., F=T, T=C:5s;S:5s;R:5s;E:5s')");
            return;
        }
        String place = at.sendmail().file() + ": X" + filter.get().name();
        switch (filter.get().failure()) {
            case "T", "4" ->
                findings.right(Topic.DEFAULT_ACTION, place, "without OrgMilter, clients are asked to try again");
            case "" ->
                findings.wrong(
                        Topic.DEFAULT_ACTION,
                        place,
                        "while OrgMilter does not answer, mail goes on without it: there is no F=",
                        "write F=T in INPUT_MAIL_FILTER");
            default ->
                findings.doubtful(
                        Topic.DEFAULT_ACTION,
                        place,
                        "while OrgMilter does not answer, as during a restart, mail is lost or clients are cut off: F="
                                + filter.get().failure(),
                        "write F=T in INPUT_MAIL_FILTER");
        }
    }

    static void daemons(SendmailExamination at, Findings findings) throws IOException {
        boolean wide = at.isWide();
        boolean filtered = false;
        for (Listener listener : at.sendmail().listeners()) {
            String place = at.sendmail().file() + ": DaemonPortOptions=" + listener.text();
            if (at.filters(listener)) {
                filtered |= !listener.isLoopbackOnly();
            } else if (listener.isLoopbackOnly()) {
                findings.right(
                        Topic.OPEN_SERVICE,
                        place,
                        "not filtered by OrgMilter, and reached from this machine alone, where every user can send mail anyway");
            } else if (listener.requiresLogin()) {
                logins(at, place, findings);
            } else if (wide) {
                findings.wrong(
                        Topic.OPEN_SERVICE,
                        place,
                        "everybody relays by this daemon without OrgMilter",
                        "leave InputMailFilters out, or require a login: M=a");
            } else if (at.filter().isPresent()) {
                findings.wrong(
                        Topic.MILTER_DISABLED,
                        place,
                        "whoever Sendmail lets relay, by address or certificate, does so as anybody, without OrgMilter",
                        "leave InputMailFilters out, or require a login: M=a");
            }
        }
        String place = at.sendmail().file() + ": check_rcpt";
        if (wide && filtered) {
            findings.doubtful(
                    Topic.WIDE_GATE,
                    place,
                    "everybody may ask to relay: OrgMilter alone keeps this from being an open relay",
                    "take the tight gate of docs/gates.md, by which Sendmail refuses strangers by itself");
        } else if (!wide) {
            findings.right(Topic.WIDE_GATE, place, "without OrgMilter strangers do not relay");
        }
    }

    private static void logins(SendmailExamination at, String place, Findings findings) {
        if (at.ours().trustsEveryLogin()) {
            findings.right(
                    Topic.UNFILTERED_LOGINS, place, "logins relay without OrgMilter, which trusts every login as well");
        } else {
            findings.wrong(
                    Topic.UNFILTERED_LOGINS,
                    place,
                    "every login relays as anybody by this daemon, and trusted-logins does not have them all",
                    "leave InputMailFilters out");
        }
    }

    /** Sendmail's own ways to relay, which no milter can forbid where there is none. */
    static void ownWays(SendmailExamination at, Findings findings) throws IOException {
        if (at.sendmail().members("{TrustAuthMech}").contains("EXTERNAL")) {
            findings.doubtful(
                    Topic.SASL_EXTERNAL,
                    at.sendmail().file() + ": C{TrustAuthMech}",
                    "EXTERNAL makes a login of every certificate of a CA that is trusted, and lets it ask to relay",
                    "leave EXTERNAL out of TRUST_AUTH_MECH and confAUTH_MECHANISMS");
        }
        List<String> relayed = at.sendmail().members("R");
        if (!relayed.isEmpty()) {
            findings.doubtful(
                    Topic.LISTED_CLIENTS,
                    at.sendmail().file() + ": class R",
                    "clients whose addresses have names in " + some(relayed)
                            + " may ask to relay, and who gives them names is" + " not known",
                    "use To: in the access map in the place of RELAY_DOMAIN and relay-domains");
        }
        if (!at.sendmail()
                .option("DontProbeInterfaces")
                .toLowerCase(Locale.ROOT)
                .startsWith("t")) {
            findings.doubtful(
                    Topic.TRUSTED_NETWORKS,
                    at.sendmail().file() + ": DontProbeInterfaces",
                    "this machine's own addresses are in class w, and clients that come from one of them may ask to relay past"
                            + " the access map",
                    "define(`confDONT_PROBE_INTERFACES', `True')");
        }
        String features = at.sendmail().serverFeatures();
        if (features.matches(".*[OUG].*")) {
            findings.wrong(
                    Topic.SMUGGLING,
                    at.sendmail().file() + ": srv_features",
                    "a user of a customer's server can hide a second message in the first, with an envelope of its own: "
                            + features,
                    "leave the letters O, U and G out of srv_features");
        } else {
            findings.right(Topic.SMUGGLING, at.sendmail().file() + ": srv_features", "no lenient ends of messages");
        }
    }

    static void domains(SendmailExamination at, Findings findings) throws IOException {
        if (at.isWide()) {
            return; // everything is taken
        }
        List<String> domains = new ArrayList<>(at.ours().facts().localDomains());
        List<String> below = new ArrayList<>();
        for (AcceptedDomain accepted : at.ours().facts().acceptedDomains()) {
            domains.add(accepted.domain().ascii());
            (accepted.subdomains() ? domains : below)
                    .add(BELOW + accepted.domain().ascii());
        }
        List<String> looked = domains.stream().distinct().limit(MOST).toList();
        String stranger = at.ours().stranger().toString();
        List<Answer> answers = at.ask(
                stranger, looked.stream().map(domain -> "nobody@" + domain).toList());
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < looked.size(); i++) {
            if (answers.get(i) == Answer.REFUSED) {
                refused.add(
                        looked.get(i).startsWith(BELOW)
                                ? "below " + looked.get(i).substring(BELOW.length())
                                : looked.get(i));
            }
        }
        String place = at.sendmail().file() + ": check_rcpt";
        if (answers.contains(Answer.DEFERRED)) {
            findings.wrong(
                    Topic.DOMAIN_REFUSED,
                    place,
                    "Sendmail defers mail for OrgMilter's domains: it cannot read its access map",
                    "start OrgMilter, correct the map's socket, or make the file with makemap");
        } else if (refused.isEmpty()) {
            findings.right(Topic.DOMAIN_REFUSED, place, "Sendmail takes mail for OrgMilter's domains");
        } else {
            findings.wrong(
                    Topic.DOMAIN_REFUSED,
                    place,
                    "Sendmail takes no mail for domains that are OrgMilter's: " + some(refused),
                    "use the map access of map-listen, or list them with To: in the access map");
        }
        subdomains(at, below, stranger, findings);
    }

    private static void subdomains(SendmailExamination at, List<String> below, String stranger, Findings findings)
            throws IOException {
        if (!below.isEmpty()
                && at.ask(stranger, List.of("nobody@" + below.get(0))).contains(Answer.ACCEPTED)) {
            findings.doubtful(
                    Topic.SUBDOMAINS,
                    at.sendmail().file() + ": check_rcpt",
                    "Sendmail takes mail for what is below " + below.get(0).substring(BELOW.length())
                            + " as well, and OrgMilter does not count it as the organization's",
                    "add FEATURE(`relay_hosts_only')");
        }
    }

    static void known(SendmailExamination at, Findings findings) throws IOException {
        List<String> machine = at.sendmail().members("w").stream()
                .filter(name -> isUnknown(at, name))
                .toList();
        if (!machine.isEmpty()) {
            findings.doubtful(
                    Topic.DOMAIN_UNKNOWN,
                    at.sendmail().file() + ": class w",
                    "OrgMilter refuses mail to the machine's own users at " + some(machine),
                    "add them to local-domains of orgmilter.conf");
        }
        List<String> unknown = at.sendmail().accessKeys().stream()
                .filter(key -> key.startsWith("to:"))
                .map(key -> key.substring("to:".length()))
                .filter(name -> !name.contains("@") && isUnknown(at, name))
                .toList();
        if (!unknown.isEmpty()) {
            findings.wrong(
                    Topic.DOMAIN_UNKNOWN,
                    at.sendmail().accessFile().orElse("the access map"),
                    "Sendmail takes mail for domains that OrgMilter does not know, and OrgMilter refuses it: "
                            + some(unknown),
                    "add them to accepted-domains or local-domains of orgmilter.conf, or remove them here");
        }
    }

    private static boolean isUnknown(SendmailExamination at, String name) {
        Optional<DomainName> domain = name.startsWith("localhost") || name.startsWith("[")
                ? Optional.empty()
                : DomainName.asWritten(name).filter(it -> !it.isSingleLabel());
        return domain.isPresent() && !at.ours().knows(domain.get());
    }

    static void letsThrough(SendmailExamination at, Findings findings) throws IOException {
        List<AddressRange> ranges =
                at.ours().facts().ranges().stream().distinct().limit(MOST).toList();
        if (ranges.isEmpty()) {
            return;
        }
        List<Answer> answers =
                at.askFor(ranges.stream().map(range -> range.first().toString()).toList());
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            if (answers.get(i) == Answer.REFUSED) {
                refused.add(ranges.get(i).toString());
            }
        }
        String place = at.sendmail().file() + ": check_rcpt";
        if (refused.isEmpty()) {
            findings.right(Topic.GATE_REFUSES, place, "clients that OrgMilter knows by address may ask to relay");
        } else {
            findings.wrong(
                    Topic.GATE_REFUSES,
                    place,
                    "Sendmail refuses clients that OrgMilter knows by address, before it asks: " + some(refused),
                    "use the map access of map-listen, or export again and run makemap");
        }
    }

    static void answers(SendmailExamination at, Findings findings) throws IOException {
        Asking asking = new Asking(at.machine(), at.ours(), findings);
        if (at.filter().isPresent()) {
            Place place = at.filter().get().place();
            String where = at.sendmail().file() + ": X" + at.filter().get().name();
            if (asking.reaches("root", "", where, place)) {
                asking.judge(
                        where, place, at.questions().milter(place, at.ours().stranger()));
            }
        }
        Optional<Place> map = at.sendmail().accessSocket();
        if (map.isPresent() && at.ours().isMap(map.get())) {
            String where = at.sendmail().file() + ": Kaccess";
            if (asking.reaches("root", "", where, map.get())) {
                asking.judge(where, map.get(), at.questions().map(map.get(), "access", "to:" + Questions.NOWHERE));
            }
        }
    }

    private static String some(List<String> names) {
        return String.join(", ", names.stream().limit(NAMED).toList())
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    }
}
