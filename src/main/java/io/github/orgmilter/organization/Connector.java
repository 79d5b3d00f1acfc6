package io.github.orgmilter.organization;

import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.login.LoginPatterns;
import java.util.List;
import java.util.Set;

/**
 * A named way to recognise an organization's own servers, and what they may do: docs/rules.md, sections 3 and 4.
 *
 * @param name unique within its organization
 * @param certificateNames the verified names, any of which identifies
 * @param issuers the issuer common names that are allowed with a certificate name; empty for any
 * @param pins the certificates and keys, any of which identifies as well as a name does
 * @param logins the SASL logins that identify; with another kind both are required
 * @param addresses the client addresses that identify; with another kind both are required
 * @param requiredHeaders the header fields that the message must have besides
 * @param requireTls whether the connection must be encrypted
 * @param requireAcceptedDomain false if identification alone is enough, for a server that must relay any mail
 * @param allowNullSender whether {@code <>} may relay without a certificate for an accepted domain
 * @param senderDomains the only domains of senders that are not null; empty for no limit
 * @param enabled false for a connector that is checked and matches nothing
 * @param mode whether refusals of the clients that it identifies are carried out
 */
public record Connector(
        String name,
        List<CertificateNamePattern> certificateNames,
        Set<String> issuers,
        List<Pin> pins,
        LoginPatterns logins,
        AddressRanges addresses,
        RequiredHeaders requiredHeaders,
        boolean requireTls,
        boolean requireAcceptedDomain,
        boolean allowNullSender,
        List<AcceptedDomain> senderDomains,
        boolean enabled,
        Mode mode) {

    public Connector {
        certificateNames = List.copyOf(certificateNames);
        issuers = Set.copyOf(issuers);
        pins = Pin.merged(pins);
        senderDomains = List.copyOf(senderDomains);
        if (certificateNames.isEmpty() && pins.isEmpty() && logins.isEmpty() && addresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "connector " + name + " has neither certificate names, pins, logins nor addresses");
        }
    }

    /** One without logins and required header fields. */
    public Connector(
            String name,
            List<CertificateNamePattern> certificateNames,
            Set<String> issuers,
            List<Pin> pins,
            AddressRanges addresses,
            boolean requireTls,
            boolean requireAcceptedDomain,
            boolean allowNullSender,
            List<AcceptedDomain> senderDomains,
            boolean enabled,
            Mode mode) {
        this(
                name,
                certificateNames,
                issuers,
                pins,
                LoginPatterns.NONE,
                addresses,
                RequiredHeaders.NONE,
                requireTls,
                requireAcceptedDomain,
                allowNullSender,
                senderDomains,
                enabled,
                mode);
    }

    /** Whether it requires a certificate, perhaps with other kinds. */
    public boolean isCertificateConnector() {
        return !certificateNames.isEmpty() || !pins.isEmpty();
    }

    /** Whether an address is all that it requires. */
    public boolean isByAddressAlone() {
        return !isCertificateConnector() && logins.isEmpty();
    }
}
