package io.github.orgmilter.organization;

import io.github.orgmilter.identity.DomainName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The partners of one organization, found by the domain of a sender: one look-up for each of its labels. Immutable. */
public final class Partners {

    /** An organization without partners. */
    public static final Partners NONE = new Partners(List.of());

    private final List<Partner> all;
    private final Map<String, List<Partner>> ofDomain = new HashMap<>(); // exactly
    private final Map<String, List<Partner>> below = new HashMap<>(); // with subdomains
    private final List<Partner> ofEverybody = new ArrayList<>();

    private Partners(List<Partner> all) {
        this.all = all;
        for (Partner partner : all) {
            for (AcceptedDomain domain : partner.senderDomains()) {
                (domain.subdomains() ? below : ofDomain)
                        .computeIfAbsent(domain.domain().ascii(), none -> new ArrayList<>(1))
                        .add(partner);
            }
            if (partner.everybody()) {
                ofEverybody.add(partner);
            }
        }
    }

    /** Takes them in the order written. */
    public static Partners of(List<Partner> partners) {
        return partners.isEmpty() ? NONE : new Partners(List.copyOf(partners));
    }

    public List<Partner> all() {
        return all;
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** 15.2: those with the closest entry for a sender's domain, one of which is enough; none if no entry has it. */
    public List<Partner> of(DomainName domain) {
        String name = domain.ascii();
        List<Partner> exact = ofDomain.get(name);
        if (exact != null) {
            return exact;
        }
        for (int start = 0; ; ) {
            List<Partner> closest = below.get(name.substring(start));
            if (closest != null) {
                return closest;
            }
            int dot = name.indexOf('.', start);
            if (dot < 0) {
                return ofEverybody;
            }
            start = dot + 1;
        }
    }

    /** Whether a domain is in an entry other than the one for everybody. */
    public boolean haveEntry(DomainName domain) {
        return of(domain) != ofEverybody;
    }

    /** Those that concern every sender without an entry of its own. */
    public List<Partner> ofEverybody() {
        return ofEverybody;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Partners partners && all.equals(partners.all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    @Override
    public String toString() {
        return all.toString();
    }
}
