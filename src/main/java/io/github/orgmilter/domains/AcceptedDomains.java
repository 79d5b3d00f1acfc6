package io.github.orgmilter.domains;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.index.SuffixTable;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which organization owns a domain name: docs/rules.md, section 2. A look-up is one pass over the name, however many organizations
 * there are. Immutable: {@link #with} makes the next one, at the cost of what changes.
 */
public final class AcceptedDomains {

    /** An accepted domain and its organization. */
    public record Owned(DomainName domain, Organization organization) {}

    private static final SuffixTable.Visitor<Claim> COVERS = (claim, start) -> start == 0 || claim.subdomains();

    private final SuffixTable<Claim> claims;
    private final Set<DomainName> localDomains;
    private final boolean
            ofFiles; // all of them: then the most specific claim counts, and nothing else is to be looked at

    /** None but local domains. */
    public AcceptedDomains(Set<DomainName> localDomains) {
        this(new SuffixTable<>(), Set.copyOf(localDomains), true);
    }

    private AcceptedDomains(SuffixTable<Claim> claims, Set<DomainName> localDomains, boolean ofFiles) {
        this.claims = claims;
        this.localDomains = localDomains;
        this.ofFiles = ofFiles;
    }

    /**
     * The domains after a change.
     *
     * @param haveDirectory whether any organization is of a directory, after it
     * @throws IllegalArgumentException if two organizations of files have the same domain, or one of a file has a local domain
     */
    public AcceptedDomains with(
            Iterable<Organization> removed, Collection<Organization> added, boolean haveDirectory, Runnable pause) {
        SuffixTable.Edit<Claim> edit = claims.edit();
        edit.expect(added.stream()
                .mapToInt(organization -> organization.acceptedDomains().size())
                .sum());
        for (Organization organization : removed) {
            remove(organization, edit);
        }
        for (Organization organization : added) {
            pause.run();
            add(organization, edit);
        }
        return new AcceptedDomains(edit.done(), localDomains, !haveDirectory);
    }

    private static void remove(Organization organization, SuffixTable.Edit<Claim> edit) {
        for (AcceptedDomain accepted : organization.acceptedDomains()) {
            String name = accepted.domain().ascii();
            Claim left = Claim.minus(edit.get(name), organization);
            if (left == null) {
                edit.remove(name);
            } else {
                edit.put(name, left);
            }
        }
    }

    private void add(Organization organization, SuffixTable.Edit<Claim> edit) {
        boolean ofFile = isOfFile(organization);
        Claim last = null; // most of an organization's claims are alike
        for (AcceptedDomain accepted : organization.acceptedDomains()) {
            if (localDomains.contains(accepted.domain())) {
                if (ofFile) {
                    throw new IllegalArgumentException(accepted.domain() + " is owned twice");
                }
                continue; // 2.5: it is the MTA's own
            }
            if (last == null || last.subdomains() != accepted.subdomains() || last.since() != accepted.since()) {
                last = new Claim(organization, accepted.subdomains(), accepted.since(), null);
            }
            String name = accepted.domain().ascii();
            Claim others = edit.put(name, last);
            if (others == null) {
                continue;
            }
            if (ofFile && others.first(AcceptedDomains::isOfFile).isPresent()) {
                throw new IllegalArgumentException(accepted.domain() + " is owned twice");
            }
            edit.put(name, Claim.plus(others, last));
        }
    }

    private static boolean isOfFile(Organization organization) {
        return !organization.standing().ofDirectory();
    }

    private @Nullable Claim find(DomainName name) {
        if (localDomains.contains(name)) {
            return null;
        }
        if (ofFiles) {
            return claims.longest(name.ascii(), COVERS);
        }
        ClaimWalk walk = new ClaimWalk(name.ascii(), 0);
        claims.longest(name.ascii(), walk);
        return walk.result();
    }

    /** The organization whose accepted domain this is; of a disputed domain, the first one by name. */
    public Optional<Organization> owner(DomainName name) {
        Claim claim = find(name);
        return claim == null ? Optional.empty() : Optional.of(claim.organization());
    }

    /** Those whose accepted domain this is: several if it is disputed. */
    public List<Organization> claimants(DomainName name) {
        return organizations(find(name));
    }

    /** The first of those whose accepted domain this is that passes. */
    public Optional<Organization> claimant(DomainName name, Predicate<Organization> test) {
        Claim claim = find(name);
        return claim == null ? Optional.empty() : claim.first(test);
    }

    /** The organization whose accepted domain this is, unless it is disputed. */
    public Optional<Organization> undisputedOwner(DomainName name) {
        Claim claim = find(name);
        return claim == null || claim.isDisputed() ? Optional.empty() : Optional.of(claim.organization());
    }

    /** Whether it is the organization's, and undisputed. */
    public boolean isOwnedBy(Organization organization, DomainName name) {
        Claim claim = find(name);
        return claim != null && claim.isOnly(organization);
    }

    /** Whether it is the organization's, undisputed or not. */
    public boolean isClaimedBy(Organization organization, DomainName name) {
        Claim claim = find(name);
        return claim != null && claim.of(organization) != null;
    }

    /** 2.4: the claims of a certificate's name, in A-labels, with the {@code *.} of a wildcard, whose parent is the domain after it. */
    private @Nullable Claim findOfCertificate(String name) {
        int parent = name.indexOf('.') + 1;
        if (ofFiles) {
            return claims.longest(name, (claim, start) -> start <= parent || claim.subdomains());
        }
        ClaimWalk walk = new ClaimWalk(name, parent);
        claims.longest(name, walk);
        return walk.result();
    }

    /** 2.4: the organizations that own a certificate's name: several if the domain is disputed. */
    public List<Organization> certificateClaimants(String name) {
        return organizations(findOfCertificate(name));
    }

    private static List<Organization> organizations(@Nullable Claim claim) {
        return claim == null
                ? List.of()
                : claim.all().stream().map(Claim::organization).toList();
    }

    /** Whether a certificate's name is the organization's, and undisputed. */
    public boolean isCertificateOf(Organization organization, String name) {
        Claim claim = findOfCertificate(name);
        return claim != null && claim.isOnly(organization);
    }

    /** Whether a certificate's name is the organization's, undisputed or not. */
    public boolean isCertificateClaimedBy(Organization organization, String name) {
        Claim claim = findOfCertificate(name);
        return claim != null && claim.of(organization) != null;
    }

    /** 3.9: whether a certificate's name is others', and not the organization's. */
    public boolean isForeignCertificate(Organization organization, String name) {
        Claim claim = findOfCertificate(name);
        return claim != null && claim.of(organization) == null;
    }

    /** 3.9: whether the domain of a login is others', and not the organization's. */
    public boolean isForeignLogin(Organization organization, LoginPattern pattern) {
        Optional<DomainName> domain = pattern.domain();
        Claim claim = domain.isEmpty() ? null : find(domain.get());
        return claim != null && claim.of(organization) == null;
    }

    /** Those whose accepted domains cover the name, even if another one has a more specific entry. */
    public List<Organization> covering(DomainName name) {
        List<Organization> covering = new ArrayList<>(2);
        claims.longest(name.ascii(), (first, start) -> {
            for (Claim claim = first; claim != null; claim = claim.next()) {
                if (start == 0 || claim.subdomains()) {
                    covering.add(claim.organization());
                }
            }
            return false;
        });
        return covering;
    }

    /** Whether the organization's own accepted domains cover the name, even if another one has a more specific entry. */
    public boolean covers(Organization organization, DomainName name) {
        return claims.longest(name.ascii(), (claim, start) -> {
                    Claim own = claim.of(organization);
                    return own != null && (start == 0 || own.subdomains());
                })
                != null;
    }

    /** 3.2: the longest accepted domain of others that a name is at or below, and that is itself below the domain. */
    public Optional<Owned> foreignBetween(DomainName domain, String name, Organization organization) {
        Foreign foreign =
                new Foreign(organization, name, name.length() - domain.ascii().length());
        Claim found = claims.longest(name, foreign);
        return found == null ? Optional.empty() : Optional.of(foreign.owned());
    }

    /** Accepts domains of others that begin before the end, and remembers the last one. */
    private static final class Foreign extends ClaimWalk {

        private final Organization organization;
        private final String name;
        private final int end;
        private Optional<Owned> last = Optional.empty();

        Foreign(Organization organization, String name, int end) {
            super(name, 0);
            this.organization = organization;
            this.name = name;
            this.end = end;
        }

        @Override
        public boolean visit(Claim there, int from) {
            Claim counting = counting(there, from);
            Optional<Organization> other = from < end && counting.of(organization) == null
                    ? counting.first(claimant -> there.of(claimant) != null)
                    : Optional.empty();
            if (other.isPresent()) {
                last = Optional.of(new Owned(new DomainName(name.substring(from)), other.get()));
            }
            return other.isPresent();
        }

        Owned owned() {
            return last.orElseThrow();
        }
    }

    public boolean isLocal(DomainName name) {
        return localDomains.contains(name);
    }

    /** Whether a recipient there is inbound. */
    public boolean isInbound(DomainName name) {
        return isLocal(name) || find(name) != null;
    }
}
