package io.github.orgmilter.milter;

import static io.github.orgmilter.milter.FakeMta.CONTINUE;
import static io.github.orgmilter.milter.FakeMta.TEMPFAIL;
import static io.github.orgmilter.milter.Policies.CONTOSO;
import static io.github.orgmilter.milter.Policies.NOT_IDENTIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A milter session")
@ExtendWith(FakeMta.Release.class)
final class SessionTest {

    private final Policy policy = Policies.twoOrganizations();

    @ParameterizedTest(name = "MAIL FROM:\"{0}\"")
    @ValueSource(strings = {"<>", ""})
    @DisplayName("takes no text at all for the null sender, as Postfix sends it for its own mail")
    void nullSender(String sender) {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").macros('M', CONTOSO).mail(sender);
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("")).startsWith("y550 5.1.3");
        FakeMta stranger = FakeMta.postfix(policy, "192.0.2.7").mail(sender);
        assertThat(stranger.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(stranger.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("starts from nothing after a new negotiation and after QUIT_NC")
    void resets() {
        FakeMta mta = FakeMta.postfix(policy, "198.51.100.3").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        mta.send('K', new byte[0]).postfixConnect("192.0.2.7").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        mta.negotiate().mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).as("no CONNECT").isEqualTo(TEMPFAIL);
    }

    @Test
    @DisplayName("decides a whole message by the policy that was current at its MAIL")
    void policyOfTheMessage() {
        AtomicReference<Policy> current = new AtomicReference<>(policy);
        FakeMta mta = new FakeMta(current::get, Integer.MAX_VALUE).negotiate().postfixConnect("192.0.2.7");
        mta.macros('M', CONTOSO).mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        current.set(Policies.withoutContoso());
        assertThat(mta.rcpt("<c@example.net>")).isEqualTo(CONTINUE);
        assertThat(mta.endOfBody()).isEqualTo(CONTINUE);
        mta.macros('M', CONTOSO).mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
    }

    @Test
    @DisplayName("answers 451 at RCPT, and stays, when the policy cannot be had")
    void noPolicy() {
        FakeMta mta = new FakeMta(
                        () -> {
                            throw new IllegalStateException("no policy");
                        },
                        Integer.MAX_VALUE)
                .negotiate()
                .postfixConnect("192.0.2.7")
                .mail("<a@contoso.com>");
        assertThat(mta.takeAnswers()).isEmpty();
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(TEMPFAIL);
        assertThat(mta.isOpen()).isTrue();
    }

    @Test
    @DisplayName("answers 451 to every recipient after a failure at a stage without a reply, until the next client")
    void earlierFailure() {
        FakeMta mta = FakeMta.postfix(policy, "198.51.100.3");
        mta.send('D', "Mi\0".getBytes(StandardCharsets.US_ASCII)).mail("<a@fabrikam.com>");
        assertThat(mta.takeAnswers()).isEmpty();
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(TEMPFAIL);
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(TEMPFAIL);
        assertThat(mta.endOfBody()).isEqualTo(TEMPFAIL);
        mta.abort().mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(TEMPFAIL);
        assertThat(mta.isOpen()).isTrue();
        mta.negotiate().postfixConnect("198.51.100.3").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("answers 451 to the recipients of a message whose MAIL is broken, and decides the next one")
    void brokenMail() {
        FakeMta mta = FakeMta.postfix(policy, "198.51.100.3").mail("<a@fabrikam.com>");
        mta.send('M', "<a@fabrikam.com>".getBytes(StandardCharsets.US_ASCII)); // no NUL
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(TEMPFAIL);
        mta.mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("answers 451 to a recipient without a message")
    void recipientWithoutMail() {
        FakeMta mta = FakeMta.postfix(policy, "198.51.100.3");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(TEMPFAIL);
        assertThat(mta.endOfBody()).isEqualTo(TEMPFAIL);
    }

    @Test
    @DisplayName("refuses syntax that cannot be read, octet by octet")
    void badSyntax() {
        FakeMta mta = FakeMta.postfix(policy, "198.51.100.3").mail("<a@fabrikam.com>");
        mta.send('R', new byte[] {'<', (byte) 0xc3, '@', 'x', '>', 0});
        assertThat(mta.takeAnswers()).containsExactly("y550 5.1.3 Bad recipient address syntax");
        assertThat(mta.rcpt("<>")).isEqualTo("y550 5.1.3 Bad recipient address syntax");
        mta.send('M', new byte[] {'<', 'a', 0x1b, '@', 'x', '>', 0});
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo("y550 5.1.7 Bad sender address syntax");
    }

    @ParameterizedTest(name = "family {0}, address \"{1}\": {2}")
    @CsvSource({
        "4, 198.51.100.3, c",
        "6, 2001:db8:42::1, c",
        "6, IPv6:2001:db8:42:0:0:0:0:1, c",
        "6, ::ffff:198.51.100.3, c",
        "4, 198.51.100.16, y550",
        "4, unknown, y550",
        "4, '', y550",
        "4, localhost, y550",
        "4, 0306.063.0144.3, y550",
        "6, 2001:db8:42::1%eth0, y550",
        "L, /var/run/x, y550"
    })
    @DisplayName("takes addresses as literals only")
    void clientAddresses(char family, String address, String expected) {
        FakeMta mta = new FakeMta(policy).negotiate();
        mta.macros('C', "v", "Postfix 3.7.11").connect(family, address).mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).startsWith(expected);
    }

    @Test
    @DisplayName("knows a client of family U, whose frame has no address and no NUL, as unknown")
    void unknownFamily() {
        FakeMta mta = new FakeMta(policy).negotiate();
        mta.send('C', "localhost\0U".getBytes(StandardCharsets.US_ASCII)).mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED.replace("192.0.2.7", "unknown"));
    }

    @ParameterizedTest(name = "{0} octets at a time")
    @ValueSource(ints = {1, 2, 3, 5, 7, 64})
    @DisplayName("says the same however the octets arrive")
    void chopped(int octets) {
        FakeMta mta = new FakeMta(() -> policy, octets).negotiate().postfixConnect("192.0.2.7");
        mta.macros('M', CONTOSO).mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        assertThat(mta.mail("<a@contoso.com>").rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
    }

    @Test
    @DisplayName("doubles % in a reply")
    void percent() {
        FakeMta mta = FakeMta.postfix(policy, "fe80::1%eth0").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED.replace("192.0.2.7", "fe80::1%%eth0"));
    }

    @ParameterizedTest(name = "frame {0}")
    @ValueSource(strings = {"00000000", "ffffffff", "7fffffff", "00020000", "000000015a", "0000000161", "00000001ff"})
    @DisplayName("closes the connection at a frame that cannot be one")
    void impossibleFrames(String hex) {
        FakeMta mta = FakeMta.postfix(policy, "198.51.100.3");
        mta.sendRaw(HexFormat.of().parseHex(hex));
        assertThat(mta.takeAnswers()).isEmpty();
        assertThat(mta.isOpen()).isFalse();
    }

    @Test
    @DisplayName("takes no notice of what follows QUIT")
    void afterQuit() {
        FakeMta mta = FakeMta.postfix(policy, "198.51.100.3").mail("<a@fabrikam.com>");
        byte[] quitAndRecipient = HexFormat.of().parseHex("00000001" + "51" + "00000007" + "52" + "3c614062" + "3e00");
        assertThat(mta.sendRaw(quitAndRecipient).takeAnswers()).isEmpty();
        assertThat(mta.isOpen()).isFalse();
    }

    @Test
    @DisplayName("closes at QUIT")
    void quit() {
        assertThat(FakeMta.postfix(policy, "192.0.2.7").send('Q', new byte[0]).isOpen())
                .isFalse();
    }

    @Test
    @DisplayName("decides an address however long it is")
    void longDomain() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").mail("<a@example.org>");
        for (int length : new int[] {700, 760, 999, 1001, 1004, 1011, 5000}) {
            assertThat(mta.rcpt("<u@\u00fc" + "x".repeat(length) + ">"))
                    .as("%s", length)
                    .isEqualTo(NOT_IDENTIFIED);
        }
    }
}
