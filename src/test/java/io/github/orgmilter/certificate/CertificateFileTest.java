package io.github.orgmilter.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.identity.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A file of certificates")
final class CertificateFileTest {

    private static final Path FILE = Path.of("a.pem");
    private static final byte[] LEAF_DER = new TestCertificate("mail.contoso.com").der();
    private static final String LEAF = TestCertificate.pem("CERTIFICATE", LEAF_DER);
    private static final TestCertificate AUTHORITY = new TestCertificate("Some CA").authority();
    private static final String CA = AUTHORITY.pem();
    private static final String BODY =
            LEAF.lines().filter(line -> !line.startsWith("-")).reduce("", (a, b) -> a + b + "\n");
    private static final int LINES = (int) LEAF.lines().count();

    private static CertificateFile parse(String text) throws InvalidValueException {
        return CertificateFile.parse(FILE, text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    @DisplayName("is read, the server's certificate first")
    void isRead(String what, String text) throws InvalidValueException {
        assertThat(parse(text).certificates()).hasSize(2);
        assertThat(parse(text).server().fingerprint().toString()).isEqualTo(TestCertificate.fingerprint(LEAF_DER));
    }

    static Stream<Arguments> isRead() {
        byte[] trust = {48, 0};
        byte[] trusted = Arrays.copyOf(LEAF_DER, LEAF_DER.length + trust.length);
        System.arraycopy(trust, 0, trusted, LEAF_DER.length, trust.length);
        // spotless:off
        return Stream.of(
                arguments("plain", LEAF + CA),
                arguments("behind a byte order mark", "\ufeff" + LEAF + CA),
                arguments("behind a byte order mark each", "\ufeff" + LEAF + "\ufeff" + CA),
                arguments("as OpenSSL's TRUSTED CERTIFICATE", TestCertificate.pem("TRUSTED CERTIFICATE", trusted) + CA),
                arguments("as X509 CERTIFICATE", TestCertificate.pem("X509 CERTIFICATE", LEAF_DER) + CA),
                arguments("with CRLF", (LEAF + CA).replace("\n", "\r\n")),
                arguments("with CR", (LEAF + CA).replace("\n", "\r")),
                arguments("without the last line end", (LEAF + CA).strip()),
                arguments("indented", LEAF.indent(4) + CA),
                arguments("with blanks at the ends of lines", LEAF.replace("\n", "  \n") + CA),
                arguments("with its base64 in one line", block(BODY.replace("\n", "")) + CA),
                arguments("with blank lines in it", LEAF.replace("\n", "\n\n") + CA),
                arguments("with spaces for line ends", block(BODY.strip().replace('\n', ' ')) + CA),
                arguments("with text around it", "subject=CN = x\nThe certificate begins:\n" + LEAF + "Its end\n---\n" + CA),
                arguments("with bag attributes", "Bag Attributes\n    friendlyName: the certificate\n" + LEAF + CA),
                arguments("behind its key", AUTHORITY.keyPem() + LEAF + CA),
                arguments("behind its request", TestCertificate.pem("CERTIFICATE REQUEST", new byte[9]) + LEAF + CA));
        // spotless:on
    }

    private static String block(String body) {
        return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource
    @DisplayName("is refused where something in it looks like a certificate and cannot be read")
    void isRefused(String what, String text, String problem) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        InvalidValueException.class,
                        e -> assertThat(e.problem()).isEqualTo(problem));
    }

    static Stream<Arguments> isRefused() {
        String noEnd = "line %d of a.pem starts a block that has no END line";
        String broken = "certificate 1 in a.pem, at line 1, cannot be parsed";
        String garbled = BODY.substring(0, 20) + "!" + BODY.substring(21);
        // spotless:off
        return Stream.of(
                arguments("two blocks joined on a line", LEAF.strip() + CA, part(LINES)),
                arguments("two blocks joined behind another", CA + LEAF.strip() + CA, part((int) CA.lines().count() + LINES)),
                arguments("a key and a block joined on a line", AUTHORITY.keyPem().strip() + LEAF,
                        part((int) AUTHORITY.keyPem().lines().count())),
                arguments("a block in one line", LEAF.strip().replace('\n', ' ') + "\n" + CA, part(1)),
                arguments("a block as text of JSON", '"' + LEAF.replace("\n", "\\n") + "\"\n" + CA, part(1)),
                arguments("a quoted block", LEAF.replaceAll("(?m)^", "> ") + CA, part(1)),
                arguments("a block that is commented out", LEAF.replaceAll("(?m)^(?=.)", "# ") + CA, part(1)),
                arguments("text in front of BEGIN", "certificate: " + LEAF + CA, part(1)),
                arguments("text behind BEGIN", LEAF.replaceFirst("\n", " # mine\n") + CA, part(1)),
                arguments("four dashes", LEAF.substring(1) + CA, part(1)),
                arguments("six dashes", "-" + LEAF + CA, part(1)),
                arguments("an editor's dashes", LEAF.replace("-----", "—") + CA, part(1)),
                arguments("lower case", LEAF.replace("BEGIN CERTIFICATE", "begin certificate") + CA, part(1)),
                arguments("a no-break space in front", "\u00a0" + LEAF + CA, part(1)),
                arguments("a NUL in front", "\0" + LEAF + CA, part(1)),
                arguments("no BEGIN line", LEAF.substring(LEAF.indexOf('\n') + 1) + CA, part(1)),
                arguments("neither a BEGIN nor an END line", CA + BODY, part((int) CA.lines().count() + 1)),
                arguments("an END line alone", CA + "-----END CERTIFICATE-----\n", part((int) CA.lines().count() + 1)),
                arguments("no END line", block(BODY).replace("-----END CERTIFICATE-----\n", "") + CA, noEnd.formatted(1)),
                arguments("no END line at the end", CA + LEAF.substring(0, LEAF.indexOf("-----END")),
                        noEnd.formatted(CA.lines().count() + 1)),
                arguments("an END line of another block", LEAF.replace("END C", "END X509 C") + CA, noEnd.formatted(1)),
                arguments("two spaces in the BEGIN line", LEAF.replace("BEGIN ", "BEGIN  ") + CA, noEnd.formatted(1)),
                arguments("a label without end", "-----BEGIN " + "x".repeat(200_000) + "-----\n", part(1)),
                arguments("a line too little", block(BODY.substring(BODY.indexOf('\n'))) + CA, broken),
                arguments("characters that are no base64", block(garbled) + CA, broken),
                arguments("header lines", LEAF.replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\n\n") + CA, broken),
                arguments("two certificates in a block", TestCertificate.pem("CERTIFICATE", twice()), broken),
                arguments("another kind of certificate", TestCertificate.pem("ATTRIBUTE CERTIFICATE", LEAF_DER) + CA,
                        "line 1 of a.pem starts a block of an unsupported kind: ATTRIBUTE CERTIFICATE"),
                arguments("a PKCS #7 block", TestCertificate.pem("PKCS7", new byte[99]) + CA,
                        "line 1 of a.pem starts a block of an unsupported kind: PKCS7"));
        // spotless:on
    }

    private static String part(int line) {
        return "line " + line + " of a.pem looks like part of a certificate that cannot be read";
    }

    private static byte[] twice() {
        byte[] twice = Arrays.copyOf(LEAF_DER, 2 * LEAF_DER.length);
        System.arraycopy(LEAF_DER, 0, twice, LEAF_DER.length, LEAF_DER.length);
        return twice;
    }

    @Test
    @DisplayName("in UTF-16 is called so")
    void utf16() {
        for (byte[] content : List.of(
                ("\ufeff" + LEAF).getBytes(StandardCharsets.UTF_16LE),
                ("\ufeff" + LEAF).getBytes(StandardCharsets.UTF_16BE),
                LEAF.getBytes(StandardCharsets.UTF_16LE),
                ("text\n" + LEAF).getBytes(StandardCharsets.UTF_16BE))) {
            assertThatThrownBy(() -> CertificateFile.parse(FILE, content))
                    .hasMessage("a.pem is UTF-16 text; save it as ASCII or UTF-8");
        }
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
        assertThat(certificate.namesUnreadable() ? "unreadable" : String.join(" ", certificate.names()))
                .isEqualTo(odd.names);
        assertThat(certificate.notBefore()).isBefore(certificate.notAfter());
    }

    static List<Odd> oddCertificates() throws IOException {
        try (InputStream in = CertificateFileTest.class.getResourceAsStream("/certificate/certificates.txt")) {
            String table = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(table.split("(?m)^== "))
                    .skip(1)
                    .map(CertificateFileTest::odd)
                    .toList();
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
        String[] names = IntStream.range(0, 4_000)
                .mapToObj(i -> "host" + i + ".contoso.com")
                .toArray(String[]::new);
        assertThat(parse(new TestCertificate().alternatives(names).pem())
                        .server()
                        .names())
                .containsExactly(names);
    }

    @Test
    @DisplayName("that is nested without end, or has no readable date, is refused")
    void hostile() {
        List<byte[]> contents = new ArrayList<>();
        byte[] nested = new byte[120_000];
        for (int i = 0; i < nested.length; i += 2) {
            nested[i] = 0x30;
            nested[i + 1] = (byte) 0x80;
        }
        contents.add(nested);
        byte[] undated = LEAF_DER.clone();
        int date = new String(undated, StandardCharsets.ISO_8859_1).indexOf("2512");
        undated[date] = 'x';
        contents.add(undated);
        for (byte[] content : contents) {
            assertThatThrownBy(() -> parse(TestCertificate.pem("CERTIFICATE", content)))
                    .hasMessage(
                            "certificate 1 in a.pem, at line 1, cannot be parsed; copy the certificate again, from its BEGIN"
                                    + " line to its END line, or name its fingerprint instead");
        }
    }
}
