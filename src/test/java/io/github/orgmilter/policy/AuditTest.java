package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Refusals that are decided and not carried out, and those that are all the same. */
class AuditTest {

    private static PolicyFixture trying() {
        return service()
                .organization(
                        "trying",
                        SenderProtection.ALL,
                        Mode.AUDIT,
                        List.of("trying.example"),
                        connector("office", "address 192.0.2.1", "audit"),
                        connector("lines", "address 192.0.2.3", "require-tls", "audit"))
                .organization(
                        "strict",
                        SenderProtection.ALL,
                        List.of("strict.example"),
                        connector("office", "address 192.0.2.2"),
                        connector("hub", "address 192.0.2.4", "any-domain"),
                        connector("watched", "address 192.0.2.5", "audit"));
    }

    @ParameterizedTest(name = "{0}: {3}", quoteTextArguments = false)
    @MethodSource({"oneOrganization", "theWholeService"})
    void decides(String what, PolicyFixture service, Mail mail, String verdict) {
        assertThat(service.decides(mail)).isEqualTo(verdict);
        assertThat(service.verdict(mail).reply().isPresent()).isEqualTo(verdict.startsWith("reject"));
    }

    static Stream<Arguments> oneOrganization() {
        PolicyFixture service = trying();
        Mail inbound = mail().to("<b@strict.example>");
        return Stream.of(
                arguments("a stranger does not relay", service, mail().from("<a@trying.example>"), "reject not-identified"),
                arguments("nor with the null sender", service, mail().from("<>"), "reject not-identified"),
                arguments("nor where only TLS is missing", service, mail().client("192.0.2.3").from("<a@trying.example>"),
                        "reject tls-required"),
                arguments("its own server sends as anybody", service, mail().client("192.0.2.1").from("<a@evil.example>"),
                        "audit domain-not-accepted trying/office"),
                arguments("its own server sends as nobody", service, mail().client("192.0.2.1").from("<>"),
                        "audit null-sender trying/office"),
                arguments("a connector in audit by itself", service, mail().client("192.0.2.5").from("<a@evil.example>"),
                        "audit domain-not-accepted strict/watched"),
                arguments("a connector beside it", service, mail().client("192.0.2.2").from("<a@evil.example>"),
                        "reject domain-not-accepted strict/office"),
                arguments("another's server that may not send as it", service, mail().client("192.0.2.4").from("<a@trying.example>"),
                        "audit protected-sender strict/hub"),
                arguments("another's address connector gains nothing", service, mail().client("192.0.2.2").from("<a@trying.example>"),
                        "reject domain-not-accepted strict/office"),
                arguments("inbound mail that bears its name", service, inbound.from("<a@trying.example>"),
                        "audit protected-sender trying"),
                arguments("inbound mail that bears another's", service, inbound.from("<a@strict.example>"),
                        "reject protected-sender strict"),
                arguments("inbound mail that another's name is given for", service,
                        inbound.from("<a@strict.example>", "a@trying.example"), "reject protected-sender strict"),
                arguments("inbound mail that resolves to another's", service,
                        inbound.from("<a@trying.example>", "a@strict.example"), "reject protected-sender strict"),
                arguments("its own server, for a sender that another one protects", service,
                        mail().client("192.0.2.4").from("<a@trying.example>", "a@evil.example"), "audit protected-sender strict/hub"),
                arguments("unidentified mail that bears its name, without its protection",
                        service().rejectUnidentified().organization("t", SenderProtection.OFF, Mode.AUDIT, List.of("t.example")),
                        mail().from("<a@t.example>").to("<b@t.example>"), "audit unidentified-inbound"),
                arguments("the same, where only TLS is missing",
                        service().rejectUnidentified().organization("t", SenderProtection.OFF, Mode.AUDIT, List.of("t.example"),
                                connector("c", "address 192.0.2.1", "require-tls")),
                        mail().client("192.0.2.1").from("<a@t.example>").to("<b@t.example>"), "audit tls-required"),
                arguments("unidentified mail that does not",
                        service().rejectUnidentified().organization("t", SenderProtection.OFF, Mode.AUDIT, List.of("t.example")),
                        mail().from("<a@evil.example>").to("<b@t.example>"), "reject unidentified-inbound"),
                arguments("bad syntax", service, mail().client("192.0.2.1").to("<b"), "reject bad-recipient trying/office"),
                arguments("what is accepted is accepted", service, mail().client("192.0.2.1").from("<a@trying.example>"),
                        "accept sender-domain trying/office"));
    }

    static Stream<Arguments> theWholeService() {
        PolicyFixture service = trying().audit();
        return Stream.of(
                arguments("a stranger", service, mail().from("<a@evil.example>"), "audit not-identified"),
                arguments("missing TLS", service, mail().client("192.0.2.3").from("<a@trying.example>"), "audit tls-required"),
                arguments("bad syntax", service, mail().to("<b"), "audit bad-recipient"),
                arguments("a bad sender", service, mail().from("<a").to("<b@strict.example>"), "audit bad-sender"),
                arguments("a protected sender", service, mail().from("<a@strict.example>").to("<b@strict.example>"),
                        "audit protected-sender strict"),
                arguments("unidentified mail", service().rejectUnidentified().audit().organization("o", List.of("o.example")),
                        mail().to("<b@o.example>"), "audit unidentified-inbound"),
                arguments("what is accepted", service, mail().to("<b@strict.example>"), "accept inbound strict"));
    }
}
