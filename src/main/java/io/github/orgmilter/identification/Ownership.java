package io.github.orgmilter.identification;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.identification.shared.Front;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.index.CertificateIndex;
import io.github.orgmilter.index.MultiTable;
import io.github.orgmilter.organization.Organization;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a pattern does not match because it is another organization's: docs/rules.md, 3.2 and 3.9. */
final class Ownership {

    private final AcceptedDomains acceptedDomains;
    private final CertificateIndex<Member> names;
    private final CertificateIndex<Member> pinnedNames;
    private final CertificateIndex<Front> namesOfFronts;

    /** Takes the accepted domains, the certificate names, the names of pinned certificates, and the names of fronts. */
    Ownership(
            AcceptedDomains acceptedDomains,
            CertificateIndex<Member> names,
            CertificateIndex<Member> pinnedNames,
            CertificateIndex<Front> namesOfFronts) {
        this.acceptedDomains = acceptedDomains;
        this.names = names;
        this.pinnedNames = pinnedNames;
        this.namesOfFronts = namesOfFronts;
    }

    /** 3.9: whether an organization of a directory has a pattern that is others', and so matches nothing. */
    boolean isForeign(Organization organization, CertificateNamePattern pattern) {
        return organization.standing().ofDirectory()
                && acceptedDomains.isForeignCertificate(organization, pattern.toString());
    }

    /** 3.9: the same of a pattern for logins. */
    boolean isForeign(Organization organization, LoginPattern pattern) {
        return organization.standing().ofDirectory() && acceptedDomains.isForeignLogin(organization, pattern);
    }

    /** 3.2: what keeps an organization's pattern from a name that it would match otherwise. */
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
            namesOfFronts.forEachMatching(name, (closer, front) -> server.accept(closer, front.prototype()));
        }
        return domain.map(Ownership::foreign).or(server::limit);
    }

    private static WildcardLimit foreign(AcceptedDomains.Owned domain) {
        return new WildcardLimit.ForeignDomain(
                domain.domain(), domain.organization().name());
    }

    /** Looks for another organization's pattern that is closer to the name. */
    private final class Search implements MultiTable.Match<CertificateNamePattern, Member> {

        private final Organization organization;
        private final int length;
        private @Nullable Member found;

        Search(Organization organization, CertificateNamePattern pattern) {
            this.organization = organization;
            this.length = pattern.domain().ascii().length();
        }

        @Override
        public void accept(CertificateNamePattern pattern, Member member) {
            boolean closer = !pattern.wildcard() || pattern.domain().ascii().length() > length;
            if (closer && !member.organization().is(organization) && counts(member.organization(), pattern)) {
                found = found == null || member.compareOrder(found) < 0 ? member : found;
            }
        }

        /** 3.9: the rows of a directory take no name from those whose it is. */
        private boolean counts(Organization other, CertificateNamePattern pattern) {
            return !other.standing().ofDirectory()
                    || !(acceptedDomains.isCertificateClaimedBy(organization, pattern.toString())
                            || acceptedDomains.isForeignCertificate(other, pattern.toString()));
        }

        Optional<WildcardLimit> limit() {
            return Optional.ofNullable(found).map(member -> new WildcardLimit.ForeignName(member.name()));
        }
    }
}
