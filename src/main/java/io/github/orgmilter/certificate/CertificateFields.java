package io.github.orgmilter.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;

/**
 * The fields of a certificate (RFC 5280, section 4.1), taken by their places as OpenSSL takes them. Readers of whole certificates,
 * Bouncy Castle's and Java's, refuse what MTAs accept, such as an empty issuer.
 */
final class CertificateFields {

    private static final int EXTENSIONS_TAG = 3;

    private final byte[] der;
    private final ASN1Sequence certificate;
    private final ASN1Sequence body;
    private final int serialNumber; // its place: the version before it may be left out
    private final Map<ASN1ObjectIdentifier, Optional<byte[]>> extensions = new HashMap<>();

    private CertificateFields(byte[] der, ASN1Sequence certificate) {
        this.der = der;
        this.certificate = certificate;
        body = ASN1Sequence.getInstance(certificate.getObjectAt(0));
        serialNumber = body.getObjectAt(0) instanceof ASN1TaggedObject ? 1 : 0;
        for (int i = serialNumber + 6; i < body.size(); i++) {
            ASN1TaggedObject field = ASN1TaggedObject.getInstance(body.getObjectAt(i), BERTags.CONTEXT_SPECIFIC);
            if (field.getTagNo() == EXTENSIONS_TAG) {
                ASN1Sequence.getInstance(field, true).forEach(each -> add(ASN1Sequence.getInstance(each)));
            }
        }
    }

    private void add(ASN1Sequence extension) {
        byte[] value = ASN1OctetString.getInstance(extension.getObjectAt(extension.size() - 1))
                .getOctets();
        // One that is there twice has no value.
        extensions.merge(
                ASN1ObjectIdentifier.getInstance(extension.getObjectAt(0)),
                Optional.of(value),
                (one, other) -> Optional.empty());
    }

    /**
     * Reads a certificate's DER.
     *
     * @param more whether something may follow it, which is left alone
     * @throws IOException if it is not a certificate
     */
    static CertificateFields of(byte[] octets, boolean more) throws IOException {
        try {
            ByteArrayInputStream in = new ByteArrayInputStream(octets);
            ASN1Sequence certificate = ASN1Sequence.getInstance(new ASN1InputStream(in).readObject());
            if (certificate.size() != 3 || (in.available() > 0 && !more)) {
                throw new IOException("not one certificate");
            }
            byte[] written = Arrays.copyOf(octets, octets.length - in.available());
            return new CertificateFields(
                    hasShortestHeader(written) ? written : certificate.getEncoded(ASN1Encoding.DL), certificate);
        } catch (RuntimeException e) { // the library's ways to say that a field is malformed
            throw new IOException(e);
        }
    }

    // MTAs hash the certificate behind such a header, whatever header came with it.
    private static boolean hasShortestHeader(byte[] der) {
        int header = der[1] >= 0 ? 2 : 2 + (der[1] & 0x7f);
        int length = der.length - header;
        return header == (length < 0x80 ? 2 : length < 0x100 ? 3 : length < 0x10000 ? 4 : 5);
    }

    /** The certificate without what follows it. */
    byte[] der() {
        return der;
    }

    private Time validity(int place) {
        return Time.getInstance(
                ASN1Sequence.getInstance(body.getObjectAt(serialNumber + 3)).getObjectAt(place));
    }

    Instant notBefore() {
        return validity(0).getDate().toInstant();
    }

    Instant notAfter() {
        return validity(1).getDate().toInstant();
    }

    X500Name subject() {
        return X500Name.getInstance(body.getObjectAt(serialNumber + 4));
    }

    SubjectPublicKeyInfo publicKey() {
        return SubjectPublicKeyInfo.getInstance(body.getObjectAt(serialNumber + 5));
    }

    AlgorithmIdentifier signatureAlgorithm() {
        return AlgorithmIdentifier.getInstance(certificate.getObjectAt(1));
    }

    boolean has(ASN1ObjectIdentifier extension) {
        return extensions.containsKey(extension);
    }

    /** An extension; empty if it is not there or cannot be read, which does not keep a client from presenting it. */
    <T> Optional<T> extension(ASN1ObjectIdentifier identifier, Function<ASN1Primitive, T> reader) {
        Optional<byte[]> value = extensions.getOrDefault(identifier, Optional.empty());
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(ASN1Primitive.fromByteArray(value.get())));
        } catch (IOException | RuntimeException e) { // the library's ways to say so
            return Optional.empty();
        }
    }
}
