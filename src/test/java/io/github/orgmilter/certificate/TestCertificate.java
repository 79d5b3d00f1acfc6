package io.github.orgmilter.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes a certificate that its own key signs, valid for a year around {@link #NOW} unless said otherwise. */
public final class TestCertificate {

    public static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final Provider WEAK_TOO = new BouncyCastleProvider(); // Java's own refuses what should be warned of

    private final X500NameBuilder subject = new X500NameBuilder();
    private final List<GeneralName> alternatives = new ArrayList<>();
    private KeyPair keys = keys("EC", 256);
    private String signature = "SHA256withECDSA";
    private KeyPurposeId purpose = KeyPurposeId.id_kp_clientAuth;
    private Instant begin = NOW.minus(Duration.ofDays(180));
    private Instant end = NOW.plus(Duration.ofDays(180));
    private boolean authority;
    private boolean unreadableAlternatives;

    public TestCertificate(String... commonNames) {
        Stream.of(commonNames).forEach(name -> subject.addRDN(BCStyle.CN, new DERUTF8String(name)));
    }

    public static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, WEAK_TOO);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public TestCertificate alternatives(String... names) {
        Stream.of(names).forEach(name -> alternatives.add(new GeneralName(GeneralName.dNSName, name)));
        return this;
    }

    public TestCertificate mailAddress(String address) {
        alternatives.add(new GeneralName(GeneralName.rfc822Name, address));
        return this;
    }

    public TestCertificate unreadableAlternatives() {
        unreadableAlternatives = true;
        return this;
    }

    public TestCertificate key(KeyPair pair, String signedBy) {
        keys = pair;
        signature = signedBy;
        return this;
    }

    public TestCertificate serverOnly() {
        purpose = KeyPurposeId.id_kp_serverAuth;
        return this;
    }

    public TestCertificate authority() {
        authority = true;
        return this;
    }

    public TestCertificate valid(Instant from, Instant to) {
        begin = from;
        end = to;
        return this;
    }

    public byte[] der() {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=Test CA"),
                    BigInteger.TEN,
                    Date.from(begin),
                    Date.from(end),
                    subject.build(),
                    keys.getPublic());
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            if (!alternatives.isEmpty()) {
                GeneralName[] names = alternatives.toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            if (unreadableAlternatives) {
                builder.addExtension(Extension.subjectAlternativeName, false, DERNull.INSTANCE);
            }
            if (authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            }
            return builder.build(new JcaContentSignerBuilder(signature)
                            .setProvider(WEAK_TOO)
                            .build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String pem() {
        return pem("CERTIFICATE", der());
    }

    public String keyPem() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** As Java's own classes compute it. */
    public String publicKeyFingerprint() {
        return fingerprint(keys.getPublic().getEncoded());
    }

    public static String fingerprint(byte[] octets) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String pem(String type, byte[] der) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + type + "-----\n" + lines.encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
