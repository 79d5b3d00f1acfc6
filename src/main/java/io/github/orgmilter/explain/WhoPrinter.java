package io.github.orgmilter.explain;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.who.Inbound;
import io.github.orgmilter.who.Sender;
import io.github.orgmilter.who.Senders;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Prints who may send as a domain. */
public final class WhoPrinter {

    static final ConfigRenderOptions JSON = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(true);

    private static final String TO_OUTSIDE = "To recipients outside (relay):";
    private static final String BY_PARTNERS = "Where the recipient's organization has partners for such senders:";
    private static final String TO_INSIDE = "To recipients in accepted and local domains (inbound):";

    private final PrintWriter out;
    private final Senders senders;
    private final boolean relay;
    private final boolean inbound;
    private final int limit;

    /**
     * Takes what to print.
     *
     * @param limit how many connectors, and organizations with partners, to list at most; 0 for all
     */
    public WhoPrinter(PrintWriter out, Senders senders, boolean relay, boolean inbound, int limit) {
        this.out = out;
        this.senders = senders;
        this.relay = relay;
        this.inbound = inbound;
        this.limit = limit;
    }

    public void text() {
        out.println(WhoWords.standing(senders));
        notes().forEach(note -> out.println("note: " + note.text() + " (" + note.rule() + ")"));
        sections().stream().filter(section -> !section.isEmpty()).forEach(section -> section.print(out));
        out.flush();
    }

    public void json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("sender", WhoWords.sender(senders.sender()));
        all.put("standing", WhoWords.standing(senders));
        all.put("local-domain", senders.isLocal());
        all.put("owners", senders.owners().stream().map(WhoPrinter::owner).toList());
        all.put("notes", notes().stream().map(WhoEntry::json).toList());
        sections().forEach(section -> all.put(section.code(), section.json()));
        out.println(ConfigValueFactory.fromMap(all).render(JSON));
        out.flush();
    }

    private static Map<String, Object> owner(Organization organization) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("organization", organization.name());
        entry.put("sender-protection", WhoWords.lower(organization.senderProtection()));
        entry.put("header-from", WhoWords.lower(organization.headerFrom()));
        entry.put("mode", WhoWords.lower(organization.mode()));
        return entry;
    }

    private List<WhoEntry> notes() {
        return senders.unreadable().stream()
                .map(owner -> new WhoEntry(
                        "connectors-unreadable",
                        "7.6",
                        owner.name() + " has connectors that cannot be read and are not listed; run `orgmilter check`"))
                .toList();
    }

    private List<WhoSection> sections() {
        List<WhoSection> sections = new ArrayList<>();
        if (relay) {
            sections.add(WhoSection.of(
                    "relay",
                    TO_OUTSIDE,
                    WhoWords.exempt(senders),
                    senders.relay(),
                    WhoWords::of,
                    senders.isServiceInAudit() ? List.of() : List.of(WhoWords.others(senders)),
                    limit));
        }
        if (inbound) {
            sections.add(inboundSection());
            sections.add(WhoSection.of(
                    "partners",
                    BY_PARTNERS,
                    List.of(),
                    senders.isServiceInAudit() ? Stream.empty() : senders.restrictions(),
                    PartnerText::of,
                    List.of(),
                    limit));
        }
        if (!(senders.sender() instanceof Sender.Null)) {
            sections.add(WhoSection.of("header-from", "In From fields:", Stream.of(WhoWords.authors(senders))));
        }
        return sections;
    }

    private WhoSection inboundSection() {
        Inbound answer = senders.inbound();
        List<WhoEntry> first = WhoWords.exempt(senders);
        if (answer instanceof Inbound.IdentifiedBy by) {
            return WhoSection.of(
                    "inbound",
                    TO_INSIDE,
                    first,
                    senders.identifiedBy(by.owners()),
                    WhoWords::of,
                    List.of(new WhoEntry(
                            "nobody-else",
                            "5.1",
                            "nobody else: " + WhoWords.protection(by.owners())
                                    + (by.owners().size() > 1
                                            ? "; a connector of each must identify the client"
                                            : ""))),
                    limit);
        }
        if (answer instanceof Inbound.Identified) {
            first.add(new WhoEntry(
                    "identified",
                    "7.2, step 6",
                    "any client that a connector of any organization identifies (unidentified-mail = reject); others only"
                            + " to recipients of organizations in audit"));
        } else if (!senders.isServiceInAudit()) {
            first.add(new WhoEntry(
                    "anybody",
                    "5.1",
                    "anybody: "
                            + (senders.owners().isEmpty()
                                    ? "no organization protects it"
                                    : WhoWords.protection(senders.owners()))));
        }
        return WhoSection.of("inbound", TO_INSIDE, first.stream());
    }
}
