package io.github.orgmilter.identification;

import io.github.orgmilter.identification.Connectors.Member;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.index.CertificateIndex;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which names a wildcard does not match because they are another organization's: docs/rules.md, section 3.2. */
final class WildcardLimits {

    private final AcceptedDomains acceptedDomains;
    private final List<Member> members;
    private final CertificateIndex names;
    private final CertificateIndex pinnedNames = new CertificateIndex();

    /** Takes the accepted domains and the certificate names, by the positions of their members. */
    WildcardLimits(AcceptedDomains acceptedDomains, List<Member> members, CertificateIndex names) {
        this.acceptedDomains = acceptedDomains;
        this.members = members;
        this.names = names;
    }

    /** Adds the names of a member's pinned certificate. */
    void add(Pin pin, int position) {
        pin.names().forEach(name -> pinnedNames.add(name, position));
    }

    /** What keeps an organization's pattern from a name that it would match otherwise. */
    Optional<WildcardLimit> limit(Organization organization, CertificateNamePattern pattern, CertificateName name) {
        if (!pattern.wildcard() || !name.ascii()) {
            return Optional.empty(); // a name that is not ASCII is the pattern's own
        }
        // First: a cloud's wildcard may be in thousands of organizations, and each search visits them all.
        if (!acceptedDomains.covers(organization, pattern.domain())) {
            return Optional.empty();
        }
        Optional<AcceptedDomains.Owned> domain =
                acceptedDomains.foreignBetween(pattern.domain(), name.name(), organization);
        Search server = new Search(organization, pattern);
        if (domain.isEmpty()) {
            names.forEachMatching(name, server);
            pinnedNames.forEachMatching(name, server);
        }
        return domain.map(WildcardLimits::foreign).or(server::limit);
    }

    private static WildcardLimit foreign(AcceptedDomains.Owned domain) {
        return new WildcardLimit.ForeignDomain(
                domain.domain(), domain.organization().name());
    }

    /** Looks for another organization's pattern that is closer to the name. */
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

        Optional<WildcardLimit> limit() {
            return Optional.ofNullable(found).map(member -> new WildcardLimit.ForeignName(member.name()));
        }
    }
}
