package io.github.orgmilter.domains;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An organization's claim of a domain, with the other claims of the same domain: docs/rules.md, 2.5. As what came of the look-up of a
 * name: the claims that count, one or, of a disputed domain, several.
 */
final class Claim {

    private static final Comparator<Claim> BY_NAME = Comparator.comparing(claim -> claim.organization.name());

    private final Organization organization;
    private final boolean subdomains;
    private final long since; // as in AcceptedDomain
    private final @Nullable Claim next; // by the name of its organization

    Claim(Organization organization, boolean subdomains, long since, @Nullable Claim next) {
        this.organization = organization;
        this.subdomains = subdomains;
        this.since = since;
        this.next = next;
    }

    Organization organization() {
        return organization;
    }

    boolean subdomains() {
        return subdomains;
    }

    long since() {
        return since;
    }

    @Nullable
    Claim next() {
        return next;
    }

    boolean isDisputed() {
        return next != null;
    }

    /** The one of an organization, or null. */
    @Nullable
    Claim of(Organization claimant) {
        for (Claim each = this; each != null; each = each.next) {
            if (each.organization.is(claimant)) {
                return each;
            }
        }
        return null;
    }

    /** Whether it is the organization's, and undisputed. */
    boolean isOnly(Organization claimant) {
        return next == null && organization.is(claimant);
    }

    /** The first organization that passes. */
    Optional<Organization> first(Predicate<Organization> test) {
        for (Claim each = this; each != null; each = each.next) {
            if (test.test(each.organization)) {
                return Optional.of(each.organization);
            }
        }
        return Optional.empty();
    }

    List<Claim> all() {
        List<Claim> all = new ArrayList<>(1);
        for (Claim each = this; each != null; each = each.next) {
            all.add(each);
        }
        return all;
    }

    private static @Nullable Claim chain(List<Claim> claims) {
        claims.sort(BY_NAME);
        Claim chain = null;
        for (int i = claims.size() - 1; i >= 0; i--) {
            Claim claim = claims.get(i);
            chain = claim.next == chain ? claim : new Claim(claim.organization, claim.subdomains, claim.since, chain);
        }
        return chain;
    }

    /** The claims with one more; of two of the same organization, one with the merits of both. */
    static Claim plus(@Nullable Claim claims, Claim more) {
        if (claims == null) {
            return more;
        }
        List<Claim> all = claims.all();
        Claim own = claims.of(more.organization);
        all.remove(own);
        all.add(
                own == null
                        ? more
                        : new Claim(
                                more.organization,
                                more.subdomains || own.subdomains,
                                Math.min(more.since, own.since),
                                null));
        Claim chain = chain(all);
        return chain == null ? more : chain;
    }

    /** The claims without those of an organization; null if none is left. */
    static @Nullable Claim minus(@Nullable Claim claims, Organization claimant) {
        if (claims == null || claims.of(claimant) == null) {
            return claims;
        }
        List<Claim> all = claims.all();
        all.removeIf(claim -> claim.organization.is(claimant));
        return chain(all);
    }

    /**
     * Those of a domain's claims that count, with those that cover it from above unless they delegate it.
     *
     * @param above those that count for what is below the closest domain above that is claimed with its subdomains
     */
    Claim counting(@Nullable Claim above, DomainName domain) {
        for (Claim each = this; each != null; each = each.next) {
            if (!each.organization.standing().ofDirectory()) { // of files, the most specific claim counts
                return each.next == null ? each : new Claim(each.organization, each.subdomains, each.since, null);
            }
        }
        List<Claim> claims = new ArrayList<>();
        for (Claim each = this; each != null; each = each.next) {
            Claim own = above == null ? null : above.of(each.organization);
            claims.add(
                    own == null || own.since >= each.since
                            ? each
                            : new Claim(each.organization, each.subdomains, own.since, null));
        }
        for (Claim each = above; each != null; each = each.next) {
            if (of(each.organization) == null && !each.organization.standing().delegates(domain)) {
                claims.add(new Claim(each.organization, false, each.since, null)); // for this domain alone
            }
        }
        long oldest = claims.stream().mapToLong(Claim::since).min().orElse(AcceptedDomain.UNDATED);
        claims.removeIf(claim ->
                claim.since != oldest && (claim.since != AcceptedDomain.UNDATED || oldest == AcceptedDomain.OF_FILE));
        Claim counting = chain(claims);
        return counting == null ? this : counting;
    }
}
