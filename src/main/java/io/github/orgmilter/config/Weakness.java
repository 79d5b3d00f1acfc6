package io.github.orgmilter.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;

/** What is too weak about a certificate, by the measure of NIST SP 800-131A: less than 112 bits of security. */
final class Weakness {

    private static final int LEAST_RSA_BITS = 2048;
    private static final int LEAST_EC_BITS = 224;

    private Weakness() {}

    static List<String> of(X509CertificateHolder certificate) throws IOException {
        List<String> weaknesses = new ArrayList<>();
        SubjectPublicKeyInfo key = certificate.getSubjectPublicKeyInfo();
        if (key.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_dsa)) {
            weaknesses.add("a DSA key");
        } else if (key.getAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
            // Not by way of the key's class, which refuses what it finds too weak.
            int bits = RSAPublicKey.getInstance(key.parsePublicKey()).getModulus().bitLength();
            if (bits < LEAST_RSA_BITS) {
                weaknesses.add("an RSA key of " + bits + " bits");
            }
        } else if (key.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            int bits = ((ECPublicKeyParameters) PublicKeyFactory.createKey(key))
                    .getParameters()
                    .getN()
                    .bitLength();
            if (bits < LEAST_EC_BITS) {
                weaknesses.add("an EC key of " + bits + " bits");
            }
        }
        String signature = new DefaultAlgorithmNameFinder().getAlgorithmName(certificate.getSignatureAlgorithm());
        String name = signature.toUpperCase(Locale.ROOT);
        if (name.contains("MD5") || name.contains("MD2") || name.contains("SHA1")) {
            weaknesses.add("a signature by " + signature);
        }
        return weaknesses;
    }
}
