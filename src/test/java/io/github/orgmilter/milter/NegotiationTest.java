package io.github.orgmilter.milter;

import static io.github.orgmilter.milter.FakeMta.CONTINUE;
import static io.github.orgmilter.milter.Policies.NOT_IDENTIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.policy.Policy;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A milter session")
@ExtendWith(FakeMta.Release.class)
final class NegotiationTest {

    private final Policy policy = Policies.twoOrganizations();

    @Test
    @DisplayName("asks for no content, no early replies, and the macros that the rules use")
    void negotiates() {
        ByteBuffer answer = new FakeMta(policy).negotiate(6, FakeMta.ALL_ACTIONS, FakeMta.ALL_STEPS);
        assertThat(answer.getInt()).isEqualTo(6);
        assertThat(answer.getInt()).isEqualTo(FakeMta.SET_MACRO_LISTS);
        assertThat(answer.getInt()).isEqualTo(0x10 | 0x20 | 0x40 | 0x100 | 0x200 | 0x1000 | 0x2000 | 0x4000);
        String tls = "{tls_version} {verify} {cert_subject} {cert_issuer} {cn_subject} {cn_issuer}";
        assertThat(macroLists(answer))
                .isEqualTo("0:v {daemon_addr} {daemon_port}|1:" + tls
                        + "|2:i {auth_type} {auth_authen} {mail_addr} {mail_mailer} " + tls
                        + "|3:i {rcpt_addr} {rcpt_mailer}|5:i|");
    }

    private static String macroLists(ByteBuffer answer) {
        StringBuilder lists = new StringBuilder();
        while (answer.hasRemaining()) {
            lists.append(answer.getInt()).append(':');
            for (byte octet = answer.get(); octet != 0; octet = answer.get()) {
                lists.append((char) octet);
            }
            lists.append('|');
        }
        return lists.toString();
    }

    @ParameterizedTest(name = "version {0}, actions {1}, steps {2}: answers version {3}, actions {4}, steps {5}")
    @CsvSource({
        "2, 0x0f, 0x7f, 2, 0, 0x70",
        "3, 0x1f, 0xff, 3, 0, 0x70",
        "4, 0x3f, 0x3ff, 4, 0, 0x370",
        "5, 0x3f, 0x3ff, 5, 0, 0x370",
        "6, 0x0ff, 0x1fffff, 6, 0, 0x7370",
        "6, 0x1ff, 0x0fff, 6, 0x100, 0x370",
        "9, 0x1ff, 0x1fffff, 6, 0x100, 0x7370"
    })
    @DisplayName("never asks for what was not offered")
    void asksOnlyForWhatIsOffered(String version, String actions, String steps, String v, String a, String s) {
        ByteBuffer answer =
                new FakeMta(policy).negotiate(Integer.decode(version), Integer.decode(actions), Integer.decode(steps));
        assertThat(answer.getInt()).isEqualTo(Integer.decode(v));
        assertThat(answer.getInt()).isEqualTo(Integer.decode(a));
        assertThat(answer.getInt()).isEqualTo(Integer.decode(s));
    }

    @Test
    @DisplayName("writes nothing at CONNECT, HELO and MAIL where the MTA was told not to wait")
    void silentStages() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").helo("client").mail("<a@example.org>");
        assertThat(mta.takeAnswers()).isEmpty();
    }

    @ParameterizedTest(name = "version {0}, steps {1}: {2} answers before RCPT")
    @CsvSource({"2, 0x7f, 3", "3, 0xff, 3", "4, 0x3ff, 3", "5, 0x3ff, 3", "6, 0x1fffff, 0"})
    @DisplayName("decides the same in every version of the protocol")
    void everyVersion(int version, String steps, int earlyAnswers) {
        FakeMta mta = new FakeMta(policy);
        mta.negotiate(version, 0x0f, Integer.decode(steps));
        mta.macros('C', "v", "8.18.1").connect('4', "192.0.2.7").takeAnswers();
        mta.macros('H', "{tls_version}", "TLSv1.3", "{verify}", "OK", "{cn_subject}", "mail.contoso.com");
        mta.helo("client").mail("<a@contoso.com>").takeAnswers();
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.endOfBody()).isEqualTo(CONTINUE);
        FakeMta stranger = new FakeMta(policy);
        stranger.negotiate(version, 0x0f, Integer.decode(steps));
        stranger.macros('C', "v", "8.18.1")
                .connect('4', "192.0.2.7")
                .helo("client")
                .mail("<a@contoso.com>");
        assertThat(stranger.takeAnswers()).hasSize(earlyAnswers).allMatch(CONTINUE::equals);
        assertThat(stranger.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(stranger.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(stranger.endOfBody()).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("answers CONTINUE at each stage to an MTA that waits for it")
    void answersOldMta() {
        FakeMta mta = new FakeMta(policy);
        mta.negotiate(2, 0x0f, 0x7f);
        mta.postfixConnect("192.0.2.7");
        assertThat(mta.takeAnswers()).containsExactly(CONTINUE);
        assertThat(mta.helo("client").takeAnswers()).containsExactly(CONTINUE);
        assertThat(mta.mail("<a@example.org>").takeAnswers()).containsExactly(CONTINUE);
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.send('T', new byte[0]).takeAnswers()).containsExactly(CONTINUE);
        assertThat(mta.endOfBody()).isEqualTo(CONTINUE);
    }

    @ParameterizedTest(name = "OPTNEG of {0} octets")
    @ValueSource(ints = {0, 4, 11})
    @DisplayName("closes the connection at an OPTNEG that is too short")
    void shortNegotiation(int length) {
        FakeMta mta = new FakeMta(policy).send('O', new byte[length]);
        assertThat(mta.takeAnswers()).isEmpty();
        assertThat(mta.isOpen()).isFalse();
    }

    @ParameterizedTest(name = "{0} before OPTNEG")
    @ValueSource(chars = {'A', 'B', 'C', 'D', 'E', 'H', 'K', 'L', 'M', 'N', 'Q', 'R', 'T', 'U'})
    @DisplayName("closes the connection at any command before OPTNEG")
    void beforeNegotiation(char command) {
        FakeMta mta = new FakeMta(policy).send(command, new byte[] {'x', 0});
        assertThat(mta.takeAnswers()).isEmpty();
        assertThat(mta.isOpen()).isFalse();
    }
}
