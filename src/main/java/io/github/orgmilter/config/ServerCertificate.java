package io.github.orgmilter.config;

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
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * What a server's certificate says of itself, whoever signed it.
 *
 * @param fingerprint of the whole certificate
 * @param publicKey the fingerprint of its key, which a renewal may keep
 * @param subject its whole subject, for people; may be empty
 * @param names what it is issued for: its DNS subject alternative names, or its common name where it has none (RFC 6125,
 *     section 6.4.4)
 * @param unusableNames the alternative names that are no host names, for people
 * @param notBefore when it begins to be valid
 * @param notAfter the last moment at which it is valid
 * @param authority whether it says that it may sign others
 * @param forClients whether its extended key usage, if it has one, lets it be a TLS client's
 * @param weaknesses what is too weak about its key or its signature, in words; none for most
 */
public record ServerCertificate(
        Fingerprint fingerprint,
        Fingerprint publicKey,
        String subject,
        List<String> names,
        List<String> unusableNames,
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
     * @throws IOException if it is none
     */
    static ServerCertificate ofDer(byte[] der) throws IOException {
        try {
            X509CertificateHolder holder = new X509CertificateHolder(der);
            List<String> alternatives = alternativeNames(holder);
            List<String> names = alternatives.isEmpty() ? commonName(holder) : alternatives;
            List<String> usable = names.stream().filter(ServerCertificate::isUsable).toList();
            return new ServerCertificate(
                    fingerprint(der),
                    fingerprint(holder.getSubjectPublicKeyInfo().getEncoded()),
                    BCStyle.INSTANCE.toString(holder.getSubject()),
                    usable,
                    alternatives.stream().filter(name -> !usable.contains(name)).toList(),
                    holder.getNotBefore().toInstant(),
                    holder.getNotAfter().toInstant(),
                    isAuthority(holder),
                    isForClients(holder),
                    Weakness.of(holder));
        } catch (RuntimeException e) { // the library's ways to say that an extension or a date is malformed
            throw new IOException(e);
        }
    }

    private static List<String> alternativeNames(X509CertificateHolder holder) {
        GeneralNames names = GeneralNames.fromExtensions(holder.getExtensions(), Extension.subjectAlternativeName);
        return names == null
                ? List.of()
                : Stream.of(names.getNames())
                        .filter(name -> name.getTagNo() == GeneralName.dNSName)
                        .map(name -> name.getName().toString())
                        .toList();
    }

    // Of several the first, as Postfix does.
    private static List<String> commonName(X509CertificateHolder holder) {
        RDN[] names = holder.getSubject().getRDNs(BCStyle.CN);
        return names.length == 0 ? List.of() : List.of(IETFUtils.valueToString(names[0].getFirst().getValue()));
    }

    private static boolean isUsable(String name) {
        Optional<CertificateName> usable = CertificateName.of(name);
        return usable.isPresent() && usable.get().ascii();
    }

    private static boolean isAuthority(X509CertificateHolder holder) {
        BasicConstraints constraints = BasicConstraints.fromExtensions(holder.getExtensions());
        return constraints != null && constraints.isCA();
    }

    private static boolean isForClients(X509CertificateHolder holder) {
        ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(holder.getExtensions());
        return usage == null
                || usage.hasKeyPurposeId(KeyPurposeId.id_kp_clientAuth)
                || usage.hasKeyPurposeId(KeyPurposeId.anyExtendedKeyUsage);
    }

    private static Fingerprint fingerprint(byte[] der) {
        try {
            return Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java platform has it
        }
    }
}
