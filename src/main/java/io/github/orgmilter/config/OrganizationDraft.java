package io.github.orgmilter.config;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.policy.AcceptedDomain;
import io.github.orgmilter.policy.Connector;
import io.github.orgmilter.policy.Mode;
import io.github.orgmilter.policy.Organization;
import io.github.orgmilter.policy.Pin;
import io.github.orgmilter.policy.SenderProtection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An organization as read, in which everything still knows where it stands.
 *
 * @param domainsKnown false if some of its accepted domains could not be read
 */
record OrganizationDraft(
        String name,
        Location location,
        List<Located<AcceptedDomain>> acceptedDomains,
        boolean domainsKnown,
        SenderProtection senderProtection,
        Mode mode,
        List<ConnectorDraft> connectors) {

    /** A connector as read. */
    record ConnectorDraft(
            String name,
            List<Located<CertificateNamePattern>> certificateNames,
            Set<String> issuers,
            List<Located<Pin>> pins,
            List<PinnedCertificate> certificates,
            List<Located<AddressRange>> addresses,
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
                    new AddressRanges(values(addresses)),
                    requireTls,
                    requireAcceptedDomain,
                    allowNullSender,
                    values(senderDomains),
                    enabled,
                    mode);
        }
    }

    /** The organization, once nothing is found to be wrong. */
    Organization build() {
        return new Organization(
                name,
                values(acceptedDomains),
                connectors.stream().map(ConnectorDraft::build).toList(),
                senderProtection,
                mode);
    }

    // What is written twice, once in a list and once in a file perhaps, is the same thing.
    private static <T> List<T> values(List<Located<T>> located) {
        Set<T> values = new LinkedHashSet<>();
        located.forEach(value -> values.add(value.value()));
        return List.copyOf(values);
    }
}
