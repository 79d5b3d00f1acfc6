package io.github.orgmilter.explain;

import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.domains.ClaimProblem;
import io.github.orgmilter.who.Grant;
import io.github.orgmilter.who.Identity;
import io.github.orgmilter.who.OwnDomain;
import io.github.orgmilter.who.Server;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints what the servers of a connector may do. */
public final class ServerPrinter {

    private final PrintWriter out;
    private final Server server;
    private final List<ClaimProblem> problems;
    private final int limit;

    /**
     * Takes what to print.
     *
     * @param problems what its organization claims and does not have
     * @param limit how many domains to list at most; 0 for all
     */
    public ServerPrinter(PrintWriter out, Server server, List<ClaimProblem> problems, int limit) {
        this.out = out;
        this.server = server;
        this.problems = List.copyOf(problems);
        this.limit = limit;
    }

    public void text() {
        out.println(server.name() + ": " + identity());
        problems.forEach(problem -> out.println("note: " + ClaimText.of(problem)));
        sections().forEach(section -> section.print(out));
        out.flush();
    }

    public void json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("organization", server.name().owner());
        all.put("connector", server.name().name());
        all.put("enabled", server.connector().enabled());
        all.put("audit", server.isInAudit());
        server.identity().ifPresent(identity -> all.put("identity", IdentityText.json(identity)));
        all.put("text", identity());
        all.put("problems", problems.stream().map(ClaimText::of).toList());
        sections().forEach(section -> all.put(section.code(), section.json()));
        out.println(ConfigValueFactory.fromMap(all).render(WhoPrinter.JSON));
        out.flush();
    }

    private String identity() {
        Optional<Identity> identity = server.identity();
        if (identity.isPresent()) {
            return IdentityText.of(identity.get()) + (server.isInAudit() ? "; in audit" : "");
        }
        return server.connector().enabled()
                ? "identifies no client: all that it names belongs to other organizations (3.9)"
                : "identifies no client: it is disabled (enabled = false)";
    }

    private List<WhoSection> sections() {
        if (server.identity().isEmpty()) {
            return List.of();
        }
        List<WhoSection> sections = new ArrayList<>();
        sections.add(WhoSection.of(
                "own-domains",
                "Relay as the domains of its organization:",
                List.of(),
                server.ownDomains(),
                this::ownDomain,
                List.of(),
                limit));
        sections.add(WhoSection.of("elsewhere", "Relay as any other domain:", elsewhere()));
        sections.add(WhoSection.of("null-sender", "Relay with the null sender:", Stream.of(nullSender())));
        sections.add(WhoSection.of(
                "inbound",
                "To recipients in accepted and local domains:",
                Stream.of(new WhoEntry(
                        "inbound",
                        "7.2, step 7",
                        "as any domain, but not as one of another organization whose sender-protection is all"
                                + (server.isRestrictedByPartners()
                                        ? ", and only from where the partners of another organization allow, if it is the"
                                                + " recipient's (15.1)"
                                        : "")))));
        return sections;
    }

    private WhoEntry ownDomain(OwnDomain own) {
        String domain = own.domain().toString();
        if (own.grants().isEmpty()) {
            return new WhoEntry(
                    "none", own.owners().size() == 1 && isOwner(own) ? "4.2" : "2.5", domain + ": no, " + why(own));
        }
        return new WhoEntry(rules(own.grants()), sections(own.grants()), domain + how(own.grants()));
    }

    private boolean isOwner(OwnDomain own) {
        return own.owners().get(0).name().equals(server.name().owner());
    }

    private String why(OwnDomain own) {
        if (own.owners().isEmpty()) {
            return "it is a local domain";
        }
        if (own.owners().size() > 1) {
            return "it is in dispute between " + WhoWords.and(WhoWords.names(own.owners()));
        }
        return isOwner(own)
                ? "it is not in sender-domains"
                : "it belongs to " + own.owners().get(0).name();
    }

    private Stream<WhoEntry> elsewhere() {
        List<Grant> grants = server.elsewhere();
        if (grants.isEmpty()) {
            return Stream.of(new WhoEntry("none", "4.1", "no"));
        }
        return Stream.of(new WhoEntry(
                rules(grants),
                sections(grants),
                "as any domain of no organization, and of other organizations whose sender-protection is off"
                        + how(grants)));
    }

    private WhoEntry nullSender() {
        List<Grant> grants = server.nullSender();
        return grants.isEmpty()
                ? new WhoEntry("none", "4.3", "no")
                : new WhoEntry(rules(grants), sections(grants), "yes" + how(grants));
    }

    private static String rules(List<Grant> grants) {
        return grants.stream().map(grant -> grant.rule().key()).collect(Collectors.joining(" "));
    }

    private static String sections(List<Grant> grants) {
        return grants.stream().map(grant -> grant.rule().section()).collect(Collectors.joining("; "));
    }

    /** What is required beside the connector's identity, where it is more. */
    private String how(List<Grant> grants) {
        Optional<Identity> whole = server.identity();
        String how = grants.stream()
                .map(WhoWords::of)
                .filter(entry -> !entry.text()
                        .equals(server.name() + ": "
                                + whole.map(IdentityText::of).orElse("")))
                .map(entry -> entry.text().substring(server.name().toString().length() + 2))
                .collect(Collectors.joining("; or "));
        return how.isEmpty() ? "" : ": " + how;
    }
}
