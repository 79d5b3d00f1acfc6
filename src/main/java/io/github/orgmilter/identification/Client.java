package io.github.orgmilter.identification;

import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.IpAddress;
import java.util.Optional;

/**
 * The SMTP client as the MTA describes it at a message.
 *
 * @param display the address as the MTA gave it, or {@code unknown}
 * @param address empty if the MTA does not know it or it is not an IP address: such a client matches no range
 * @param encrypted whether the connection is encrypted
 * @param certificateName the subject common name, only if the MTA verified the certificate
 * @param certificateIssuer the issuer's common name, only if the MTA verified the certificate
 * @param presented the certificate itself, verified or not, by its fingerprints; empty if it is unknown
 * @param authentication the SASL login, whether it counts or not
 */
public record Client(
        String display,
        Optional<IpAddress> address,
        boolean encrypted,
        Optional<CertificateName> certificateName,
        Optional<String> certificateIssuer,
        Optional<PresentedCertificate> presented,
        Optional<Authentication> authentication) {

    public static final String UNKNOWN = "unknown";

    /** One that has not logged in. */
    public Client(
            String display,
            Optional<IpAddress> address,
            boolean encrypted,
            Optional<CertificateName> certificateName,
            Optional<String> certificateIssuer,
            Optional<PresentedCertificate> presented) {
        this(display, address, encrypted, certificateName, certificateIssuer, presented, Optional.empty());
    }

    /** The same client, with what is known now of the certificate that it presented. */
    public Client presenting(Optional<PresentedCertificate> certificate) {
        return new Client(display, address, encrypted, certificateName, certificateIssuer, certificate, authentication);
    }

    /** The same client, with its login for a message. */
    public Client authenticated(Optional<Authentication> login) {
        return login.equals(authentication)
                ? this
                : new Client(display, address, encrypted, certificateName, certificateIssuer, presented, login);
    }

    /** The login, if it counts. */
    public Optional<String> login() {
        return authentication.filter(Authentication::isLogin).map(Authentication::login);
    }
}
