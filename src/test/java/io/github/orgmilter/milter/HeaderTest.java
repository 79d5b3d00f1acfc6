package io.github.orgmilter.milter;

import static io.github.orgmilter.milter.FakeMta.CONTINUE;
import static io.github.orgmilter.milter.FakeMta.TEMPFAIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.HeaderChange;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.Policy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayName("A session with header fields")
@ExtendWith(FakeMta.Release.class)
final class HeaderTest {

    private static final String MISMATCH = "y550 5.7.1 Not from this server";
    private static final String LIMIT = "y552 5.3.4 Too many or too long header fields";

    private static final int ADD_HEADERS = 0x01;

    private final Policy policy = Policies.twoOrganizations();
    private final TestHeaderRules rules = new TestHeaderRules();
    private final List<Limit> counted = new ArrayList<>();
    private final SessionObserver observer = new CountsNothing() {
        @Override
        public void limited(Limit limit) {
            counted.add(limit);
        }
    };

    private FakeMta mta(int chop) {
        return mta(chop, Policies.ROOM);
    }

    private FakeMta mta(int chop, ConnectionMemory memory) {
        return new FakeMta(() -> policy, Limits.DEFAULT, memory, chop, observer, Optional.empty(), rules);
    }

    private FakeMta negotiated() {
        return mta(Integer.MAX_VALUE).negotiate();
    }

    private FakeMta relaying() {
        return relaying(negotiated());
    }

    private static FakeMta relaying(FakeMta mta) {
        mta.postfixConnect("198.51.100.3").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        return mta;
    }

    private static byte[] field(String name, String value) {
        return (name + "\0" + value + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static FakeMta header(FakeMta mta, String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            mta.send('L', field(pairs[i], pairs[i + 1]));
            assertThat(mta.takeAnswers()).as("no answer to a field").isEmpty();
        }
        return mta;
    }

    private static String endOfHeader(FakeMta mta) {
        mta.send('N', new byte[0]);
        List<String> answers = mta.takeAnswers();
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    private static List<String> endOfBody(FakeMta mta) {
        return mta.send('E', new byte[0]).takeAnswers();
    }

    @ParameterizedTest(name = "the rules need {0}, actions {1} and steps {2} are offered: actions {3}, steps {4}")
    @CsvSource({
        "NONE,   0x1ff, 0x1fffff, 0x100, 0x7370",
        "READ,   0x1ff, 0x1fffff, 0x100, 0x7390",
        "CHANGE, 0x1ff, 0x1fffff, 0x111, 0x7390",
        "CHANGE, 0x111, 0x1fffff, 0x111, 0x7390",
        "CHANGE, 0x101, 0x1fffff, 0x100, 0x7390",
        "CHANGE, 0x110, 0x1fffff, 0x100, 0x7390",
        "CHANGE, 0x000, 0x1fffff, 0x000, 0x7390",
        "CHANGE, 0x03f, 0x0003ff, 0x011, 0x0390",
        "CHANGE, 0x00f, 0x00007f, 0x000, 0x0010",
        "NONE,   0x00f, 0x00007f, 0x000, 0x0070"
    })
    @DisplayName("asks for them only if a rule needs them, and never for what was not offered")
    void negotiation(HeaderAccess needed, String actions, String steps, String a, String s) {
        rules.access = needed;
        ByteBuffer answer = mta(Integer.MAX_VALUE).negotiate(6, Integer.decode(actions), Integer.decode(steps));
        assertThat(answer.getInt()).isEqualTo(6);
        assertThat(answer.getInt()).isEqualTo(Integer.decode(a));
        assertThat(answer.getInt()).isEqualTo(Integer.decode(s));
    }

    @ParameterizedTest(name = "{0} octets at a time")
    @ValueSource(ints = {1, 3, 1000, Integer.MAX_VALUE})
    @DisplayName("decides at the end of the header, and changes it at the end of the message")
    void accepted(int chop) {
        FakeMta mta = relaying(mta(chop).negotiate());
        header(mta, "From", "A <a@fabrikam.com>", "X-Key", " secret", "To", "b@example.net", "X-RESULT", "forged");
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
        assertThat(endOfBody(mta))
                .containsExactly("m\0\0\0\1X-Key\0", "m\0\0\0\1X-Result\0", "i\0\0\0\0X-Result\0identified", CONTINUE);
    }

    @Test
    @DisplayName("removes every copy of a field, the last one first, before it inserts one above all others")
    void changes() {
        FakeMta mta = relaying();
        header(mta, "X-Result", "1", "x-result", "2", "X-Key", "secret", "X-Result ", "3");
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
        assertThat(endOfBody(mta))
                .containsExactly(
                        "m\0\0\0\1X-Key\0",
                        "m\0\0\0\3X-Result\0",
                        "m\0\0\0\2X-Result\0",
                        "m\0\0\0\1X-Result\0",
                        "i\0\0\0\0X-Result\0identified",
                        CONTINUE);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "X-Key|wrong", "X-Key|secret|X-Key|secret", "X-Key |secret", "X-Other|secret"})
    @DisplayName("refuses the whole message at the end of the header, and again if the MTA goes on")
    void refused(String fields) {
        FakeMta mta = relaying();
        header(mta, fields.isEmpty() ? new String[0] : fields.split("\\|"));
        assertThat(endOfHeader(mta)).isEqualTo(MISMATCH);
        assertThat(endOfBody(mta)).containsExactly(MISMATCH);
    }

    @Test
    @DisplayName("does not let the fields of one message count for the next one")
    void nextMessage() {
        FakeMta mta = relaying();
        header(mta, "X-Key", "secret");
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
        assertThat(endOfBody(mta)).endsWith(CONTINUE);
        mta.mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        assertThat(endOfHeader(mta)).isEqualTo(MISMATCH);
        mta.abort().mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@contoso.com>")).as("inbound").isEqualTo(CONTINUE);
        header(mta, "From", "a@example.org");
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
        mta.abort().mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        header(mta, "From", "a@fabrikam.com", "From", "=?utf-8?q?x?= <ceo@contoso.com>");
        assertThat(endOfHeader(mta)).isEqualTo(MISMATCH);
    }

    @Test
    @DisplayName("answers 451 to a message whose end of the header never came")
    void noEnd() {
        FakeMta mta = relaying();
        header(mta, "X-Key", "secret");
        assertThat(endOfBody(mta)).containsExactly(TEMPFAIL);
        mta.mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(endOfBody(mta)).containsExactly(TEMPFAIL);
    }

    @Test
    @DisplayName("answers 451 to what comes when the header has begun or ended: a recipient, a field")
    void late() {
        FakeMta mta = relaying();
        header(mta, "X-Key", "secret");
        assertThat(mta.rcpt("<c@example.net>")).isEqualTo(TEMPFAIL);
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<c@example.net>")).isEqualTo(TEMPFAIL);
        assertThat(endOfBody(mta)).endsWith(CONTINUE);
        relaying(mta);
        header(mta, "X-Key", "secret");
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
        header(mta, "From", "ceo@contoso.com");
        assertThat(endOfBody(mta)).containsExactly(TEMPFAIL);
    }

    @ParameterizedTest(name = "{0} is allowed, {1} is needed: {2}")
    @CsvSource({
        "NONE,   NONE,   true",
        "NONE,   READ,   false",
        "NONE,   CHANGE, false",
        "READ,   NONE,   true",
        "READ,   READ,   true",
        "READ,   CHANGE, false",
        "CHANGE, CHANGE, true"
    })
    @DisplayName("defers recipients whose message needs more than was agreed")
    void defers(HeaderAccess allowed, HeaderAccess needed, boolean taken) {
        rules.access = allowed;
        rules.needed = needed;
        FakeMta mta = negotiated().postfixConnect("198.51.100.3").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(taken ? CONTINUE : TEMPFAIL);
        rules.needed = HeaderAccess.NONE;
        assertThat(mta.rcpt("<c@example.net>")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("defers recipients where the MTA lets nobody change a header, and refuses what could not be changed")
    void noChanges() {
        FakeMta mta = mta(Integer.MAX_VALUE);
        mta.negotiate(6, FakeMta.SET_MACRO_LISTS | ADD_HEADERS, FakeMta.ALL_STEPS);
        mta.postfixConnect("198.51.100.3").mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(TEMPFAIL);
        rules.needed = HeaderAccess.READ;
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        header(mta, "X-Key", "secret");
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
        assertThat(endOfBody(mta)).as("changes all the same").containsExactly(TEMPFAIL);
    }

    @Test
    @DisplayName("logs once that recipients are deferred, and why")
    void logged() {
        Logger logger = (Logger) LoggerFactory.getLogger(SessionLog.class);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(events);
        try {
            rules.access = HeaderAccess.NONE;
            FakeMta mta = negotiated().postfixConnect("198.51.100.3");
            for (int message = 0; message < 2; message++) {
                mta.mail("<a@fabrikam.com>");
                assertThat(mta.rcpt("<b@example.net>")).isEqualTo(TEMPFAIL);
                assertThat(mta.rcpt("<c@example.net>")).isEqualTo(TEMPFAIL);
            }
        } finally {
            logger.detachAppender(events);
            logger.setLevel(null);
        }
        assertThat(events.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .contains(
                                "client=198.51.100.3",
                                "remark=\"the session began before a rule needed header fields"));
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", "two\nlines", "two\r\nlines", "a\0b", "\u00e9"})
    @DisplayName("inserts no field that could be more than one line")
    void insertion(String value) {
        assertThatThrownBy(() -> new HeaderChange.Insert(TestHeaderRules.RESULT, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X-Result");
    }

    @Test
    @DisplayName("answers each field where the MTA waits for it")
    void oldMta() {
        FakeMta mta = mta(Integer.MAX_VALUE);
        mta.negotiate(2, 0x1f, 0x7f);
        mta.postfixConnect("198.51.100.3").mail("<a@fabrikam.com>").takeAnswers();
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
        assertThat(mta.send('T', new byte[0]).takeAnswers()).containsExactly(CONTINUE);
        assertThat(mta.send('L', field("X-Key", "secret")).takeAnswers()).containsExactly(CONTINUE);
        assertThat(mta.send('L', field("To", "x".repeat(200_000))).takeAnswers())
                .as("one that is too long")
                .containsExactly(CONTINUE);
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
        assertThat(endOfBody(mta)).endsWith(CONTINUE);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"X-Key", "X-Key\0", "X-Key\0secret", ""})
    @DisplayName("answers 451 to a message with a broken field, and decides the next one")
    void broken(String payload) {
        FakeMta mta = relaying();
        header(mta, "X-Key", "secret");
        mta.send('L', payload.getBytes(StandardCharsets.US_ASCII));
        assertThat(mta.takeAnswers()).isEmpty();
        assertThat(endOfHeader(mta)).isEqualTo(TEMPFAIL);
        assertThat(endOfBody(mta)).containsExactly(TEMPFAIL);
        relaying(mta);
        header(mta, "X-Key", "secret");
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("answers 451 to a message whose rules fail, at the end of the header and of the message")
    void failing() {
        rules.fails = true;
        FakeMta mta = relaying();
        assertThat(endOfHeader(mta)).isEqualTo(TEMPFAIL);
        assertThat(endOfBody(mta)).containsExactly(TEMPFAIL);
        rules.fails = false;
        relaying(mta);
        header(mta, "X-Key", "secret");
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("takes what follows a NUL for a part of the value")
    void nul() {
        FakeMta mta = relaying();
        header(mta, "X-Key", "secret", "From", "a@fabrikam.com\0, <ceo@contoso.com>");
        assertThat(endOfHeader(mta)).isEqualTo(MISMATCH);
    }

    @Test
    @DisplayName("refuses for good what has more fields than are looked at, and says so once")
    void tooMany() {
        for (int message = 0; message < 2; message++) {
            FakeMta mta = relaying();
            header(mta, "X-Key", "secret");
            for (int i = 0; i < 999; i++) {
                mta.send('L', field("X", "x"));
            }
            assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
            assertThat(endOfBody(mta)).endsWith(CONTINUE);
            relaying(mta);
            header(mta, "X-Key", "secret");
            for (int i = 0; i < 1000; i++) {
                mta.send('L', field("X", "x"));
            }
            assertThat(endOfHeader(mta)).isEqualTo(LIMIT);
            assertThat(endOfBody(mta)).containsExactly(LIMIT);
        }
        assertThat(counted).containsExactly(Limit.HEADER_FIELDS, Limit.HEADER_FIELDS);
    }

    @ParameterizedTest(name = "{0} of {1} octets, {2} octets at a time: {3}")
    @CsvSource({
        "To,     100_000,   2147483647, c",
        "To,     131_000,   2147483647, c",
        "To,     200_000,   2147483647, c",
        "To,     900_000,   2147483647, c",
        "To,     900_000,   1000,       c",
        "To,     1_100_000, 2147483647, y552",
        "To,     1_100_000, 777,        y552",
        "X-Key , 130_000,   2147483647, y550",
        "X-KEY,  200_000,   2147483647, y552",
        "from,   200_000,   5000,       y552",
        "X-Other, 10_000_000, 2147483647, y552"
    })
    @DisplayName("outlives a field of any length, and refuses for good where it matters")
    void longField(String name, String octets, int chop, String expected) {
        FakeMta mta = relaying(mta(chop).negotiate());
        if (!expected.equals("y550")) {
            header(mta, "X-Key", "secret");
        }
        mta.send('L', field(name, "x".repeat(Integer.parseInt(octets.replace("_", "")))));
        assertThat(mta.takeAnswers()).isEmpty();
        assertThat(mta.isOpen()).isTrue();
        header(mta, "Subject", "x");
        assertThat(endOfHeader(mta)).startsWith(expected);
        assertThat(counted).hasSize(expected.equals("y552") ? 1 : 0).allMatch(Limit.HEADER_SIZE::equals);
        relaying(mta);
        header(mta, "X-Key", "secret");
        assertThat(endOfHeader(mta)).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("is ended by any other frame that is too long, and by every one that is where no headers were agreed")
    void longFrame() {
        FakeMta mta = relaying();
        mta.send('R', field("<b@example.net>", "x".repeat(200_000)));
        assertThat(mta.isOpen()).isFalse();
        rules.access = HeaderAccess.NONE;
        rules.needed = HeaderAccess.NONE;
        mta = relaying();
        mta.sendRaw(ByteBuffer.allocate(4).putInt(100_000).array());
        assertThat(mta.isOpen()).isFalse();
        assertThat(counted).containsExactly(Limit.FRAME_SIZE, Limit.FRAME_SIZE);
    }

    @Test
    @DisplayName("counts what it keeps of a header as memory of the connection, and no more than a constant")
    void memory() {
        ConnectionMemory memory = new ConnectionMemory(() -> OptionalLong.of(256 * 1024), counted::add);
        FakeMta mta = relaying(mta(Integer.MAX_VALUE, memory).negotiate());
        for (int i = 0; i < 500; i++) {
            header(mta, "X-Other-" + i, "x".repeat(1000));
        }
        assertThat(mta.isOpen()).as("nothing of what nobody asks about").isTrue();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            many.append("a@d").append(i).append(".example,");
        }
        mta.send('L', field("From", many.toString()));
        assertThat(mta.isOpen()).isFalse();
        assertThat(counted).containsExactly(Limit.MEMORY);
    }
}
