package io.github.orgmilter.policy;

import io.github.orgmilter.identity.Fingerprint;
import java.util.Optional;

/**
 * What is known for sure of the certificate that a client presented, trusted or not: the client has shown that it holds the key.
 *
 * @param certificate of the whole certificate
 * @param publicKey of its public key
 */
public record PresentedCertificate(Optional<Fingerprint> certificate, Optional<Fingerprint> publicKey) {

    /** The client is known to have presented none. */
    public static final PresentedCertificate NONE = new PresentedCertificate(Optional.empty(), Optional.empty());
}
