package io.github.orgmilter.milter;

import static io.github.orgmilter.milter.FakeMta.CONTINUE;
import static io.github.orgmilter.milter.FakeMta.TEMPFAIL;
import static io.github.orgmilter.milter.Policies.CONTOSO;
import static io.github.orgmilter.milter.Policies.NOT_IDENTIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.policy.Policy;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A milter session")
@ExtendWith(FakeMta.Release.class)
final class SessionMacrosTest {

    private final Policy policy = Policies.twoOrganizations();

    @Test
    @DisplayName("identifies by the certificate name that comes at MAIL, without any HELO before")
    void certificateAtMail() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").macros('M', CONTOSO).mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("does not take a HELO's certificate for a message whose own macros, as asked for, have none")
    void heloCertificateIsNotEnough() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7")
                .macros('H', CONTOSO)
                .helo("client")
                .macros('M', "i", "1")
                .mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
    }

    @Test
    @DisplayName("takes the HELO's certificate where the MTA takes no macro lists, and keeps it through ABORT")
    void heloCertificateOfOldMta() {
        FakeMta mta = new FakeMta(policy);
        mta.negotiate(6, 0xff, FakeMta.ALL_STEPS);
        mta.postfixConnect("192.0.2.7")
                .macros('H', CONTOSO)
                .helo("client")
                .abort()
                .abort();
        mta.macros('M', "i", "1").mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("lets no login, certificate or resolved form outlive its message")
    void nothingLeaks() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7");
        mta.macros('M', "{auth_type}", "PLAIN", "{auth_authen}", "joe").mail("<joe@example.org>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        assertThat(mta.endOfBody()).isEqualTo(CONTINUE);
        mta.mail("<joe@example.org>"); // as from Sendmail: no ABORT in between
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        mta.abort().macros('M', CONTOSO).mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        mta.mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        mta.abort().macros('M').mail("<a@example.org>").macros('R', "{rcpt_addr}", "b@example.net");
        assertThat(mta.rcpt("<b@contoso.com>")).as("resolved elsewhere").isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.rcpt("<b@contoso.com>")).as("its macros are used up").isEqualTo(CONTINUE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'{auth_authen}|joe|{auth_type}|PLAIN', true",
        "'{auth_authen}|joe', false",
        "'{auth_authen}|joe|{auth_type}|', false",
        "'{auth_authen}|joe|{auth_type}|EXTERNAL', false",
        "'{auth_authen}||{auth_type}|PLAIN', false",
        "'{auth_type}|PLAIN', false"
    })
    @DisplayName("takes a login with its mechanism for one, and nothing less")
    void login(String macros, boolean relays) {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7")
                .macros('M', macros.split("\\|", -1))
                .mail("<joe@example.org>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(relays ? CONTINUE : NOT_IDENTIFIED);
    }

    @Test
    @DisplayName("takes macros for the command that follows them, and for no other")
    void macrosOfAnotherCommand() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").macros('H', CONTOSO).mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        mta.macros('M', CONTOSO).helo("client").mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        mta.macros('M', CONTOSO).macros('R', "i", "1").mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        for (char other : "TLNBU".toCharArray()) {
            mta.macros('M', CONTOSO).send(other, "x\0x\0".getBytes(StandardCharsets.US_ASCII));
            mta.takeAnswers();
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).as("after " + other).isEqualTo(NOT_IDENTIFIED);
        }
    }

    @Test
    @DisplayName("answers 451 to every recipient of a client whose CONNECT had broken macros, until QUIT_NC")
    void brokenConnectMacros() {
        FakeMta mta = new FakeMta(policy).negotiate();
        mta.send('D', "Cv\0".getBytes(StandardCharsets.US_ASCII)); // without its value
        mta.connect('4', "198.51.100.3").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(TEMPFAIL);
        mta.abort().postfixConnect("198.51.100.3").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(TEMPFAIL);
        mta.send('K', new byte[0]).postfixConnect("198.51.100.3").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("leaves nothing of one client to the next that connects")
    void secondConnect() {
        FakeMta mta = new FakeMta(policy);
        mta.negotiate(6, 0xff, FakeMta.ALL_STEPS);
        mta.postfixConnect("192.0.2.7").macros('H', CONTOSO).helo("client").mail("<a@contoso.com>");
        mta.postfixConnect("192.0.2.9");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(TEMPFAIL);
        mta.mail("<a@contoso.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED.replace("192.0.2.7", "192.0.2.9"));
    }
}
