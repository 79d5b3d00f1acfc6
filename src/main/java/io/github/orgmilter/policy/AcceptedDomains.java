package io.github.orgmilter.policy;

import io.github.orgmilter.identity.DomainName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who owns a domain name, across all organizations: one hash look-up a label, however many organizations there are.
 *
 * <p>The most specific entry that covers a name owns it. A local domain is nobody's.
 */
final class AcceptedDomains {

    private record Entry(Organization organization, boolean subdomains) {}

    private final Map<String, Entry> entries = new HashMap<>();
    private final Set<DomainName> localDomains;

    /**
     * Indexes the domains.
     *
     * @throws IllegalArgumentException if two organizations have the same domain, or one has a local domain
     */
    AcceptedDomains(Iterable<Organization> organizations, Set<DomainName> localDomains) {
        this.localDomains = Set.copyOf(localDomains);
        for (Organization organization : organizations) {
            for (AcceptedDomain accepted : organization.acceptedDomains()) {
                Entry entry = new Entry(organization, accepted.subdomains());
                if (localDomains.contains(accepted.domain())
                        || entries.putIfAbsent(accepted.domain().ascii(), entry) != null) {
                    throw new IllegalArgumentException(accepted.domain() + " is owned twice");
                }
            }
        }
    }

    /** The organization whose accepted domain this is. */
    Optional<Organization> owner(DomainName name) {
        if (localDomains.contains(name)) {
            return Optional.empty();
        }
        String suffix = name.ascii();
        Entry entry = entries.get(suffix);
        while (entry == null || !(entry.subdomains() || suffix.length() == name.ascii().length())) {
            int dot = suffix.indexOf('.');
            if (dot < 0) {
                return Optional.empty();
            }
            suffix = suffix.substring(dot + 1);
            entry = entries.get(suffix);
        }
        return Optional.of(entry.organization());
    }

    boolean isLocal(DomainName name) {
        return localDomains.contains(name);
    }

    /** Whether a recipient there is inbound. */
    boolean isInbound(DomainName name) {
        return isLocal(name) || owner(name).isPresent();
    }
}
