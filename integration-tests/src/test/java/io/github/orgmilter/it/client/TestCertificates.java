package io.github.orgmilter.it.client;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Two CAs, one that the MTA trusts and one that it does not, and the odd certificates of the matrix. */
public final class TestCertificates {

    private static final AtomicLong SERIAL = new AtomicLong(System.currentTimeMillis());
    private static final Instant NOW = Instant.now();

    private final ClientCertificate trusted = authority("OrgMilter Test CA", null);
    private final ClientCertificate foreign = authority("Foreign CA", null);
    private final ClientCertificate namesake = authority("OrgMilter Test CA", null);

    /** The CA list of the MTA. */
    public String trustedCaPem() {
        return pem(trusted.chain().get(0));
    }

    /** The MTA's own key and chain, for {@code smtpd_tls_chain_files}. */
    public String serverPem(String host) {
        ClientCertificate server =
                new Leaf().name(host).purpose(KeyPurposeId.id_kp_serverAuth).signedBy(trusted);
        return pem("PRIVATE KEY", server.key().getEncoded())
                + pem(server.chain().get(0));
    }

    public ClientCertificate verified(String... commonNames) {
        return new Leaf().name(commonNames).signedBy(trusted);
    }

    /** Signed by a CA named {@code issuer} that the trusted CA has signed. */
    public ClientCertificate issuedBy(String issuer, String commonName) {
        return new Leaf().name(commonName).signedBy(authority(issuer, trusted));
    }

    public ClientCertificate selfSigned(String commonName) {
        return new Leaf().name(commonName).signedBy(null);
    }

    public ClientCertificate fromForeignCa(String commonName) {
        return new Leaf().name(commonName).signedBy(foreign);
    }

    /** Signed by a CA of this name that no other has signed. */
    public ClientCertificate ofAuthority(String authority, String commonName) {
        return new Leaf().name(commonName).signedBy(authority(authority, null));
    }

    /** A CA of this name that no other has signed. */
    public static ClientCertificate privateAuthority(String name) {
        return authority(name, null);
    }

    /** Signed by one of those. */
    public static ClientCertificate signedBy(ClientCertificate authority, String commonName) {
        return new Leaf().name(commonName).signedBy(authority);
    }

    /** The same CA with the same key, as a certificate that has expired. */
    public static String expiredPem(ClientCertificate authority) {
        X509Certificate old = authority.chain().get(0);
        KeyPair keys = new KeyPair(old.getPublicKey(), authority.key());
        X500Name name = X500Name.getInstance(old.getSubjectX500Principal().getEncoded());
        return pem(sign(name, NOW.minus(Duration.ofDays(1)), null, keys, TestCertificates::ofAuthority)
                .chain()
                .get(0));
    }

    /** A certificate without what it is signed by. */
    public static String certificatePem(ClientCertificate certificate) {
        return pem(certificate.chain().get(0));
    }

    /** The CA that signed a certificate. */
    public static String authorityPem(ClientCertificate certificate) {
        return pem(certificate.chain().get(1));
    }

    /** From a CA with the trusted one's name and another key. */
    public ClientCertificate fromNamesakeCa(String commonName) {
        return new Leaf().name(commonName).signedBy(namesake);
    }

    public ClientCertificate expired(String commonName) {
        return new Leaf().name(commonName).until(NOW.minus(Duration.ofDays(1))).signedBy(trusted);
    }

    public ClientCertificate serverAuthOnly(String commonName) {
        return new Leaf()
                .name(commonName)
                .purpose(KeyPurposeId.id_kp_serverAuth)
                .signedBy(trusted);
    }

    /** A subject without a common name; the host name is in the subject alternative name only. */
    public ClientCertificate sanOnly(String host) {
        return new Leaf().organization("Contoso").alternativeName(host).signedBy(trusted);
    }

    public ClientCertificate emptySubject(String host) {
        return new Leaf().alternativeName(host).signedBy(trusted);
    }

    /** The same subject, names, usage and key as an older one that signed itself, with another serial number and longer valid. */
    public ClientCertificate renewed(ClientCertificate old) {
        X509Certificate leaf = old.chain().get(0);
        X500Name subject = X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
        return sign(
                subject,
                NOW.plus(Duration.ofDays(100)),
                null,
                new KeyPair(leaf.getPublicKey(), old.key()),
                builder -> {});
    }

    /** Signed by a CA that the trusted CA has signed, and whose name has an organization only. */
    public ClientCertificate issuedByOrganization(String organization, String commonName) {
        X500Name name = new X500NameBuilder()
                .addRDN(BCStyle.O, new DERUTF8String(organization))
                .build();
        return new Leaf().name(commonName).signedBy(authority(name, trusted));
    }

    private static ClientCertificate authority(String commonName, ClientCertificate issuer) {
        return authority(
                new X500NameBuilder()
                        .addRDN(BCStyle.CN, new DERUTF8String(commonName))
                        .build(),
                issuer);
    }

    private static ClientCertificate authority(X500Name name, ClientCertificate issuer) {
        return sign(name, NOW.plus(Duration.ofDays(2)), issuer, TestCertificates::ofAuthority);
    }

    private static void ofAuthority(X509v3CertificateBuilder builder) throws IOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    }

    private static final class Leaf {
        private final X500NameBuilder subject = new X500NameBuilder();
        private KeyPurposeId purpose = KeyPurposeId.id_kp_clientAuth;
        private Instant end = NOW.plus(Duration.ofDays(1));
        private String alternativeName;

        /** Always UTF8String, so that it may contain any octet. */
        Leaf name(String... commonNames) {
            for (String commonName : commonNames) {
                subject.addRDN(BCStyle.CN, new DERUTF8String(commonName));
            }
            return this;
        }

        Leaf organization(String name) {
            subject.addRDN(BCStyle.O, new DERUTF8String(name));
            return this;
        }

        Leaf alternativeName(String host) {
            alternativeName = host;
            return this;
        }

        Leaf purpose(KeyPurposeId only) {
            purpose = only;
            return this;
        }

        Leaf until(Instant instant) {
            end = instant;
            return this;
        }

        ClientCertificate signedBy(ClientCertificate issuer) {
            X500Name name = subject.build();
            return sign(name, end, issuer, builder -> {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
                if (alternativeName != null) {
                    GeneralName host = new GeneralName(GeneralName.dNSName, alternativeName);
                    // RFC 5280, section 4.2.1.6: critical if the subject is empty.
                    boolean critical = name.getRDNs().length == 0;
                    builder.addExtension(Extension.subjectAlternativeName, critical, new GeneralNames(host));
                }
            });
        }
    }

    private interface Extensions {
        void addTo(X509v3CertificateBuilder builder) throws IOException;
    }

    /** Signs with the issuer's key, or with its own when there is none. */
    private static ClientCertificate sign(
            X500Name subject, Instant end, ClientCertificate issuer, Extensions extensions) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return sign(subject, end, issuer, generator.generateKeyPair(), extensions);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClientCertificate sign(
            X500Name subject, Instant end, ClientCertificate issuer, KeyPair keys, Extensions extensions) {
        try {
            X500Name issuerName = issuer == null
                    ? subject
                    : X500Name.getInstance(
                            issuer.chain().get(0).getSubjectX500Principal().getEncoded());
            PrivateKey signingKey = issuer == null ? keys.getPrivate() : issuer.key();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuerName,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(NOW.minus(Duration.ofDays(3))),
                    Date.from(end),
                    subject,
                    keys.getPublic());
            extensions.addTo(builder);
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signingKey)));
            List<X509Certificate> chain = new ArrayList<>();
            chain.add(certificate);
            if (issuer != null) {
                chain.addAll(issuer.chain());
            }
            return new ClientCertificate(chain, keys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String type, byte[] der) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN " + type + "-----\n" + lines.encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
