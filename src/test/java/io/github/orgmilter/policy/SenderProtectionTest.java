package io.github.orgmilter.policy;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md, section 5: sender protection. */
class SenderProtectionTest {

    private static final PolicyFixture SERVICE = service()
            .exempt("198.51.100.9")
            .local("mx1.all.example")
            .organization(
                    "off", SenderProtection.OFF, List.of("off.example"), connector("servers", "name *.off.example"))
            .organization(
                    "relay",
                    SenderProtection.RELAY,
                    List.of("relay.example and below"),
                    connector("servers", "name *.relay.example"),
                    connector("hub", "address 192.0.2.1", "any-domain"))
            .organization(
                    "all",
                    SenderProtection.ALL,
                    List.of("all.example and below"),
                    connector("servers", "name *.all.example"),
                    connector("office", "address 192.0.2.2"),
                    connector("sleeping", "address 192.0.2.3", "disabled"),
                    connector("encrypted", "address 192.0.2.4", "require-tls"))
            .organization(
                    "forwarder",
                    SenderProtection.OFF,
                    List.of("forwarder.example"),
                    connector("servers", "name *.forwarder.example"),
                    connector("hub", "address 192.0.2.0/24", "any-domain"));

    @ParameterizedTest(name = "{0}: {2}", quoteTextArguments = false)
    @MethodSource({"toTheOutside", "inbound"})
    void decides(String what, Mail mail, String verdict) {
        assertThat(SERVICE.decides(mail)).isEqualTo(verdict);
    }

    static Stream<Arguments> toTheOutside() {
        Mail byCertificate = mail().certificate("mail.forwarder.example");
        Mail byAny = mail().client("192.0.2.99");
        Mail relayHub = mail().client("192.0.2.1");
        // spotless:off
        return Stream.of(
                arguments("off: another's certificate server may send as it", byCertificate.from("<a@off.example>"),
                        "accept certificate-domain forwarder/servers"),
                arguments("off: another's server that forwards anything may", byAny.from("<a@off.example>"),
                        "accept any-domain forwarder/hub"),
                arguments("relay: another's certificate server may not", byCertificate.from("<a@relay.example>"),
                        "reject protected-sender forwarder/servers"),
                arguments("relay: another's server that forwards anything may not", byAny.from("<a@relay.example>"),
                        "reject protected-sender forwarder/hub"),
                arguments("relay: a subdomain is protected as well", byAny.from("<a@x.relay.example>"),
                        "reject protected-sender forwarder/hub"),
                arguments("all: another's server may not", byAny.from("<a@all.example>"), "reject protected-sender forwarder/hub"),
                arguments("the own server may, by 1", mail().certificate("mail.relay.example").from("<a@relay.example>"),
                        "accept sender-domain relay/servers"),
                arguments("the own server that another's range covers may", relayHub.from("<a@relay.example>"),
                        "accept sender-domain relay/hub"),
                arguments("the own server that another's certificate connector comes before may",
                        relayHub.certificate("mail.forwarder.example").from("<a@relay.example>"), "accept sender-domain relay/hub"),
                arguments("a server of both, for a third", relayHub.from("<a@all.example>"), "reject protected-sender relay/hub"),
                arguments("the own server by 3, for a resolved form outside", relayHub.from("<a@relay.example>", "a@evil.example"),
                        "accept any-domain relay/hub"),
                arguments("the given form alone is protected", byAny.from("<a@relay.example>", "a@evil.example"),
                        "reject protected-sender forwarder/hub"),
                arguments("the resolved form alone is protected", byAny.from("<a@evil.example>", "a@relay.example"),
                        "reject protected-sender forwarder/hub"),
                arguments("two protected forms stop either's server", relayHub.from("<a@relay.example>", "a@all.example"),
                        "reject protected-sender relay/hub"),
                arguments("a space in the domain, read away by Sendmail, does not hide the sender",
                        byAny.from("<a@relay.example >", "a"), "reject protected-sender forwarder/hub"),
                arguments("a comment in the domain does not", byAny.from("<a@(x)relay.example>", "a"),
                        "reject protected-sender forwarder/hub"),
                arguments("% does not, where the MTA delivers it itself", byAny.from("<a%relay.example@mx1.all.example>", "a"),
                        "reject protected-sender forwarder/hub"),
                arguments("! without a domain does not", byAny.from("<relay.example!a>", "a"),
                        "reject protected-sender forwarder/hub"),
                arguments("% without a domain does not", byAny.from("<a%relay.example>"),
                        "reject protected-sender forwarder/hub"),
                arguments("% at a domain of somebody else's is nobody's here", byAny.from("<a%x@isp.example>", "a%x@isp.example"),
                        "accept any-domain forwarder/hub"),
                arguments("a bare local part is nobody's", byAny.from("<root>", "root"), "accept any-domain forwarder/hub"),
                arguments("an address literal is nobody's", byAny.from("<a@[192.0.2.1]>", "a@[192.0.2.1]"),
                        "accept any-domain forwarder/hub"),
                arguments("a name in the place of a literal is not believed", byAny.from("<a@[relay.example]>", "a"),
                        "reject protected-sender forwarder/hub"),
                arguments("routing characters do not hide the sender", byAny.from("<evil.example!a@relay.example>"),
                        "reject protected-sender forwarder/hub"),
                arguments("a source route does not either", byAny.from("<@hop.example:a@relay.example>"),
                        "reject protected-sender forwarder/hub"),
                arguments("nor a soft hyphen", byAny.from("<a@re\u00adlay.example>"), "reject protected-sender forwarder/hub"),
                arguments("nor full-width letters", byAny.from("<a@ｒｅｌａｙ.example>"), "reject protected-sender forwarder/hub"),
                arguments("nor an ideographic full stop", byAny.from("<a@relay。example>"), "reject protected-sender forwarder/hub"),
                arguments("nor a mapped form that the MTA makes", byAny.from("<a@evil.example>", "a@rel\u200bay.example"),
                        "reject protected-sender forwarder/hub"),
                arguments("nor what the mapping refuses", byAny.from("<a@_x.rélay.example>"), "reject protected-sender forwarder/hub"),
                arguments("nor upper case and a dot", byAny.from("<a@RELAY.example.>"), "reject protected-sender forwarder/hub"),
                arguments("what no condition lets pass is not the protection's doing",
                        mail().client("192.0.2.2").certificate("mail.x.off.example").from("<a@nowhere.example>"),
                        "accept any-domain forwarder/hub"),
                arguments("a local domain is nobody's to protect", byAny.from("<root@mx1.all.example>"), "accept any-domain forwarder/hub"),
                arguments("the null sender is nobody's to protect", byAny.from("<>"), "accept any-domain forwarder/hub"),
                arguments("whom nobody identifies is not identified, protected or not", mail().from("<a@relay.example>"),
                        "reject not-identified"),
                arguments("an exempt client may", mail().client("198.51.100.9").from("<a@all.example>"), "accept exempt-client"),
                arguments("a login may", mail().login("PLAIN").from("<a@all.example>"), "accept authenticated"));
        // spotless:on
    }

    static Stream<Arguments> inbound() {
        Mail stranger = mail().to("<b@forwarder.example>");
        Mail hub = stranger.client("192.0.2.99");
        // spotless:off
        return Stream.of(
                arguments("off: a stranger may bear its name", stranger.from("<a@off.example>"), "accept inbound forwarder"),
                arguments("relay: a stranger may bear its name", stranger.from("<a@relay.example>"), "accept inbound forwarder"),
                arguments("all: a stranger may not", stranger.from("<a@all.example>"), "reject protected-sender all"),
                arguments("all: a space in the domain does not hide it", stranger.from("<a@all.example >", "a"),
                        "reject protected-sender"),
                arguments("all: % does not hide it, where the MTA delivers it itself",
                        stranger.from("<a%all.example@mx1.all.example>", "a"), "reject protected-sender"),
                arguments("all: nor a zero-width space", stranger.from("<a@a\u200bll.example>"), "reject protected-sender all"),
                arguments("all: nor in a subdomain", stranger.from("<a@x.all.example>"), "reject protected-sender all"),
                arguments("all: nor to its own domain", stranger.from("<a@all.example>").to("<b@all.example>"),
                        "reject protected-sender all"),
                arguments("all: nor to the postmaster", stranger.from("<a@all.example>").to("<postmaster>"),
                        "reject protected-sender all"),
                arguments("all: another's server may not", hub.from("<a@all.example>"), "reject protected-sender forwarder/hub"),
                arguments("all: its own server may, by certificate", stranger.certificate("x.all.example").from("<a@all.example>"),
                        "accept inbound all/servers"),
                arguments("all: its own server may, by address", stranger.client("192.0.2.2").from("<a@all.example>"),
                        "accept inbound all/office"),
                arguments("all: a connector that is switched off does not help",
                        stranger.client("192.0.2.3").from("<a@all.example>"), "reject protected-sender forwarder/hub"),
                arguments("all: nor does one that wants TLS", stranger.client("192.0.2.4").from("<a@all.example>"),
                        "reject protected-sender forwarder/hub"),
                arguments("all: the given form is enough", stranger.from("<a@all.example>", "a@evil.example"),
                        "reject protected-sender all"),
                arguments("all: the resolved form is enough", stranger.from("<a@evil.example>", "a@all.example"),
                        "reject protected-sender all"),
                arguments("all: its local domain is nobody's", stranger.from("<root@mx1.all.example>"), "accept inbound forwarder"),
                arguments("all: the null sender is nobody's", stranger.from("<>"), "accept inbound forwarder"),
                arguments("all: another sender passes", stranger.from("<a@evil.example>"), "accept inbound forwarder"),
                arguments("all: an exempt client may", stranger.client("198.51.100.9").from("<a@all.example>"), "accept exempt-client"),
                arguments("all: a login may", stranger.login("LOGIN").from("<a@all.example>"), "accept authenticated"));
        // spotless:on
    }
}
