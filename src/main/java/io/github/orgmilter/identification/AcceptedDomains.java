package io.github.orgmilter.identification;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.index.SuffixTable;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Organization;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which organization owns a domain name: docs/rules.md, section 2. A look-up is one pass over the name, however many organizations
 * there are.
 */
public final class AcceptedDomains {

    /** An accepted domain and its organization. */
    record Owned(DomainName domain, Organization organization) {}

    private record Entry(Organization organization, boolean subdomains) {}

    private static final SuffixTable.Visitor<Entry> COVERS = (entry, start) -> start == 0 || entry.subdomains();

    private final SuffixTable<Entry> entries = new SuffixTable<>();
    private final Set<DomainName> localDomains;

    /**
     * Indexes the domains.
     *
     * @throws IllegalArgumentException if two organizations have the same domain, or one has a local domain
     */
    public AcceptedDomains(Iterable<Organization> organizations, Set<DomainName> localDomains, Runnable pause) {
        this.localDomains = Set.copyOf(localDomains);
        for (Organization organization : organizations) {
            pause.run();
            Entry alone = new Entry(organization, false); // one object for all domains of either kind
            Entry withSubdomains = new Entry(organization, true);
            for (AcceptedDomain accepted : organization.acceptedDomains()) {
                String name = accepted.domain().ascii();
                if (organization.standing().ofDirectory() && entries.get(name) != null) {
                    continue;
                }
                if (localDomains.contains(accepted.domain())
                        || entries.put(name, accepted.subdomains() ? withSubdomains : alone) != null) {
                    throw new IllegalArgumentException(accepted.domain() + " is owned twice");
                }
            }
        }
    }

    /** The organization whose accepted domain this is. */
    public Optional<Organization> owner(DomainName name) {
        return Optional.ofNullable(find(name));
    }

    public boolean isOwnedBy(Organization organization, DomainName name) {
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

    /**
     * 2.4: the organization that owns a certificate's name.
     *
     * @param name in A-labels, with the {@code *.} of a wildcard, whose parent is the domain after it
     */
    public Optional<Organization> certificateOwner(String name) {
        int parent = name.indexOf('.') + 1;
        Entry entry = entries.longest(name, (any, start) -> start <= parent || any.subdomains());
        return entry == null ? Optional.empty() : Optional.of(entry.organization());
    }

    public boolean isCertificateOf(Organization organization, String name) {
        return certificateOwner(name).filter(organization::is).isPresent();
    }

    /** Whether the organization's own accepted domains cover the name, even if another one has a more specific entry. */
    boolean covers(Organization organization, DomainName name) {
        return entries.longest(
                        name.ascii(),
                        (entry, start) -> (start == 0 || entry.subdomains())
                                && entry.organization().is(organization))
                != null;
    }

    /** 3.2: the longest accepted domain of another organization that a name is at or below, and that is itself below the domain. */
    Optional<Owned> foreignBetween(DomainName domain, String name, Organization organization) {
        Foreign foreign =
                new Foreign(organization, name.length() - domain.ascii().length());
        Entry entry = entries.longest(name, foreign);
        return entry == null
                ? Optional.empty()
                : Optional.of(new Owned(new DomainName(name.substring(foreign.start)), entry.organization()));
    }

    /** Accepts entries of other organizations that begin before the end, and remembers where the last one began. */
    private static final class Foreign implements SuffixTable.Visitor<Entry> {

        private final Organization organization;
        private final int end;
        private int start;

        Foreign(Organization organization, int end) {
            this.organization = organization;
            this.end = end;
        }

        @Override
        public boolean visit(Entry entry, int from) {
            boolean foreign = from < end && !entry.organization().is(organization);
            start = foreign ? from : start;
            return foreign;
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
