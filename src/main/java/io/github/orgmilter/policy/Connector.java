package io.github.orgmilter.policy;

import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.CertificateNamePattern;
import java.util.List;
import java.util.Set;

/**
 * A named way to recognise an organization's own servers, and what they may do.
 *
 * @param name unique within its organization
 * @param certificateNames the verified names that identify, by any of them
 * @param issuers the issuer common names of which a named certificate's must be one; none for any
 * @param pins the certificates and keys that identify as well as a name does, by any of them
 * @param addresses the client addresses that identify, and with names or pins the ones that must hold as well
 * @param requireTls whether the connection must be encrypted
 * @param requireAcceptedDomain false if identification alone is enough, for a server that must forward any mail
 * @param allowNullSender whether {@code <>} passes without a certificate whose domain is accepted
 * @param senderDomains the only domains of senders that are not null; none for no limit
 * @param enabled false for one that is checked and matches nothing
 * @param mode whether refusals of the clients that it identifies are carried out
 */
public record Connector(
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

    public Connector {
        certificateNames = List.copyOf(certificateNames);
        issuers = Set.copyOf(issuers);
        pins = Pin.merged(pins);
        senderDomains = List.copyOf(senderDomains);
        if (certificateNames.isEmpty() && pins.isEmpty() && addresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "connector " + name + " has neither certificate names, pins nor addresses");
        }
    }

    /** Whether it wants a certificate, with or without addresses. */
    public boolean isCertificateConnector() {
        return !certificateNames.isEmpty() || !pins.isEmpty();
    }
}
