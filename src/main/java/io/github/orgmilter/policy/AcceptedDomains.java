package io.github.orgmilter.policy;

import io.github.orgmilter.identity.DomainName;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a domain name, across all organizations: one pass over its characters, however many organizations there are.
 *
 * <p>The most specific entry that covers a name owns it. A local domain is nobody's.
 */
final class AcceptedDomains {

    private record Entry(Organization organization, boolean subdomains) {}

    private static final SuffixTable.Visitor<Entry> COVERS = (entry, whole) -> whole || entry.subdomains();

    private final SuffixTable<Entry> entries = new SuffixTable<>();
    private final Set<DomainName> localDomains;

    /**
     * Indexes the domains.
     *
     * @throws IllegalArgumentException if two organizations have the same domain, or one has a local domain
     */
    AcceptedDomains(Iterable<Organization> organizations, Set<DomainName> localDomains, Runnable pause) {
        this.localDomains = Set.copyOf(localDomains);
        for (Organization organization : organizations) {
            pause.run();
            Entry alone = new Entry(organization, false); // one object for all domains of either kind
            Entry withSubdomains = new Entry(organization, true);
            for (AcceptedDomain accepted : organization.acceptedDomains()) {
                if (localDomains.contains(accepted.domain())
                        || entries.put(accepted.domain().ascii(), accepted.subdomains() ? withSubdomains : alone) != null) {
                    throw new IllegalArgumentException(accepted.domain() + " is owned twice");
                }
            }
        }
    }

    /** The organization whose accepted domain this is. */
    Optional<Organization> owner(DomainName name) {
        return Optional.ofNullable(find(name));
    }

    boolean isOwnedBy(Organization organization, DomainName name) {
        Organization owner = find(name);
        return owner != null && owner.is(organization);
    }

    private @Nullable Organization find(DomainName name) {
        if (localDomains.contains(name)) {
            return null;
        }
        Entry entry = entries.longest(name.ascii(), COVERS);
        return entry == null ? null : entry.organization();
    }

    boolean isLocal(DomainName name) {
        return localDomains.contains(name);
    }

    /** Whether a recipient there is inbound. */
    boolean isInbound(DomainName name) {
        return isLocal(name) || find(name) != null;
    }
}
