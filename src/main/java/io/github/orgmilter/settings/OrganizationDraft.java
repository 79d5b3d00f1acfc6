package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Partners;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import io.github.orgmilter.settings.headers.RequiredHeadersReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An organization as read, with the location of everything in it.
 *
 * @param domainsKnown false if some of its accepted domains could not be read
 * @param standing that of a file
 */
public record OrganizationDraft(
        String name,
        Location location,
        List<Located<AcceptedDomain>> acceptedDomains,
        boolean domainsKnown,
        SenderProtection senderProtection,
        Optional<Located<HeaderFrom>> headerFrom,
        Mode mode,
        Standing standing,
        List<ConnectorDraft> connectors,
        List<PartnerDraft> partners) {

    private static final int FEW = 32; // values, faster compared with each other than put into a set

    /** A connector as read. */
    public record ConnectorDraft(
            String name,
            List<Located<CertificateNamePattern>> certificateNames,
            Set<String> issuers,
            List<Located<Pin>> pins,
            List<PinnedCertificate> certificates,
            List<Located<LoginPattern>> logins,
            List<Located<AddressRange>> addresses,
            List<Located<RequiredField>> requiredHeaders,
            boolean removeRequiredHeaders,
            boolean requireTls,
            boolean requireAcceptedDomain,
            boolean allowNullSender,
            List<Located<AcceptedDomain>> senderDomains,
            boolean enabled,
            Mode mode) {

        Connector build() {
            return new Connector(
                    name,
                    values(certificateNames),
                    issuers,
                    values(pins),
                    LoginPatterns.of(values(logins)),
                    new AddressRanges(values(addresses)),
                    RequiredHeadersReader.build(requiredHeaders, removeRequiredHeaders),
                    requireTls,
                    requireAcceptedDomain,
                    allowNullSender,
                    values(senderDomains),
                    enabled,
                    mode);
        }
    }

    /** A partner as read. */
    public record PartnerDraft(
            String name,
            List<Located<AcceptedDomain>> senderDomains,
            boolean everybody,
            List<Located<CertificateNamePattern>> certificateNames,
            Set<String> issuers,
            List<Located<Pin>> pins,
            List<PinnedCertificate> certificates,
            List<Located<AddressRange>> addresses,
            boolean requireTls) {

        Partner build() {
            return new Partner(
                    name,
                    undated(values(senderDomains)),
                    everybody,
                    values(certificateNames),
                    values(pins),
                    issuers,
                    new AddressRanges(values(addresses)),
                    requireTls);
        }

        // When it was claimed says nothing here.
        private static List<AcceptedDomain> undated(List<AcceptedDomain> domains) {
            return domains.stream()
                    .map(domain -> domain.claimed(AcceptedDomain.OF_FILE))
                    .distinct()
                    .toList();
        }
    }

    /** The certificates that its connectors and partners pin by their files. */
    public List<PinnedCertificate> certificates() {
        List<PinnedCertificate> certificates = new ArrayList<>(0);
        for (ConnectorDraft connector : connectors) {
            certificates.addAll(connector.certificates());
        }
        for (PartnerDraft partner : partners) {
            certificates.addAll(partner.certificates());
        }
        return certificates;
    }

    /** The organization, once no error has been found. */
    public Organization build() {
        return build(standing);
    }

    /**
     * The organization of a directory, once no error is left.
     *
     * @param connectorsUnreadable whether some of its connectors could not be read
     */
    public Organization buildOfDirectory(boolean connectorsUnreadable) {
        return build(standing.inDirectory(connectorsUnreadable));
    }

    private Organization build(Standing its) {
        List<Connector> built = new ArrayList<>(connectors.size());
        for (ConnectorDraft connector : connectors) {
            built.add(connector.build());
        }
        List<Partner> builtPartners = new ArrayList<>(0);
        for (PartnerDraft partner : partners) {
            builtPartners.add(partner.build());
        }
        return new Organization(
                name,
                oldest(acceptedDomains),
                built,
                senderProtection,
                headerFrom.map(Located::value).orElse(HeaderFrom.OFF),
                Partners.of(builtPartners),
                mode,
                its);
    }

    // A directory may have a domain in two spellings.
    private static List<AcceptedDomain> oldest(List<Located<AcceptedDomain>> located) {
        List<AcceptedDomain> domains = Located.values(located);
        if (domains.size() <= FEW && isDistinct(domains, AcceptedDomain::domain)) {
            return domains;
        }
        Map<AcceptedDomain, AcceptedDomain> oldest = new LinkedHashMap<>();
        for (AcceptedDomain domain : domains) {
            oldest.merge(
                    domain.claimed(AcceptedDomain.OF_FILE),
                    domain,
                    (one, other) -> one.since() <= other.since() ? one : other);
        }
        return List.copyOf(oldest.values());
    }

    // The same value may be in the list and in the file.
    private static <T> List<T> values(List<Located<T>> located) {
        List<T> values = Located.values(located);
        return values.size() <= FEW && isDistinct(values, value -> value)
                ? values
                : List.copyOf(new LinkedHashSet<>(values));
    }

    private static <T> boolean isDistinct(List<T> values, Function<T, Object> by) {
        for (int i = 1; i < values.size(); i++) {
            Object one = by.apply(values.get(i));
            for (int k = 0; k < i; k++) {
                if (one.equals(by.apply(values.get(k)))) {
                    return false;
                }
            }
        }
        return true;
    }
}
