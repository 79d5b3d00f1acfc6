package io.github.orgmilter.config;

import io.github.orgmilter.identity.InvalidValueException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * A PEM file of certificates (RFC 7468): a server's, and perhaps those of the chain that it sends with it.
 *
 * @param certificates at least one; the first is the server's
 * @param holdsPrivateKey whether a private key stands in it too, which it should not
 */
public record CertificateFile(List<ServerCertificate> certificates, boolean holdsPrivateKey) {

    // The longest chains of real servers have some 20 kB.
    private static final int MOST_OCTETS = 256 * 1024;

    public CertificateFile {
        certificates = List.copyOf(certificates);
    }

    /** The certificate that the server presents. */
    public ServerCertificate server() {
        return certificates.get(0);
    }

    /** Whether it seems to have the chain in the wrong order: a CA's certificate first, and then a server's. */
    boolean startsWithAuthority() {
        return server().authority() && certificates.stream().anyMatch(certificate -> !certificate.authority());
    }

    /**
     * Reads a file.
     *
     * @throws InvalidValueException if it cannot be read, or holds no certificate that can
     */
    public static CertificateFile read(Path file) throws InvalidValueException {
        return parse(file, content(file));
    }

    static byte[] content(Path file) throws InvalidValueException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MOST_OCTETS + 1);
        } catch (IOException e) {
            throw TextFile.unreadable(file, e);
        }
        if (content.length > MOST_OCTETS) {
            throw new InvalidValueException(
                    file + " is larger than " + MOST_OCTETS / 1024 + " kB",
                    "name a file that holds a server's certificate, and at most its chain");
        }
        return content;
    }

    static CertificateFile parse(Path file, byte[] content) throws InvalidValueException {
        List<ServerCertificate> certificates = new ArrayList<>();
        Set<String> others = new LinkedHashSet<>();
        try (PemReader reader =
                new PemReader(new InputStreamReader(new ByteArrayInputStream(content), StandardCharsets.ISO_8859_1))) {
            for (PemObject object = reader.readPemObject(); object != null; object = reader.readPemObject()) {
                if (object.getType().equals("CERTIFICATE") || object.getType().equals("X509 CERTIFICATE")) {
                    certificates.add(ServerCertificate.ofDer(object.getContent(), false));
                } else {
                    others.add(object.getType());
                }
            }
        } catch (IOException | RuntimeException e) { // what the library throws for text that is no base64
            throw new InvalidValueException(
                    "certificate " + (certificates.size() + 1) + " in " + file + " cannot be parsed",
                    "copy the certificate anew, from its BEGIN line to its END line");
        }
        boolean privateKey = others.stream().anyMatch(type -> type.endsWith("PRIVATE KEY"));
        if (certificates.isEmpty()) {
            throw noCertificate(file, content, privateKey, others);
        }
        return new CertificateFile(certificates, privateKey);
    }

    private static InvalidValueException noCertificate(
            Path file, byte[] content, boolean privateKey, Set<String> others) {
        if (privateKey) {
            return new InvalidValueException(
                    file + " holds a private key and no certificate",
                    "name the file of the certificate, and keep the key on the server alone:"
                            + " whoever can read it can pose as that server");
        }
        if (!others.isEmpty()) {
            String found = others.iterator().next().toLowerCase(Locale.ROOT);
            return new InvalidValueException(
                    file + " holds no certificate but: " + found, "name a PEM file with -----BEGIN CERTIFICATE-----");
        }
        if (isDer(content)) {
            return new InvalidValueException(
                    file + " is a certificate in DER, not PEM",
                    "convert it: openssl x509 -inform DER -in " + file + " -out " + pemName(file));
        }
        return new InvalidValueException(
                file + " holds no PEM certificate", "name a file with -----BEGIN CERTIFICATE-----");
    }

    private static boolean isDer(byte[] content) {
        try {
            ServerCertificate.ofDer(content, false);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String pemName(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.[A-Za-z]+$", "") + ".pem";
    }
}
