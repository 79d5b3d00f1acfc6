package io.github.orgmilter.organization;

import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateNamePattern;
import java.util.List;
import java.util.Set;

/**
 * Senders whose mail to an organization must come from servers that are known by all kinds given: docs/rules.md, section 15. It grants
 * nothing, and is never an identity for relaying.
 *
 * @param name unique within its organization
 * @param senderDomains the domains of these senders
 * @param everybody whether it concerns every other sender as well, but for the null sender and those in local domains
 * @param certificateNames the verified names, any of which is enough
 * @param pins the certificates and keys, any of which is as good as a name
 * @param issuers the issuer common names, one of which a verified certificate must have; empty for any certificate, or none
 * @param addresses the client addresses; empty for any
 * @param requireTls whether the connection must be encrypted; a certificate requires that, too
 */
public record Partner(
        String name,
        List<AcceptedDomain> senderDomains,
        boolean everybody,
        List<CertificateNamePattern> certificateNames,
        List<Pin> pins,
        Set<String> issuers,
        AddressRanges addresses,
        boolean requireTls) {

    public Partner {
        senderDomains = List.copyOf(senderDomains);
        certificateNames = List.copyOf(certificateNames);
        pins = Pin.merged(pins);
        issuers = Set.copyOf(issuers);
        boolean requiresNothing =
                certificateNames.isEmpty() && pins.isEmpty() && issuers.isEmpty() && addresses.isEmpty() && !requireTls;
        if (requiresNothing || (senderDomains.isEmpty() && !everybody)) {
            throw new IllegalArgumentException(
                    "partner " + name + (requiresNothing ? " requires nothing" : " has no sender"));
        }
    }

    /** Whether it requires a certificate by its name, by a pin or by its issuer. */
    public boolean isByCertificate() {
        return !certificateNames.isEmpty() || !pins.isEmpty() || !issuers.isEmpty();
    }
}
