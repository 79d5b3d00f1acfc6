package io.github.orgmilter.domains;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.index.SuffixTable;
import org.jspecify.annotations.Nullable;

/**
 * Finds the claims that count for a name, from the domain highest above it down: docs/rules.md, 2.5. What is claimed below another
 * claim's subdomains depends on that one.
 */
class ClaimWalk implements SuffixTable.Visitor<Claim> {

    private final String name;
    private final int exact;
    private @Nullable Claim above;
    private @Nullable Claim found;

    /**
     * Begins one.
     *
     * @param exact a claim of a domain that begins there in the name or before covers it even without subdomains
     */
    ClaimWalk(String name, int exact) {
        this.name = name;
        this.exact = exact;
    }

    @Override
    public boolean visit(Claim claims, int start) {
        counting(claims, start);
        return false;
    }

    /** Takes the claims of the domain that begins there; returns those that count for it. */
    final Claim counting(Claim claims, int start) {
        boolean alone = !claims.isDisputed()
                && (above == null || (above.isOnly(claims.organization()) && above.since() >= claims.since()));
        Claim counting = alone ? claims : claims.counting(above, new DomainName(name.substring(start)));
        if (start <= exact) {
            found = counting;
        }
        for (Claim each = counting; each != null; each = each.next()) {
            if (each.subdomains()) {
                above = counting;
                break;
            }
        }
        return counting;
    }

    /** The claims that count for the name, or null. */
    final @Nullable Claim result() {
        return found != null ? found : above;
    }
}
