package io.github.orgmilter.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identity.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A file of certificates")
final class CertificateFileTest {

    private static final Path FILE = Path.of("a.pem");

    private static CertificateFile parse(String text) throws InvalidValueException {
        return CertificateFile.parse(FILE, text.getBytes(StandardCharsets.UTF_8));
    }

    private record Odd(String what, String pem, String certificate, String publicKey, String names) {
        @Override
        public String toString() {
            return what;
        }
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("is read with the fingerprints that OpenSSL computes, however odd the certificate")
    void oddCertificates(Odd odd) throws InvalidValueException {
        ServerCertificate certificate = parse(odd.pem).server();
        assertThat(certificate.fingerprint()).hasToString(odd.certificate);
        assertThat(certificate.publicKey()).hasToString(odd.publicKey);
        assertThat(certificate.namesUnreadable() ? "unreadable" : String.join(" ", certificate.names())).isEqualTo(odd.names);
        assertThat(certificate.notBefore()).isBefore(certificate.notAfter());
    }

    static List<Odd> oddCertificates() throws IOException {
        try (InputStream in = CertificateFileTest.class.getResourceAsStream("/config/certificates.txt")) {
            String table = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(table.split("(?m)^== ")).skip(1).map(CertificateFileTest::odd).toList();
        }
    }

    private static Odd odd(String entry) {
        int pem = entry.indexOf('\n') + 1;
        String[] expected = entry.split(">> (certificate|public key|names) ?");
        return new Odd(
                entry.substring(0, pem).strip(),
                expected[0].substring(pem),
                expected[1].strip(),
                expected[2].strip(),
                expected[3].strip());
    }

    @Test
    @DisplayName("may have thousands of names")
    void manyNames() throws InvalidValueException {
        String[] names = IntStream.range(0, 4_000).mapToObj(i -> "host" + i + ".contoso.com").toArray(String[]::new);
        assertThat(parse(new TestCertificate().alternatives(names).pem()).server().names()).containsExactly(names);
    }
}
