package io.github.orgmilter.certificate;

import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.Fingerprint;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * The fields of a server's certificate, whoever signed it.
 *
 * @param fingerprint of the whole certificate
 * @param publicKey the fingerprint of its key, which a renewal may keep
 * @param subject its subject, for display; may be empty
 * @param names what it is issued for: its DNS subject alternative names, or its common name where it has none (RFC 6125,
 *     section 6.4.4)
 * @param unusableNames the alternative names that are not host names, for display
 * @param namesUnreadable whether it has alternative names that cannot be read, so that it has no names at all
 * @param notBefore when it begins to be valid
 * @param notAfter the last moment at which it is valid
 * @param authority whether it is a CA certificate
 * @param forClients whether its extended key usage, if it has one, lets it be a TLS client's
 * @param weaknesses what is too weak about its key or its signature, in words; none for most
 */
public record ServerCertificate(
        Fingerprint fingerprint,
        Fingerprint publicKey,
        String subject,
        List<String> names,
        List<String> unusableNames,
        boolean namesUnreadable,
        Instant notBefore,
        Instant notAfter,
        boolean authority,
        boolean forClients,
        List<String> weaknesses) {

    public ServerCertificate {
        names = List.copyOf(names);
        unusableNames = List.copyOf(unusableNames);
        weaknesses = List.copyOf(weaknesses);
    }

    /**
     * Reads a certificate's DER.
     *
     * @param more whether something may follow it, which is left alone
     * @throws IOException if it is not a certificate
     */
    static ServerCertificate ofDer(byte[] octets, boolean more) throws IOException {
        try {
            CertificateFields fields = CertificateFields.of(octets, more);
            List<String> alternatives = alternativeNames(fields);
            boolean unreadable = isUnreadable(fields);
            List<String> names = alternatives.isEmpty() && !unreadable ? commonName(fields) : alternatives;
            List<String> usable =
                    names.stream().filter(ServerCertificate::isUsable).toList();
            return new ServerCertificate(
                    fingerprint(fields.der()),
                    fingerprint(fields.publicKey().getEncoded()),
                    BCStyle.INSTANCE.toString(fields.subject()),
                    usable,
                    alternatives.stream().filter(name -> !usable.contains(name)).toList(),
                    unreadable,
                    fields.notBefore(),
                    fields.notAfter(),
                    isAuthority(fields),
                    isForClients(fields),
                    Weakness.of(fields.publicKey(), fields.signatureAlgorithm()));
        } catch (RuntimeException e) { // the library's ways to say that a field is malformed
            throw new IOException(e);
        }
    }

    private static List<String> alternativeNames(CertificateFields fields) {
        return fields.extension(Extension.subjectAlternativeName, GeneralNames::getInstance).stream()
                .flatMap(names -> Stream.of(names.getNames()))
                .filter(name -> name.getTagNo() == GeneralName.dNSName)
                .map(name -> name.getName().toString())
                .toList();
    }

    private static boolean isUnreadable(CertificateFields fields) {
        return fields.has(Extension.subjectAlternativeName)
                && fields.extension(Extension.subjectAlternativeName, GeneralNames::getInstance)
                        .isEmpty();
    }

    // Of several the first, as Postfix does.
    private static List<String> commonName(CertificateFields fields) {
        RDN[] names = fields.subject().getRDNs(BCStyle.CN);
        return names.length == 0
                ? List.of()
                : List.of(IETFUtils.valueToString(names[0].getFirst().getValue()));
    }

    private static boolean isUsable(String name) {
        Optional<CertificateName> usable = CertificateName.of(name);
        return usable.isPresent() && usable.get().ascii();
    }

    private static boolean isAuthority(CertificateFields fields) {
        return fields.extension(Extension.basicConstraints, BasicConstraints::getInstance)
                .filter(BasicConstraints::isCA)
                .isPresent();
    }

    private static boolean isForClients(CertificateFields fields) {
        return !fields.has(Extension.extendedKeyUsage)
                || fields.extension(Extension.extendedKeyUsage, ExtendedKeyUsage::getInstance)
                        .filter(usage -> usage.hasKeyPurposeId(KeyPurposeId.id_kp_clientAuth)
                                || usage.hasKeyPurposeId(KeyPurposeId.anyExtendedKeyUsage))
                        .isPresent();
    }

    private static Fingerprint fingerprint(byte[] der) {
        try {
            return Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java platform has it
        }
    }
}
