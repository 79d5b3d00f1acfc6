package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The domains below its own that an organization leaves to others: docs/rules.md, 2.5. */
record DelegatedDomains(boolean all, List<Located<DomainName>> domains) {

    static final DelegatedDomains NONE = new DelegatedDomains(false, List.of());

    private static final String ALL = "*";

    static DelegatedDomains read(Node list) {
        List<Node> named = new ArrayList<>();
        boolean all = false;
        for (Node node : list.elements()) {
            if (node.isText() && node.text().filter(ALL::equals).isPresent()) {
                all = true;
            } else {
                named.add(node);
            }
        }
        if (all && !named.isEmpty()) {
            list.error("all domains, and some by name", "write [ \"*\" ] alone, or only the names");
        }
        return new DelegatedDomains(all, Values.all(named, DomainName::parse));
    }

    /** Reports those that are not below a domain with its subdomains. */
    void check(List<Located<AcceptedDomain>> own, Node list) {
        for (Located<DomainName> delegated : domains) {
            boolean below = own.stream()
                    .map(Located::value)
                    .anyMatch(accepted -> accepted.subdomains()
                            && accepted.covers(delegated.value())
                            && !accepted.domain().equals(delegated.value()));
            if (!below) {
                list.problems()
                        .error(
                                delegated.location(),
                                "\"" + delegated.value() + "\" is not below an accepted domain with its subdomains,"
                                        + " so there is nothing to delegate",
                                "remove it, or add the domain above it to accepted-domains with its subdomains");
            }
        }
    }

    /** What it makes of an organization of a file. */
    Standing standing() {
        Set<DomainName> names = domains.stream().map(Located::value).collect(Collectors.toSet());
        return new Standing(false, false, all, names);
    }
}
