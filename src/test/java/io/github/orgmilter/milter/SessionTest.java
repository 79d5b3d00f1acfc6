package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.policy.Policy;
import java.nio.ByteBuffer;
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

    private static final String CONTINUE = "c";
    private static final String NOT_IDENTIFIED =
            "y550 5.7.1 Relay access denied: 192.0.2.7 is not a known customer" + " mail server";
    private static final String TEMPFAIL = "y451 4.3.0 Temporary failure, try again later";
    private static final String[] CONTOSO = {
        "i", "4CjqCQ2W", "{tls_version}", "TLSv1.3", "{cert_subject}", "mail.contoso.com", "{cert_issuer}", "Test CA"
    };

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

    @ParameterizedTest(name = "{0} before OPTNEG")
    @ValueSource(chars = {'A', 'B', 'C', 'D', 'E', 'H', 'K', 'L', 'M', 'N', 'Q', 'R', 'T', 'U'})
    @DisplayName("closes the connection at any command before OPTNEG")
    void beforeNegotiation(char command) {
        FakeMta mta = new FakeMta(policy).send(command, new byte[] {'x', 0});
        assertThat(mta.takeAnswers()).isEmpty();
        assertThat(mta.isOpen()).isFalse();
    }

    @ParameterizedTest(name = "OPTNEG of {0} octets")
    @ValueSource(ints = {0, 4, 11})
    @DisplayName("closes the connection at an OPTNEG that is too short")
    void shortNegotiation(int length) {
        FakeMta mta = new FakeMta(policy).send('O', new byte[length]);
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

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "@a,@b:user@example.net",
                "<user\\,name@example.net>",
                "<a,>,<user@example.net>",
                "@a.example,@b.example:<user@example.net>"
            })
    @DisplayName("refuses a message of which Sendmail may have kept a refused recipient")
    void refusedRecipientThatSendmailKeeps(String recipient) {
        FakeMta mta = new FakeMta(policy).negotiate();
        mta.macros('C', "v", "8.18.1").connect('4', "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt(recipient)).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.rcpt("<\"c,d\"@contoso.com>"))
                .as("accepted, so nothing to keep")
                .isEqualTo(CONTINUE);
        assertThat(mta.endOfBody()).isEqualTo(NOT_IDENTIFIED);
        mta.mail("<a@example.org>");
        assertThat(mta.rcpt("<\"c,d\"@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<user@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.endOfBody()).as("the next message").isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName(
            "puts off a message of which one recipient was put off, though Sendmail may have kept a refused one, too")
    void putOffAndRefused() {
        FakeMta mta = new FakeMta(policy).negotiate();
        mta.macros('C', "v", "8.18.1").connect('4', "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<\"c,d\"@example.net>")).isEqualTo(NOT_IDENTIFIED);
        mta.send('R', "<c@example.net>".getBytes(StandardCharsets.US_ASCII)); // no NUL
        assertThat(mta.takeAnswers()).containsExactly(TEMPFAIL);
        assertThat(mta.rcpt("<\"c,d\"@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.endOfBody()).isEqualTo(TEMPFAIL);
    }

    @Test
    @DisplayName("lets the accepted recipients of Postfix have their message, which keeps none that was refused")
    void refusedRecipientOfPostfix() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<user\\,name@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.endOfBody()).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("refuses at its end a message none of whose recipients was accepted")
    void nobodyAccepted() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(NOT_IDENTIFIED);
        assertThat(mta.endOfBody()).isEqualTo(TEMPFAIL);
    }

    @Test
    @DisplayName("refuses at its end a message of which a recipient could not be decided")
    void undecidedRecipient() {
        FakeMta mta = FakeMta.postfix(policy, "192.0.2.7").mail("<a@example.org>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        mta.send('R', "<c@example.net>".getBytes(StandardCharsets.US_ASCII)); // no NUL
        assertThat(mta.takeAnswers()).containsExactly(TEMPFAIL);
        assertThat(mta.endOfBody()).isEqualTo(TEMPFAIL);
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
