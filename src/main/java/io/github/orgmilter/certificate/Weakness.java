package io.github.orgmilter.certificate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;

/** What is too weak about a certificate, by the measure of NIST SP 800-131A: less than 112 bits of security. */
final class Weakness {

    private static final int LEAST_RSA_BITS = 2048;
    private static final int LEAST_EC_BITS = 224;

    private Weakness() {}

    static List<String> of(SubjectPublicKeyInfo key, AlgorithmIdentifier signatureAlgorithm) {
        List<String> weaknesses = new ArrayList<>();
        try {
            ofKey(key).ifPresent(weaknesses::add);
        } catch (IOException | RuntimeException e) { // the library's ways to say that it does not know such a key
            // Then nothing is known against it either.
        }
        String signature = new DefaultAlgorithmNameFinder().getAlgorithmName(signatureAlgorithm);
        String name = signature.toUpperCase(Locale.ROOT);
        if (name.contains("MD5") || name.contains("MD2") || name.contains("SHA1")) {
            weaknesses.add("a signature by " + signature);
        }
        return weaknesses;
    }

    private static Optional<String> ofKey(SubjectPublicKeyInfo key) throws IOException {
        ASN1ObjectIdentifier algorithm = key.getAlgorithm().getAlgorithm();
        if (algorithm.equals(X9ObjectIdentifiers.id_dsa)) {
            return Optional.of("a DSA key");
        }
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)
                || algorithm.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            // Not by way of the key's class, which refuses what it finds too weak.
            int bits =
                    RSAPublicKey.getInstance(key.parsePublicKey()).getModulus().bitLength();
            return bits < LEAST_RSA_BITS ? Optional.of("an RSA key of " + bits + " bits") : Optional.empty();
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            int bits = ((ECPublicKeyParameters) PublicKeyFactory.createKey(key))
                    .getParameters()
                    .getN()
                    .bitLength();
            return bits < LEAST_EC_BITS ? Optional.of("an EC key of " + bits + " bits") : Optional.empty();
        }
        return Optional.empty();
    }
}
