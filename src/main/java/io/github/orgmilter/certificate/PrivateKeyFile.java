package io.github.orgmilter.certificate;

import io.github.orgmilter.identity.InvalidValueException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** PEM files with what a TLS client presents: a private key, and the chain of certificates for it. */
public final class PrivateKeyFile {

    private PrivateKeyFile() {}

    /**
     * Reads the first private key.
     *
     * @param file its path, for messages
     * @throws InvalidValueException if there is none that can be used; the message has nothing of its content
     */
    public static PrivateKey parse(Path file, byte[] content) throws InvalidValueException {
        try (PEMParser parser = new PEMParser(new StringReader(new String(content, StandardCharsets.ISO_8859_1)))) {
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                if (block instanceof PEMEncryptedKeyPair || block instanceof PKCS8EncryptedPrivateKeyInfo) {
                    throw new InvalidValueException(
                            "the private key in " + file + " is encrypted",
                            "decrypt it: openssl pkey -in " + file + " -out plain.key, readable by you alone");
                }
                if (block instanceof PrivateKeyInfo info) {
                    return key(info);
                }
                if (block instanceof PEMKeyPair pair) {
                    return key(pair.getPrivateKeyInfo());
                }
            }
        } catch (IOException e) {
            throw new InvalidValueException(
                    "the private key in " + file + " cannot be parsed",
                    "copy it again, from its BEGIN to its END line");
        }
        throw new InvalidValueException(
                file + " has no private key", "name a PEM file with -----BEGIN PRIVATE KEY-----");
    }

    private static PrivateKey key(PrivateKeyInfo info) throws PEMException {
        return new JcaPEMKeyConverter().getPrivateKey(info);
    }

    /**
     * Reads a chain, leaf first.
     *
     * @throws InvalidValueException if there is none
     */
    public static List<X509Certificate> chain(Path file, byte[] content) throws InvalidValueException {
        CertificateFile.parse(file, content); // its messages are better
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(content))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (GeneralSecurityException e) {
            throw new InvalidValueException(
                    "the certificates in " + file + " cannot be used: " + e.getMessage(),
                    "leave nothing but the certificates in the file");
        }
    }

    /** Whether the key is that of the certificate. */
    public static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        String type = key.getAlgorithm();
        String algorithm = type.equals("RSA") ? "SHA256withRSA" : type.equals("EC") ? "SHA256withECDSA" : type;
        byte[] text = "orgmilter".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
