package io.github.orgmilter.identification;

import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.organization.Pin;
import java.util.Optional;

/**
 * The certificate that a client presented, trusted or not; the handshake has proved that the client holds its key.
 *
 * @param certificate the fingerprint of the whole certificate
 * @param publicKey the fingerprint of its public key
 */
public record PresentedCertificate(Optional<Fingerprint> certificate, Optional<Fingerprint> publicKey) {

    /** The client is known to have presented none. */
    public static final PresentedCertificate NONE = new PresentedCertificate(Optional.empty(), Optional.empty());

    /** Whether it is the pinned certificate, or has the pinned key. */
    boolean satisfies(Pin pin) {
        Optional<Fingerprint> same = pin.kind() == Pin.Kind.CERTIFICATE ? certificate : publicKey;
        return same.filter(pin.fingerprint()::equals).isPresent();
    }
}
