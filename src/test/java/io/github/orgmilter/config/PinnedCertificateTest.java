package io.github.orgmilter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.orgmilter.certificate.TestCertificate;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A connector's pins")
final class PinnedCertificateTest {

    private static final Instant NOW = TestCertificate.NOW;
    private static final String HEX = "ab".repeat(32);
    private static final String WITHOUT_POLICY_LISTEN =
            "without policy-listen, Postfix cannot report which certificate a client"
                    + " presents; add policy-listen = [ \"inet:10034@127.0.0.1\" ], and check_policy_service in Postfix's main.cf";

    @TempDir
    private Path folder;

    private Path configure(String connector) throws IOException {
        return configure("policy-listen = [ \"inet:10034@127.0.0.1\" ]", connector);
    }

    private Path configure(String top, String connector) throws IOException {
        return Files.writeString(
                folder.resolve("orgmilter.conf"),
                top + "\norganizations.contoso { accepted-domains = [ \"contoso.com\" ]\nconnectors.hq { " + connector
                        + " } }\n");
    }

    private Configuration withFile(String content) throws Exception {
        Files.writeString(folder.resolve("a.pem"), content);
        return Configuration.load(configure("certificate-files = [ \"a.pem\" ]"));
    }

    private static Connector connector(Configuration configuration) {
        return configuration
                .policy()
                .organizations()
                .iterator()
                .next()
                .connectors()
                .get(0);
    }

    private List<String> said(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString().replace(folder + "/", ""))
                .toList();
    }

    private List<String> errors(Path file) {
        return said(catchThrowableOfType(ConfigurationException.class, () -> Configuration.load(file))
                .problems());
    }

    private String errorOf(String content) throws IOException {
        Files.writeString(folder.resolve("a.pem"), content);
        return onlyError(errors(configure("certificate-files = [ \"a.pem\" ]")));
    }

    private static String onlyError(List<String> errors) {
        assertThat(errors).hasSize(1);
        String prefix = "orgmilter.conf:3: organizations.contoso.connectors.hq.certificate-files: ";
        assertThat(errors.get(0)).startsWith(prefix);
        return errors.get(0).substring(prefix.length());
    }

    @Test
    @DisplayName("are fingerprints in any usual form, and are enough for a connector")
    void fingerprints() throws Exception {
        Configuration loaded = Configuration.load(configure("certificate-fingerprints = [ \"" + HEX + "\" ]\n"
                + "public-key-fingerprints = [ \"" + "CD:".repeat(31) + "CD\" ]"));
        assertThat(loaded.warnings()).isEmpty();
        assertThat(connector(loaded).pins())
                .extracting(Pin::toString)
                .containsExactly("certificate " + "AB:".repeat(31) + "AB", "public key " + "CD:".repeat(31) + "CD");
        assertThat(loaded.policy().options().policyDelegation()).isTrue();
    }

    @Test
    @DisplayName("that are no SHA-256 fingerprints, or none at all, are errors")
    void badFingerprints() throws IOException {
        assertThat(errors(configure(
                        "certificate-fingerprints = [ \"" + "ab".repeat(20) + "\" ], public-key-fingerprints = []")))
                .satisfiesExactly(
                        one -> assertThat(one).contains("certificate-fingerprints: ", "the length of a SHA-1 digest"),
                        two -> assertThat(two)
                                .endsWith(
                                        "public-key-fingerprints: an empty list; list at least one entry, or remove this key"));
    }

    @Test
    @DisplayName("are in vain where no socket takes policy queries, which is a warning")
    void inVain() throws Exception {
        Configuration loaded = Configuration.load(configure("", "certificate-fingerprints = [ \"" + HEX + "\" ]"));
        assertThat(said(loaded.warnings()))
                .containsExactly("orgmilter.conf:3: organizations.contoso.connectors.hq.certificate-fingerprints: "
                        + WITHOUT_POLICY_LISTEN);
    }

    @Test
    @DisplayName("end another organization's wildcard by the names of their certificates, or there is a warning")
    void withinAWildcard() throws Exception {
        Files.writeString(folder.resolve("a.pem"), new TestCertificate("mail.hoster.example").pem());
        Path file = configure("certificate-files = [ \"a.pem\" ]");
        Files.writeString(
                file,
                "organizations.hoster { accepted-domains = [ \"hoster.example\" ]\n"
                        + " connectors.a { certificate-names = [ \"*.hoster.example\" ] } }\n",
                StandardOpenOption.APPEND);
        assertThat(said(Configuration.load(file).warnings()))
                .anySatisfy(
                        warning -> assertThat(warning)
                                .startsWith(
                                        "orgmilter.conf:3: organizations.contoso.connectors.hq.certificate-files: certificate name"
                                                + " mail.hoster.example is within \"*.hoster.example\" of organization \"hoster\", at orgmilter.conf:"));
    }

    @Test
    @DisplayName("are for one organization alone, or there is a warning")
    void shared() throws Exception {
        Path file = configure(
                "certificate-fingerprints = [ \"" + HEX + "\" ]\npublic-key-fingerprints = [ \"" + HEX + "\" ]");
        Files.writeString(
                file,
                "organizations.fabrikam { accepted-domains = [ \"fabrikam.com\" ]\n connectors.a { certificate-fingerprints = [ \""
                        + HEX.toUpperCase(Locale.ROOT) + "\" ] } }\n",
                StandardOpenOption.APPEND);
        assertThat(said(Configuration.load(file).warnings()))
                .containsExactly(
                        "orgmilter.conf:6: organizations.fabrikam.connectors.a.certificate-fingerprints: certificate "
                                + "AB:".repeat(31) + "AB is also in organization \"contoso\", at orgmilter.conf:3;"
                                + " a connector is for servers that the organization does not share");
    }

    @Test
    @DisplayName("from a file are its first certificate, with the DNS alternative names and not the common name")
    void alternativeNames() throws Exception {
        TestCertificate certificate = new TestCertificate("other.contoso.com")
                .alternatives("Mail.contoso.com", "*.edge.contoso.com")
                .mailAddress("a@contoso.com");
        byte[] der = certificate.der();
        Configuration loaded = withFile("some text in front\n" + TestCertificate.pem("CERTIFICATE", der)
                + new TestCertificate("Some CA").authority().pem());
        assertThat(loaded.warningsAt(NOW)).isEmpty();
        Pin pin = connector(loaded).pins().get(0);
        assertThat(connector(loaded).pins()).hasSize(1);
        assertThat(pin.kind()).isEqualTo(Pin.Kind.CERTIFICATE);
        assertThat(pin.fingerprint().toString()).isEqualTo(TestCertificate.fingerprint(der));
        assertThat(pin.names()).extracting(Object::toString).containsExactly("mail.contoso.com", "*.edge.contoso.com");
        PinnedCertificate pinned = loaded.certificates().get(0);
        assertThat(pinned.organization() + "/" + pinned.connector()).isEqualTo("contoso/hq");
        assertThat(pinned.certificate().publicKey().toString()).isEqualTo(certificate.publicKeyFingerprint());
    }

    @Test
    @DisplayName("have the common name only where there is no DNS alternative name, and of several the first")
    void commonName() throws Exception {
        assertThat(names(new TestCertificate("mail.contoso.com", "second.contoso.com").mailAddress("a@contoso.com")))
                .containsExactly("mail.contoso.com");
        assertThat(names(new TestCertificate("Contoso's mail server"))).isEmpty();
        assertThat(names(new TestCertificate())).isEmpty();
    }

    private List<String> names(TestCertificate certificate) throws Exception {
        Configuration loaded = withFile(certificate.pem());
        assertThat(loaded.warningsAt(NOW)).isEmpty();
        return connector(loaded).pins().get(0).names().stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    @DisplayName("leave out alternative names that no server can have, with a warning")
    void unusableNames() throws Exception {
        Configuration loaded = withFile(new TestCertificate("x")
                .alternatives("a b", "*.com", "mail.contoso.com", "*.*.contoso.com")
                .pem());
        assertThat(connector(loaded).pins().get(0).names())
                .extracting(Object::toString)
                .containsExactly("mail.contoso.com");
        assertThat(said(loaded.warningsAt(NOW)))
                .hasSize(3)
                .anySatisfy(line ->
                        assertThat(line).contains("a.pem is issued for \"*.com\", which is not used as a domain: "))
                .anySatisfy(
                        line -> assertThat(line).contains("a.pem is issued for \"a b\", which is not a host name; "))
                .anySatisfy(line ->
                        assertThat(line).contains("a.pem is issued for \"*.*.contoso.com\", which is not a host name"));
    }

    @Test
    @DisplayName("with alternative names that cannot be read have no name, with a warning")
    void unreadableNames() throws Exception {
        Configuration loaded = withFile(
                new TestCertificate("mail.contoso.com").unreadableAlternatives().pem());
        assertThat(connector(loaded).pins().get(0).names()).isEmpty();
        assertThat(said(loaded.warningsAt(NOW)))
                .containsExactly(
                        "orgmilter.conf:3: organizations.contoso.connectors.hq.certificate-files: a.pem has alternative"
                                + " names that cannot be read, so none of its names is used as a domain; the pin works all"
                                + " the same");
    }

    @Test
    @DisplayName("come from PEM files of certificates and from nothing else")
    void otherFiles() throws IOException {
        TestCertificate certificate = new TestCertificate("mail.contoso.com");
        assertThat(errorOf(certificate.keyPem()).replace(folder + "/", ""))
                .isEqualTo(
                        "a.pem has a private key but no certificate; name the file of the certificate, and keep the key"
                                + " on the server only: whoever can read it can impersonate that server");
        assertThat(errorOf(TestCertificate.pem("CERTIFICATE REQUEST", new byte[9])))
                .startsWith("a.pem has no certificate, only: certificate request; ");
        assertThat(errorOf("")).startsWith("a.pem has no PEM certificate; ");
        String pem = certificate.pem();
        assertThat(errorOf(pem.strip() + new TestCertificate("Some CA").pem()))
                .isEqualTo("line " + pem.lines().count()
                        + " of a.pem looks like part of a certificate that cannot be read; copy each certificate again,"
                        + " from its BEGIN line to its END line, each of them on a line of its own");
        assertThat(errorOf(TestCertificate.pem("PKCS7", new byte[9])))
                .isEqualTo(
                        "line 1 of a.pem starts a block of an unsupported kind: PKCS7; convert it: openssl pkcs7 -print_certs"
                                + " -in a.pem -out certificates.pem");
        assertThat(errorOf(certificate.pem().replaceFirst("\nMII", "\n!!!"))).contains("cannot be parsed");
        assertThat(errorOf(certificate.pem() + TestCertificate.pem("CERTIFICATE", new byte[] {48, 3, 2, 1, 1})))
                .matches("certificate 2 in a.pem, at line \\d+, cannot be parsed; .*");
        assertThat(errorOf("x".repeat(256 * 1024 + 1))).startsWith("a.pem is larger than 256 kB; ");
        Files.write(folder.resolve("a.cer"), certificate.der());
        Path der = configure("certificate-files = [ \"a.cer\" ]");
        assertThat(onlyError(errors(der)))
                .isEqualTo(
                        "a.cer is a certificate in DER, not PEM; convert it: openssl x509 -inform DER -in a.cer -out a.pem");
        assertThat(onlyError(errors(configure("certificate-files = [ \"gone.pem\" ]"))))
                .isEqualTo("there is no gone.pem; create it, or correct the path");
        Files.createDirectory(folder.resolve("b.pem"));
        assertThat(onlyError(errors(configure("certificate-files = [ \"b.pem\" ]"))))
                .startsWith("b.pem is a folder");
    }

    @Test
    @DisplayName("never have the private key in their file without a loud warning")
    void privateKey() throws Exception {
        TestCertificate certificate = new TestCertificate("mail.contoso.com");
        assertThat(said(withFile(certificate.keyPem() + certificate.pem()).warnings()))
                .containsExactly(
                        "orgmilter.conf:3: organizations.contoso.connectors.hq.certificate-files: a.pem CONTAINS A PRIVATE"
                                + " KEY, which does not belong here; remove it from the file: whoever can read it can impersonate that server");
    }

    @Test
    @DisplayName("from a chain that starts with a CA's certificate are doubtful")
    void wrongOrder() throws Exception {
        TestCertificate authority = new TestCertificate("Some CA").authority();
        assertThat(said(withFile(authority.pem() + new TestCertificate("mail.contoso.com").pem())
                        .warnings()))
                .singleElement()
                .asString()
                .contains("a.pem starts with a CA certificate");
        assertThat(withFile(authority.pem()).warnings())
                .as("self-signed ones often are CAs")
                .isEmpty();
    }

    @Test
    @DisplayName("are warned of from 30 days before they expire, after it, and before they are valid")
    void validity() throws Exception {
        Instant begin = Instant.parse("2026-01-01T00:00:00Z");
        Instant end = Instant.parse("2026-07-01T00:00:00Z");
        Configuration loaded = withFile(
                new TestCertificate("mail.contoso.com").valid(begin, end).pem());
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.warningsAt(begin)).isEmpty();
        assertThat(loaded.warningsAt(end.minus(Duration.ofDays(30)))).isEmpty();
        assertThat(said(loaded.warningsAt(end.minus(Duration.ofDays(30)).plusSeconds(1))))
                .containsExactly(
                        "orgmilter.conf:3: organizations.contoso.connectors.hq.certificate-files: a.pem expires on 2026-07-01T00:00:00Z,"
                                + " in 29 days; add the file of its successor beside it before the server changes over");
        assertThat(said(loaded.warningsAt(end))).singleElement().asString().contains(", in 0 days; ");
        assertThat(said(loaded.warningsAt(end.plusSeconds(1))))
                .singleElement()
                .asString()
                .contains("a.pem expired on 2026-07-01T00:00:00Z; ");
        assertThat(said(loaded.warningsAt(begin.minusSeconds(1))))
                .singleElement()
                .asString()
                .contains("a.pem is not valid before 2026-01-01T00:00:00Z; ");
        assertThat(loaded.certificateWarningsAt(end.plusSeconds(1))).isEqualTo(loaded.warningsAt(end.plusSeconds(1)));
    }

    @Test
    @DisplayName("are warned of where Postfix will not trust the certificate, for want of clientAuth")
    void serverOnly() throws Exception {
        assertThat(said(withFile(new TestCertificate("mail.contoso.com")
                                .serverOnly()
                                .pem())
                        .warningsAt(NOW)))
                .containsExactly(
                        "orgmilter.conf:3: organizations.contoso.connectors.hq.certificate-files: a.pem is not for TLS"
                                + " clients (no clientAuth): Postfix does not trust it, and does not report its name to milters; the pin works"
                                + " all the same; its names in certificate-names do not");
    }

    @Tag("slow")
    @Test
    @DisplayName("are warned of where a key or a signature is weak")
    void weak() throws Exception {
        assertThat(weakness("RSA", 1024, "SHA256withRSA")).contains("a.pem has an RSA key of 1024 bits; ");
        assertThat(weakness("RSA", 2048, "SHA1withRSA")).contains("a.pem has a signature by SHA1");
        assertThat(weakness("RSA", 2048, "MD5withRSA")).contains("a.pem has a signature by MD5");
        assertThat(weakness("DSA", 1024, "SHA256withDSA")).contains("a.pem has a DSA key; ");
        assertThat(weakness("EC", 192, "SHA256withECDSA")).contains("a.pem has an EC key of 192 bits; ");
        assertThat(weakness("EC", 256, "SHA1withECDSA")).contains("a.pem has a signature by ");
        for (String fine : List.of("RSA 2048 SHA256withRSA", "EC 256 SHA256withECDSA", "EC 384 SHA384withECDSA")) {
            String[] words = fine.split(" ");
            TestCertificate certificate = new TestCertificate("a.example")
                    .key(TestCertificate.keys(words[0], Integer.parseInt(words[1])), words[2]);
            assertThat(withFile(certificate.pem()).warningsAt(NOW)).as(fine).isEmpty();
        }
        TestCertificate edwards = new TestCertificate("a.example").key(TestCertificate.keys("Ed25519", 255), "Ed25519");
        assertThat(withFile(edwards.pem()).warningsAt(NOW)).isEmpty();
    }

    private String weakness(String algorithm, int bits, String signature) throws Exception {
        TestCertificate certificate =
                new TestCertificate("mail.contoso.com").key(TestCertificate.keys(algorithm, bits), signature);
        List<String> warnings = said(withFile(certificate.pem()).warningsAt(NOW));
        assertThat(warnings).hasSize(1);
        return warnings.get(0);
    }

    @Test
    @DisplayName("are part of what the configuration's id stands for")
    void revision() throws Exception {
        TestCertificate first = new TestCertificate("mail.contoso.com");
        String pem = first.pem();
        String revision = withFile(pem).policy().revision();
        assertThat(withFile(pem).policy().revision()).isEqualTo(revision);
        assertThat(withFile(new TestCertificate("mail.contoso.com").pem())
                        .policy()
                        .revision())
                .isNotEqualTo(revision);
    }

    @Test
    @DisplayName("overlap for a renewal, and a file may be named twice")
    void renewal() throws Exception {
        Files.writeString(folder.resolve("a.pem"), new TestCertificate("mail.contoso.com").pem());
        Files.writeString(folder.resolve("b.pem"), new TestCertificate("mail.contoso.com").pem());
        Configuration loaded =
                Configuration.load(configure("certificate-files = [ \"a.pem\", \"b.pem\", \"./a.pem\" ]"));
        assertThat(connector(loaded).pins()).hasSize(2);
        assertThat(loaded.warningsAt(NOW)).isEmpty();
    }
}
