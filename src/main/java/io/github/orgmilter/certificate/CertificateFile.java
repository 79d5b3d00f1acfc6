package io.github.orgmilter.certificate;

import io.github.orgmilter.identity.InvalidValueException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A PEM file of certificates (RFC 7468): a server's, and perhaps those of the chain that it sends with it.
 *
 * @param certificates at least one; the first is the server's
 * @param holdsPrivateKey whether it also has a private key, which it should not
 */
public record CertificateFile(List<ServerCertificate> certificates, boolean holdsPrivateKey) {

    public CertificateFile {
        certificates = List.copyOf(certificates);
    }

    /** The certificate that the server presents. */
    public ServerCertificate server() {
        return certificates.get(0);
    }

    /** Whether it seems to have the chain in the wrong order: a CA's certificate first, and then a server's. */
    public boolean startsWithAuthority() {
        return server().authority() && certificates.stream().anyMatch(certificate -> !certificate.authority());
    }

    /**
     * Reads the content of a file.
     *
     * @param file its path, for messages
     * @throws InvalidValueException if it has no certificate that can be read
     */
    public static CertificateFile parse(Path file, byte[] content) throws InvalidValueException {
        List<ServerCertificate> certificates = new ArrayList<>();
        Set<String> others = new LinkedHashSet<>();
        for (PemBlock block : PemBlock.in(file, content)) {
            if (block.isCertificate()) {
                certificates.add(certificate(file, block, certificates.size() + 1));
            } else if (block.isCollection() || block.looksLikeCertificate()) {
                throw unread(file, block);
            } else {
                others.add(block.label());
            }
        }
        boolean privateKey = others.stream().anyMatch(label -> label.endsWith("PRIVATE KEY"));
        if (certificates.isEmpty()) {
            throw noCertificate(file, content, privateKey, others);
        }
        return new CertificateFile(certificates, privateKey);
    }

    private static ServerCertificate certificate(Path file, PemBlock block, int number) throws InvalidValueException {
        try {
            return ServerCertificate.ofDer(block.octets(), block.isTrusted());
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidValueException(
                    "certificate " + number + " in " + file + ", at line " + block.line() + ", cannot be parsed",
                    "copy the certificate again, from its BEGIN line to its END line, or name its fingerprint instead");
        }
    }

    private static InvalidValueException unread(Path file, PemBlock block) {
        return new InvalidValueException(
                "line " + block.line() + " of " + file + " starts a block of an unsupported kind: " + block.label(),
                block.isCollection()
                        ? "convert it: openssl pkcs7 -print_certs -in " + file + " -out certificates.pem"
                        : "name a PEM file with -----BEGIN CERTIFICATE-----");
    }

    private static InvalidValueException noCertificate(
            Path file, byte[] content, boolean privateKey, Set<String> others) {
        if (privateKey) {
            return new InvalidValueException(
                    file + " has a private key but no certificate",
                    "name the file of the certificate, and keep the key on the server only:"
                            + " whoever can read it can impersonate that server");
        }
        if (!others.isEmpty()) {
            String found = others.iterator().next().toLowerCase(Locale.ROOT);
            return new InvalidValueException(
                    file + " has no certificate, only: " + found, "name a PEM file with -----BEGIN CERTIFICATE-----");
        }
        if (isDer(content)) {
            return new InvalidValueException(
                    file + " is a certificate in DER, not PEM",
                    "convert it: openssl x509 -inform DER -in " + file + " -out " + pemName(file));
        }
        return new InvalidValueException(
                file + " has no PEM certificate", "name a file with -----BEGIN CERTIFICATE-----");
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
