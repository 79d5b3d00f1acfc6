package io.github.orgmilter.it.doctor;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.TestCertificates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Whoever tries something, the CAs that sign certificates for them, and the files by which an MTA knows those. */
final class Clients {

    static final TestCertificates CERTIFICATES = new TestCertificates();

    static final String STRANGER = "someone@stranger.example";
    static final String CONTOSO = "a@contoso.com";

    /** A customer's CA, which writes another customer's name. */
    static final ClientCertificate IMPOSTOR = CERTIFICATES.ofAuthority("CA of fabrikam.com", "mail.contoso.com");

    static final ClientCertificate PINNED = CERTIFICATES.selfSigned("mail.adatum.example");
    static final ClientCertificate PINNED_AND_VERIFIED = CERTIFICATES.verified("any.example");

    private static final ClientCertificate RENEWED_CA = TestCertificates.privateAuthority("Second CA");
    private static final List<ClientCertificate> PUBLIC_CAS = IntStream.range(0, 21)
            .mapToObj(number -> TestCertificates.privateAuthority("Public CA " + number))
            .toList();

    static final SmtpAttempt BY_STRANGER = SmtpAttempt.relaying(SmtpAttempt.at("192.0.2.77"), STRANGER);
    static final SmtpAttempt INBOUND = SmtpAttempt.to("contoso.com", SmtpAttempt.at("192.0.2.77"), STRANGER);
    static final SmtpAttempt BY_ADDRESS = SmtpAttempt.relaying(SmtpAttempt.at("198.51.100.7"), CONTOSO);
    static final SmtpAttempt BY_ANOTHER_CUSTOMER = SmtpAttempt.relaying(SmtpAttempt.at("198.51.100.8"), CONTOSO);
    static final SmtpAttempt BY_CONTOSO =
            SmtpAttempt.relaying(SmtpAttempt.with(CERTIFICATES.verified("mail.contoso.com")), CONTOSO);
    static final SmtpAttempt BY_RENEWED =
            SmtpAttempt.relaying(SmtpAttempt.with(TestCertificates.signedBy(RENEWED_CA, "mail.contoso.com")), CONTOSO);
    static final SmtpAttempt BY_PUBLIC_CA = SmtpAttempt.relaying(
            SmtpAttempt.with(TestCertificates.signedBy(PUBLIC_CAS.get(7), "mail.contoso.com")), CONTOSO);

    private Clients() {}

    /** By path. */
    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        String trusted = CERTIFICATES.trustedCaPem();
        String renewed = TestCertificates.certificatePem(RENEWED_CA);
        files.put("/it/fabrikam.pem", TestCertificates.authorityPem(IMPOSTOR));
        files.put("/it/expired.pem", TestCertificates.expiredPem(RENEWED_CA));
        files.put("/it/renewed.pem", renewed);
        files.put("/it/one-expired.pem", trusted + TestCertificates.expiredPem(RENEWED_CA));
        files.put("/it/both.pem", trusted + renewed);
        StringBuilder bundle = new StringBuilder();
        for (int i = 0; i < PUBLIC_CAS.size(); i++) {
            String pem = TestCertificates.certificatePem(PUBLIC_CAS.get(i));
            bundle.append(pem);
            files.put("/it/cas/" + i + ".pem", pem);
        }
        files.put("/it/bundle.pem", bundle.toString());
        return files;
    }
}
