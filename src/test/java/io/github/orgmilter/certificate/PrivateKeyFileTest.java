package io.github.orgmilter.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.identity.InvalidValueException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A file of a private key")
final class PrivateKeyFileTest {

    private static final Path FILE = Path.of("mail.key");

    private static KeyPair keys(String algorithm) throws GeneralSecurityException {
        return algorithm.equals("EC")
                ? TestCertificate.keys("EC", 256)
                : KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    private static byte[] pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder().encodeToString(der);
        return ("-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** With its curve, as OpenSSL writes it (RFC 5915). */
    private static byte[] sec1(ECPrivateKey key) throws IOException {
        return new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), SECObjectIdentifiers.secp256r1).getEncoded();
    }

    @ParameterizedTest(name = "{0} as {1}")
    @CsvSource({
        "RSA, PRIVATE KEY",
        "RSA, RSA PRIVATE KEY",
        "EC, PRIVATE KEY",
        "EC, EC PRIVATE KEY",
        "Ed25519, PRIVATE KEY"
    })
    @DisplayName("is read in each form that OpenSSL writes")
    void forms(String algorithm, String label) throws GeneralSecurityException, IOException, InvalidValueException {
        PrivateKey key = keys(algorithm).getPrivate();
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        byte[] der = label.equals("PRIVATE KEY")
                ? key.getEncoded()
                : label.startsWith("RSA")
                        ? info.parsePrivateKey().toASN1Primitive().getEncoded()
                        : sec1((ECPrivateKey) key);
        PrivateKey read = PrivateKeyFile.parse(FILE, pem(label, der));
        if (key instanceof ECPrivateKey ec) { // whose octets may have the curve or not
            assertThat(read)
                    .isInstanceOfSatisfying(
                            ECPrivateKey.class, it -> assertThat(it.getS()).isEqualTo(ec.getS()));
        } else {
            assertThat(read).isEqualTo(key);
        }
    }

    @Test
    @DisplayName("that is encrypted, broken or has none says how to mend it, and nothing of the key")
    void mistakes() throws IOException {
        byte[] encrypted = pem(
                "ENCRYPTED PRIVATE KEY",
                new EncryptedPrivateKeyInfo(
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, DERNull.INSTANCE), new byte[8])
                        .getEncoded());
        assertThatThrownBy(() -> PrivateKeyFile.parse(FILE, encrypted))
                .isInstanceOfSatisfying(InvalidValueException.class, e -> {
                    assertThat(e.problem()).isEqualTo("the private key in mail.key is encrypted");
                    assertThat(e.repair()).startsWith("decrypt it: openssl pkey -in mail.key");
                });
        byte[] broken = pem("PRIVATE KEY", "MEAA".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> PrivateKeyFile.parse(FILE, broken))
                .isInstanceOfSatisfying(InvalidValueException.class, e -> {
                    assertThat(e.problem()).isEqualTo("the private key in mail.key cannot be parsed");
                    assertThat(e.problem() + e.repair()).doesNotContain("TUVBQQ");
                });
        assertThatThrownBy(() -> PrivateKeyFile.parse(FILE, new byte[0]))
                .isInstanceOfSatisfying(
                        InvalidValueException.class,
                        e -> assertThat(e.problem()).isEqualTo("mail.key has no private key"));
    }

    @Tag("slow")
    @Test
    @DisplayName("belongs to its own certificate alone")
    void pair() throws GeneralSecurityException, InvalidValueException {
        KeyPair own = TestCertificate.keys("EC", 256);
        TestCertificate certificate = new TestCertificate("mail.contoso.com").key(own, "SHA256withECDSA");
        X509Certificate leaf = PrivateKeyFile.chain(
                        Path.of("mail.pem"), certificate.pem().getBytes(StandardCharsets.US_ASCII))
                .get(0);
        assertThat(leaf.getSubjectX500Principal().getName()).contains("mail.contoso.com");
        assertThat(PrivateKeyFile.belongTogether(own.getPrivate(), leaf)).isTrue();
        assertThat(PrivateKeyFile.belongTogether(keys("EC").getPrivate(), leaf)).isFalse();
        assertThat(PrivateKeyFile.belongTogether(keys("RSA").getPrivate(), leaf))
                .isFalse();
    }
}
