package io.github.orgmilter.policy;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Whose a domain is, once more from the text of docs/rules.md alone: 2.1, 2.2, 2.4 and 2.5. */
final class ClaimModel {

    private final List<Organization> organizations;
    private final Set<DomainName> localDomains;
    private final Map<String, List<Organization>> known = new HashMap<>();

    ClaimModel(List<Organization> organizations, Set<DomainName> localDomains) {
        this.organizations = organizations;
        this.localDomains = localDomains;
    }

    /** The claims that an organization makes: none of a local domain. */
    Stream<AcceptedDomain> made(Organization organization) {
        return organization.acceptedDomains().stream().filter(claim -> !localDomains.contains(claim.domain()));
    }

    /** Whose a name is. */
    List<Organization> of(String name) {
        return known.computeIfAbsent(name, this::find);
    }

    private List<Organization> find(String name) {
        return inOrder(claimed(name).isEmpty() ? below(above(name)) : at(name));
    }

    /** Whose a certificate's name is: by the name itself, its parent, or what is above. */
    List<Organization> ofCertificate(String name) {
        String parent = above(name);
        return claimed(name).isEmpty() && !claimed(parent).isEmpty() ? inOrder(at(parent)) : of(name);
    }

    private static List<Organization> inOrder(Map<Organization, Long> owners) {
        return owners.keySet().stream()
                .sorted(Comparator.comparing(Organization::name))
                .toList();
    }

    /** Since when each organization claims exactly this domain. */
    private SortedMap<Organization, Long> claimed(String domain) {
        SortedMap<Organization, Long> claimed = new TreeMap<>(Comparator.comparing(Organization::name));
        for (Organization organization : organizations) {
            made(organization)
                    .filter(claim -> claim.domain().ascii().equals(domain))
                    .mapToLong(AcceptedDomain::since)
                    .min()
                    .ifPresent(since -> claimed.put(organization, since));
        }
        return claimed;
    }

    /** The owners of a domain that is claimed. */
    private Map<Organization, Long> at(String domain) {
        SortedMap<Organization, Long> claims = claimed(domain);
        Map<Organization, Long> ofFiles = ofFiles(claims);
        if (!ofFiles.isEmpty()) {
            return ofFiles;
        }
        below(above(domain)).forEach((organization, since) -> {
            if (claims.containsKey(organization)) {
                claims.merge(organization, since, Math::min);
            } else if (!organization.standing().delegatesAll()
                    && organization.standing().delegatedDomains().stream()
                            .noneMatch(delegated -> delegated.ascii().equals(domain))) {
                claims.put(organization, since);
            }
        });
        if (!ofFiles(claims).isEmpty()) {
            return ofFiles(claims);
        }
        long oldest = claims.values().stream().mapToLong(since -> since).min().orElseThrow();
        claims.values().removeIf(since -> since != oldest && since != AcceptedDomain.UNDATED);
        return claims;
    }

    private static Map<Organization, Long> ofFiles(SortedMap<Organization, Long> claims) {
        Map<Organization, Long> ofFiles = new TreeMap<>(claims);
        ofFiles.keySet().removeIf(organization -> organization.standing().ofDirectory());
        return ofFiles;
    }

    /** Whose is what is below a domain and not claimed itself. */
    private Map<Organization, Long> below(String domain) {
        if (domain.isEmpty()) {
            return Map.of();
        }
        if (!claimed(domain).isEmpty()) {
            Map<Organization, Long> owners = at(domain);
            boolean subdomains = owners.keySet().stream()
                    .flatMap(this::made)
                    .anyMatch(claim ->
                            claim.subdomains() && claim.domain().ascii().equals(domain));
            if (subdomains) {
                return owners;
            }
        }
        return below(above(domain));
    }

    private static String above(String domain) {
        return domain.contains(".") ? domain.substring(domain.indexOf('.') + 1) : "";
    }
}
