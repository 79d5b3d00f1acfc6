package io.github.orgmilter.policy;

import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.index.CertificateIndex;
import io.github.orgmilter.policy.Connectors.Member;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a wildcard name ends. One whose domain its own organization's accepted domains cover, as a provider's, does not match what
 * lies below and is another organization's: names at or below an accepted domain, and the names of servers. Any other wildcard,
 * as of a cloud that many organizations use, is not limited.
 */
final class WildcardLimits {

    private final AcceptedDomains acceptedDomains;
    private final List<Member> members;
    private final CertificateIndex names;
    private final CertificateIndex pinnedNames = new CertificateIndex();

    /**
     * Takes what limits.
     *
     * @param names the certificate names of all members, by their positions
     */
    WildcardLimits(AcceptedDomains acceptedDomains, List<Member> members, CertificateIndex names) {
        this.acceptedDomains = acceptedDomains;
        this.members = members;
        this.names = names;
    }

    /** Adds the names that a pinned certificate of a member is issued for. */
    void add(Pin pin, int position) {
        pin.names().forEach(name -> pinnedNames.add(name, position));
    }

    /** What keeps an organization's pattern from a name that it would match otherwise, as a clause about the name. */
    Optional<String> limit(Organization organization, CertificateNamePattern pattern, CertificateName name) {
        if (!pattern.wildcard() || !name.ascii()) {
            return Optional.empty(); // a name that is not ASCII is the pattern's own
        }
        Optional<AcceptedDomains.Owned> domain =
                acceptedDomains.foreignBetween(pattern.domain(), name.name(), organization);
        Search server = new Search(organization, pattern);
        if (domain.isEmpty()) {
            names.forEachMatching(name, server);
            pinnedNames.forEachMatching(name, server);
        }
        boolean limited =
                (domain.isPresent() || server.found != null) && acceptedDomains.covers(organization, pattern.domain());
        return limited ? Optional.of(domain.map(WildcardLimits::below).orElseGet(server::words)) : Optional.empty();
    }

    private static String below(AcceptedDomains.Owned domain) {
        return "is at or below " + domain.domain() + ", an accepted domain of "
                + domain.organization().name();
    }

    /** Looks for a name of another organization's server that is closer than the pattern. */
    private final class Search implements CertificateIndex.Match {

        private final Organization organization;
        private final int length;
        private @Nullable Member found;

        Search(Organization organization, CertificateNamePattern pattern) {
            this.organization = organization;
            this.length = pattern.domain().ascii().length();
        }

        @Override
        public void accept(CertificateNamePattern pattern, int position) {
            Member member = members.get(position);
            boolean closer = !pattern.wildcard() || pattern.domain().ascii().length() > length;
            if (closer && !member.organization().is(organization)) {
                found = member;
            }
        }

        String words() {
            return found == null ? "" : "is a certificate name of " + found;
        }
    }
}
