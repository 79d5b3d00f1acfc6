package io.github.orgmilter.doctor;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.postfix.Destinations;
import io.github.orgmilter.postfix.Settings;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether Postfix and OrgMilter agree on the domains to which anybody may write. */
final class Domains {

    private static final int MOST = 10_000;
    private static final int NAMED = 3;
    /** A label that nobody has. */
    private static final String BELOW = "orgmilter-doctor.";

    private Domains() {}

    static void look(PostfixExamination at, Findings findings) throws IOException {
        Settings main = at.instance().main();
        Destinations destinations = Destinations.of(at.instance());
        taken(at, destinations, findings);
        known(at, destinations, main, findings);
        if (destinations.parentsCount()) {
            Optional<AcceptedDomain> alone = at.ours().facts().acceptedDomains().stream()
                    .filter(accepted -> !accepted.subdomains())
                    .findFirst();
            boolean takes = alone.isPresent()
                    && !destinations
                            .among(List.of(BELOW + alone.get().domain().ascii()))
                            .isEmpty();
            if (takes) {
                findings.doubtful(
                        Topic.SUBDOMAINS,
                        "main.cf: parent_domain_matches_subdomains",
                        "Postfix takes mail for what is below " + alone.get().domain()
                                + " as well, and OrgMilter does not count it as " + "the organization's",
                        "set parent_domain_matches_subdomains to nothing, and subdomains = true where they are meant",
                        at.set("parent_domain_matches_subdomains", ""));
            }
        }
    }

    private static void taken(PostfixExamination at, Destinations destinations, Findings findings) throws IOException {
        List<String> domains = new ArrayList<>(at.ours().facts().localDomains());
        for (AcceptedDomain accepted : at.ours().facts().acceptedDomains()) {
            domains.add(accepted.domain().ascii());
            if (accepted.subdomains()) {
                domains.add(BELOW + accepted.domain().ascii());
            }
        }
        List<String> looked = domains.stream().distinct().limit(MOST).toList();
        Set<String> taken = destinations.among(looked);
        List<String> refused = looked.stream()
                .filter(domain -> !taken.contains(domain))
                .map(domain -> domain.startsWith(BELOW) ? "below " + domain.substring(BELOW.length()) : domain)
                .toList();
        String place = "main.cf: " + String.join(", ", Destinations.SETTINGS);
        if (refused.isEmpty()) {
            findings.right(Topic.DOMAIN_REFUSED, place, "Postfix takes mail for OrgMilter's domains");
        } else if (destinations.unsure()) {
            findings.doubtful(
                    Topic.DOMAIN_REFUSED,
                    place,
                    "a table cannot be asked from here, so it is not known whether Postfix takes mail for "
                            + some(refused),
                    "run this on the MTA's machine, as root");
        } else {
            findings.wrong(
                    Topic.DOMAIN_REFUSED,
                    place,
                    "Postfix takes no mail for domains that are OrgMilter's: " + some(refused),
                    "look them up in the map relay-domains of map-listen, or list them: relay_domains for what is passed on,"
                            + " mydestination and virtual_mailbox_domains for what is delivered here",
                    at.ours()
                            .postfixMap("relay-domains")
                            .map(map -> new String[] {
                                at.set("relay_domains", (at.instance().main().get("relay_domains") + " " + map).strip())
                            })
                            .orElse(new String[0]));
        }
    }

    private static void known(PostfixExamination at, Destinations destinations, Settings main, Findings findings)
            throws IOException {
        List<String> unknown = new ArrayList<>();
        List<String> own = new ArrayList<>();
        List<String> machine = main.words("mydestination").stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        for (String name : destinations.listed()) {
            Optional<DomainName> domain = name.contains("@") || name.startsWith("localhost")
                    ? Optional.empty()
                    : DomainName.asWritten(name.replaceFirst("^\\.", "")).filter(it -> !it.isSingleLabel());
            if (domain.isPresent() && !at.ours().knows(domain.get())) {
                (machine.contains(name) ? own : unknown).add(name);
            }
        }
        if (!unknown.isEmpty()) {
            findings.wrong(
                    Topic.DOMAIN_UNKNOWN,
                    "main.cf: " + String.join(", ", Destinations.SETTINGS),
                    "Postfix takes mail for domains that OrgMilter does not know, and OrgMilter refuses it: "
                            + some(unknown),
                    "add them to accepted-domains or local-domains of orgmilter.conf, or remove them here");
        }
        if (!own.isEmpty()) {
            findings.doubtful(
                    Topic.DOMAIN_UNKNOWN,
                    "main.cf: mydestination",
                    "OrgMilter refuses mail to the machine's own users at " + some(own),
                    "add them to local-domains of orgmilter.conf");
        }
    }

    private static String some(List<String> domains) {
        return String.join(", ", domains.stream().limit(NAMED).toList())
                + (domains.size() > NAMED ? " and " + (domains.size() - NAMED) + " more" : "");
    }
}
