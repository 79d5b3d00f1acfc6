package io.github.orgmilter.mta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.policy.Address;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A dialect")
final class DialectTest {

    private static final ConnectCommand CONNECT = new ConnectCommand("192.0.2.7", Optional.empty(), 0);

    @ParameterizedTest(name = "v={0}: {1} is the login {2}")
    @CsvSource({
        "Postfix 3.7.11, a+b@contoso.com, a+b@contoso.com",
        "Postfix 3.7.11, a+2Bb@contoso.com, a+2Bb@contoso.com",
        "8.17.1.9, a+2Bb@contoso.com, a+b@contoso.com",
        "8.18.1, a+2Bb@contoso.com, a+b@contoso.com",
        "8.18.1, joe+20m+C3+BCller, joe müller",
        "8.18.1, joe, joe",
        "8.18.1, a+b@contoso.com, a+b@contoso.com",
        "8.18.1, a+2, a+2",
        "Acme Mailer 1.0, a+2Bb@contoso.com, a+2Bb@contoso.com"
    })
    @DisplayName("decodes the login of Sendmail, which alone encodes it")
    void login(String version, String reported, String login) {
        Macros mail = Macros.of(Map.of(Macro.AUTH_AUTHEN, reported, Macro.AUTH_TYPE, "PLAIN"));
        assertThat(Dialect.of(Macros.of(Map.of(Macro.VERSION, version))).authentication(mail))
                .contains(new Authentication(login, "PLAIN"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject=Contoso Mail Server | the verified certificate's common name is Contoso Mail Server, which is not a host name",
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject=Contoso verdict=accept | the verified certificate's common name is not a host name",
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject=M\u00fcller GmbH. | the verified certificate's common name is M\u00fcller GmbH., which is not a host name",
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject=\u0301Contoso Mail | the verified certificate's common name is not a host name",
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject= | the verified certificate has no usable common name",
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject=mail.contoso.com | none",
                "Postfix 3.7 | tls_version=TLSv1.3 | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=Contoso+20Mail+20Server | the verified certificate's common name is Contoso Mail Server, which is not a host name",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=BadCertificateContainsNUL | the verified certificate has no usable common name",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cert_subject=/O=Contoso | the verified certificate has no usable common name",
                "8.17.1 | tls_version=TLSv1.3,verify=FAIL,cn_subject=Contoso | the MTA did not verify the certificate (verify=FAIL)",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=mail.contoso.com | none"
            })
    @DisplayName("says why a certificate does not count")
    void remark(String version, String macros, String remark) {
        assertThat(Dialect.of(Macros.of(Map.of(Macro.VERSION, version))).remark(macros(macros)))
                .isEqualTo(Optional.ofNullable(remark));
    }

    @ParameterizedTest(name = "v={0}: {1}")
    @CsvSource({
        "Postfix 3.7.11, PostfixDialect[]",
        "Postfix 3.12-20260101, PostfixDialect[]",
        "8.17.1.9, SendmailDialect[known=true]",
        "8.18.1, SendmailDialect[known=true]",
        "Acme Mailer 1.0, SendmailDialect[known=false]",
        "'', SendmailDialect[known=false]"
    })
    @DisplayName("is chosen by what the MTA says of itself, and else the strict one")
    void choice(String version, String dialect) {
        assertThat(Dialect.of(Macros.of(Map.of(Macro.VERSION, version))).toString())
                .isEqualTo(dialect);
        assertThat(Dialect.of(Macros.NONE).toString()).isEqualTo("SendmailDialect[known=false]");
    }

    @ParameterizedTest(name = "{0}: {1} gives the name {2} and the issuer {3}")
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject=mail.contoso.com,cert_issuer=CA | mail.contoso.com | CA",
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject=,cert_issuer=CA | none | CA",
                "Postfix 3.7 | tls_version=TLSv1.3 | none | none",
                "Postfix 3.7 | cert_subject=mail.contoso.com,cert_issuer=CA | none | none",
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject=/CN=mail.contoso.com | none | none",
                "Postfix 3.7 | tls_version=TLSv1.3,cert_subject=mail.contoso.com,verify=FAIL | none | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=mail.contoso.com,cn_issuer=Test+20CA | mail.contoso.com | Test CA",
                "8.17.1 | tls_version=TLSv1.3,verify=FAIL,cn_subject=mail.contoso.com,cn_issuer=CA | none | none",
                "8.17.1 | tls_version=TLSv1.3,verify=NO,cn_subject=mail.contoso.com | none | none",
                "8.17.1 | tls_version=TLSv1.3,verify=ok,cn_subject=mail.contoso.com | none | none",
                "8.17.1 | tls_version=TLSv1.3,cn_subject=mail.contoso.com,cert_subject=/CN=mail.contoso.com | none | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cert_subject=mail.contoso.com | none | none",
                "8.17.1 | verify=OK,cn_subject=mail.contoso.com | none | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=BadCertificateUnknown | none | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=BadCertificateContainsNUL | none | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=BadCertificateTooLong | none | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=mail.contoso.com+ | none | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=mail+2Econtoso.com | mail.contoso.com | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=m+C3+BCller.de | müller.de | none",
                "8.17.1 | tls_version=TLSv1.3,verify=OK,cn_subject=mail.contoso.com+00 | none | none",
                "unheard of | tls_version=TLSv1.3,cert_subject=mail.contoso.com | none | none",
                "unheard of | tls_version=TLSv1.3,verify=OK,cn_subject=mail.contoso.com | mail.contoso.com | none"
            })
    @DisplayName("takes a name only if the MTA verified it")
    void certificateName(String version, String macros, String name, String issuer) {
        Client client = Dialect.of(Macros.of(Map.of(Macro.VERSION, version))).client(CONNECT, macros(macros));
        assertThat(client.certificateName().map(CertificateName::text)).isEqualTo(Optional.ofNullable(name));
        assertThat(client.certificateIssuer()).isEqualTo(Optional.ofNullable(issuer));
        assertThat(client.encrypted()).isEqualTo(macros.contains("tls_version"));
    }

    private static Macros macros(String pairs) {
        Map<Macro, String> macros = new EnumMap<>(Macro.class);
        for (String pair : pairs.split(",")) {
            String[] parts = pair.split("=", 2);
            macros.put(Macro.valueOf(parts[0].toUpperCase(Locale.ROOT)), parts[1]);
        }
        return Macros.of(macros);
    }

    @ParameterizedTest(name = "{0}: <{1}> resolved to {2} counts as {3}")
    @CsvSource(
            nullValues = "none",
            value = {
                "Postfix 3.7, a@contoso.com, a@evil.example, evil.example",
                "Postfix 3.7, a@contoso.com, none, none",
                "8.17.1, a@contoso.com, joe, none",
                "8.17.1, a@contoso.com, a@evil.example, none",
                "8.17.1, a%evil.example@contoso.com, a@evil.example, evil.example",
                "unheard of, a@contoso.com, a@evil.example, evil.example"
            })
    @DisplayName("says whether the resolved form means anything")
    void resolvedForm(String version, String given, String resolved, String expected) {
        Address address = Dialect.of(Macros.of(Map.of(Macro.VERSION, version)))
                .address(EnvelopeAddress.parse("<" + given + ">"), Optional.ofNullable(resolved), Optional.empty());
        assertThat(address.resolved().flatMap(ResolvedForm::domain).map(DomainName::ascii))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    @DisplayName("keeps from Sendmail that an unqualified address is delivered by the mailer local")
    void localMailer() {
        Address address = Dialect.of(Macros.of(Map.of(Macro.VERSION, "8.17.1")))
                .address(EnvelopeAddress.parse("<joe>"), Optional.of("joe"), Optional.of("local"));
        assertThat(address.resolved()).contains(new ResolvedForm("joe", Optional.empty(), false, true));
    }

    @ParameterizedTest(name = "{0}: <{1}> may be kept: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Postfix 3.7 | <a\\,b@example.net> | false",
                "8.18.1 | <a\\,b@example.net> | true",
                "8.18.1 | @a,@b:c@example.net | true",
                "8.18.1 | <a@example.net> | false",
                "unheard of | <a,b@example.net> | true"
            })
    @DisplayName("knows which recipients the MTA may keep though they were refused")
    void keptRecipients(String version, String recipient, boolean kept) {
        Dialect dialect = Dialect.of(Macros.of(Map.of(Macro.VERSION, version)));
        assertThat(dialect.mayKeepRefused(recipient.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(kept);
    }
}
