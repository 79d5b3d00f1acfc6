package io.github.orgmilter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.certificate.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("orgmilter explain, of certificates,")
final class ExplainCertificatesTest {

    private CommandRun explain;

    @BeforeEach
    void configuration(@TempDir Path folder) throws IOException {
        explain = TwoOrganizations.explain(folder);
    }

    @Test
    @DisplayName("knows a client by the certificate that it presents, or by its key, and not without being told")
    void pins() throws IOException {
        TestCertificate certificate = new TestCertificate("mail.contoso.com");
        Path pem = explain.write("a.pem", certificate.pem());
        explain.configure(
                "policy-listen = [ \"inet:10034@127.0.0.1\" ]\norganizations.contoso { accepted-domains = [ \"contoso.com\" ]\n"
                        + "connectors.pinned { public-key-fingerprints = [ \"" + certificate.publicKeyFingerprint()
                        + "\" ] } }");
        String[] message = {"--tls", "--from", "a@contoso.com", "--to", "b@example.net"};
        assertThat(verdict(message)).isEqualTo("verdict    tempfail, no-policy-data");
        assertThat(verdict(message, "--cert-file", pem.toString())).isEqualTo("verdict    accept, sender-domain");
        assertThat(verdict(message, "--public-key-fingerprint", certificate.publicKeyFingerprint()))
                .isEqualTo("verdict    accept, sender-domain");
        assertThat(verdict(message, "--cert-fingerprint", "ab".repeat(32)))
                .isEqualTo("verdict    reject, not-identified");
        assertThat(explain.run("--cert-fingerprint", "ab", "--from", "a@contoso.com", "--to", "b@example.net"))
                .isEqualTo(1);
        assertThat(explain.err()).contains("\"ab\" is not a SHA-256 fingerprint");
        assertThat(explain.run(
                        "--cert-fingerprint",
                        "ab",
                        "--cert-file",
                        pem.toString(),
                        "--from",
                        "a@contoso.com",
                        "--to",
                        "b@x.example"))
                .isEqualTo(2);
        String authority = new TestCertificate("Some CA").pem();
        Files.writeString(pem, "\ufeff" + certificate.pem() + authority);
        assertThat(verdict(message, "--cert-file", pem.toString())).isEqualTo("verdict    accept, sender-domain");
        Files.writeString(pem, certificate.pem().strip() + authority);
        assertThat(explain.run("--cert-file", pem.toString(), "--from", "a@contoso.com", "--to", "b@example.net"))
                .isEqualTo(1);
        assertThat(explain.err()).contains(" looks like part of a certificate that cannot be read; ");
    }

    @Test
    @DisplayName("says where a wildcard ends and another organization begins, and whose a certificate's name is")
    void wildcards() throws IOException {
        explain.configure("""
                organizations {
                  hoster {
                    accepted-domains = [ { domain = "hoster.example", subdomains = true } ]
                    connectors {
                      all { certificate-names = [ "*.hoster.example" ] }
                      one { certificate-names = [ "old.customer.hoster.example" ] }
                    }
                  }
                  customer {
                    accepted-domains = [ "customer.hoster.example" ]
                    connectors.hq { certificate-names = [ "mail.customer.hoster.example", "out.hoster.example" ] }
                  }
                }
                """);
        String[] message = {"--from", "ceo@hoster.example", "--to", "b@example.net"};
        assertThat(verdict(message, "--cert-subject", "mail.customer.hoster.example"))
                .isEqualTo("verdict    reject, protected-sender");
        assertThat(explain.out().lines())
                .contains(
                        "connector  hoster/all: no match: *.hoster.example does not match certificate name"
                                + " mail.customer.hoster.example, which is at or below customer.hoster.example, an accepted domain of customer");
        assertThat(verdict(message, "--cert-subject", "out.hoster.example"))
                .isEqualTo("verdict    reject, domain-not-accepted");
        assertThat(explain.out().lines())
                .contains(
                        "connector  hoster/all: no match: *.hoster.example does not match certificate name out.hoster.example,"
                                + " which is a certificate name of customer/hq",
                        "no         customer/hq: certificate name out.hoster.example belongs to hoster, not to customer");
        String[] bounce = {"--from", "", "--to", "b@example.net"};
        assertThat(verdict(bounce, "--cert-subject", "old.customer.hoster.example"))
                .isEqualTo("verdict    reject, null-sender");
        assertThat(explain.out().lines())
                .contains(
                        "no         hoster/one: certificate name old.customer.hoster.example belongs to customer, not to hoster");
    }

    private String verdict(String[] message, String... more) {
        explain.forget();
        assertThat(explain.run(message, more)).isZero();
        return explain.out()
                .lines()
                .filter(line -> line.startsWith("verdict"))
                .findFirst()
                .orElseThrow();
    }
}
