package io.github.orgmilter.milter;

import static io.github.orgmilter.milter.FakeMta.CONTINUE;
import static io.github.orgmilter.milter.FakeMta.TEMPFAIL;
import static io.github.orgmilter.policy.PolicyFixture.connector;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.PolicyHeaderRules;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyFixture;
import io.github.orgmilter.policy.options.ResultHeader;
import io.github.orgmilter.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@DisplayName("A session of a shared server")
@ExtendWith(FakeMta.Release.class)
final class RequiredHeadersTest {

    private static final String MISMATCH = "y550 5.7.1 Relay access denied: this server may not send for contoso.com";
    private static final String CLOUD = "192.0.2.9";
    private static final String RIGHT = "X-Key\0top-secret\0";
    private static final String WRONG = "X-Key\0other-secret\0";

    private final Logger logger = (Logger) LoggerFactory.getLogger(SessionLog.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final List<String> counted = new ArrayList<>();
    private Policy policy = policy(service());
    private ResultHeader result = ResultHeader.NONE;
    private HeaderAccess mayCome = HeaderAccess.NONE;
    private final FakeMta mta = new FakeMta(
            () -> policy,
            Limits.DEFAULT,
            Policies.ROOM,
            Integer.MAX_VALUE,
            new CountsNothing() {
                @Override
                public void headerDecided(Verdict verdict, Optional<Mta> mta, String revision) {
                    counted.add(PolicyFixture.describe(verdict));
                }

                @Override
                public void headerMissed() {
                    counted.add("missed");
                }
            },
            Optional.empty(),
            new PolicyHeaderRules(() -> policy, () -> mayCome));

    @BeforeEach
    void capture() {
        events.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(events);
    }

    @AfterEach
    void release() {
        logger.detachAppender(events);
        logger.setLevel(null);
    }

    private static PolicyFixture service() {
        return PolicyFixture.service()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        connector("cloud", "address " + CLOUD, "header X-Key: top-secret"))
                .organization(
                        "fabrikam",
                        SenderProtection.RELAY,
                        List.of("fabrikam.com"),
                        connector("cloud", "address " + CLOUD, "header X-Key: other-secret"),
                        connector("hq", "address 192.0.2.1"));
    }

    private static Policy policy(PolicyFixture service) {
        return service.policy();
    }

    private void with(ResultHeader.Scope scope, boolean names) {
        result = new ResultHeader(scope, PolicyFixture.fieldName("X-OrgMilter-Result"), names);
        Policy before = policy;
        policy = before.with(List.of(), List.of(), before.options().with(result), "0");
    }

    private void begin(String client) {
        mta.negotiate().postfixConnect(client);
        mta.mail("<a@contoso.com>");
    }

    private String rcpt(String recipient) {
        return mta.rcpt("<" + recipient + ">");
    }

    private String header(String... fields) {
        for (String field : fields) {
            mta.send('L', field.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(mta.takeAnswers()).isEmpty();
        mta.send('N', new byte[0]);
        return mta.takeAnswers().get(0);
    }

    private List<String> end() {
        return mta.send('E', new byte[0]).takeAnswers();
    }

    private List<String> verdictLines() {
        return events.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(" to=<"))
                .map(line -> line.replaceFirst("^.* verdict=", "verdict="))
                .toList();
    }

    private static final String REMOVED = "m\0\0\0\1X-Key\0";

    @Test
    @DisplayName("relays with its field, removes it, and logs the recipient at the end")
    void relays() {
        begin(CLOUD);
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(verdictLines()).isEmpty();
        assertThat(header("Subject\0hello\0", RIGHT)).isEqualTo(CONTINUE);
        assertThat(verdictLines()).isEmpty();
        assertThat(end()).containsExactly(REMOVED, CONTINUE);
        assertThat(verdictLines())
                .singleElement()
                .asString()
                .startsWith(
                        "verdict=accept cause=sender-domain connector=contoso/cloud provisional=relay outcome=accepted"
                                + " client=192.0.2.9")
                .contains("to=<b@example.net>");
        assertThat(counted).isEmpty();
        assertThat(events.list.toString()).doesNotContain("secret");
    }

    @Test
    @DisplayName("is refused without it at the end of the header, and each message by itself")
    void refuses() {
        begin(CLOUD);
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(rcpt("b@fabrikam.com")).isEqualTo(CONTINUE);
        assertThat(rcpt("c@example.net")).isEqualTo(CONTINUE);
        assertThat(header(WRONG)).isEqualTo(MISMATCH);
        assertThat(end()).as("an MTA that goes on").containsExactly(MISMATCH);
        assertThat(verdictLines()).hasSize(3);
        assertThat(verdictLines().get(1))
                .startsWith("verdict=accept cause=inbound organization=fabrikam outcome=refused client=")
                .contains("reply=\"550 5.7.1 Relay");
        assertThat(List.of(verdictLines().get(0), verdictLines().get(2)))
                .allSatisfy(line -> assertThat(line)
                        .startsWith("verdict=reject cause=header-mismatch connector=fabrikam/cloud provisional=relay"
                                + " outcome=refused")
                        .contains("reply=\"550 5.7.1 Relay"));
        mta.mail("<a@contoso.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(header(RIGHT)).isEqualTo(CONTINUE);
        assertThat(end()).containsExactly(REMOVED, CONTINUE);
        assertThat(counted).containsExactly("reject header-mismatch fabrikam/cloud");
        assertThat(events.list.toString()).doesNotContain("secret");
    }

    @Test
    @DisplayName("loses every copy of the field, whatever its value and whoever carries the message")
    void removes() {
        begin(CLOUD);
        assertThat(rcpt("b@fabrikam.com")).isEqualTo(CONTINUE);
        assertThat(header("x-key\0a\0", "X-Key \0b\0", WRONG)).isEqualTo(CONTINUE);
        assertThat(end()).containsExactly("m\0\0\0\3x-key\0", "m\0\0\0\2x-key\0", "m\0\0\0\1x-key\0", CONTINUE);
        begin("192.0.2.1");
        assertThat(rcpt("b@fabrikam.com")).isEqualTo(CONTINUE);
        assertThat(header(RIGHT)).isEqualTo(CONTINUE);
        assertThat(end()).as("of a client of its own").containsExactly(CONTINUE);
    }

    @Test
    @DisplayName("decides by the policy of its MAIL, whatever is loaded before the end of the header")
    void reloads() {
        begin(CLOUD);
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        policy = policy(PolicyFixture.service().organization("adatum", List.of("adatum.example")));
        assertThat(header(RIGHT)).isEqualTo(CONTINUE);
        assertThat(end()).containsExactly(REMOVED, CONTINUE);
        mta.mail("<a@contoso.com>");
        assertThat(rcpt("b@example.net")).startsWith("y550 ");
    }

    @Test
    @DisplayName("is deferred where it began before header fields were needed, and nobody else is")
    void missed() {
        Policy needing = policy;
        policy = policy(PolicyFixture.service().organization("fabrikam", List.of("fabrikam.com")));
        mta.negotiate().postfixConnect(CLOUD);
        policy = needing;
        mta.mail("<a@contoso.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(TEMPFAIL);
        assertThat(rcpt("b@fabrikam.com"))
                .as("whose field could not be removed")
                .isEqualTo(TEMPFAIL);
        mta.postfixConnect("192.0.2.1");
        mta.mail("<a@fabrikam.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(counted).containsExactly("missed", "missed");
    }

    @Test
    @DisplayName("is deferred by an MTA that lets nobody change a header, unless nothing is to be changed")
    void withoutChanges() {
        mta.negotiate(6, 0x100, 0x1fffff);
        mta.postfixConnect(CLOUD);
        mta.mail("<a@contoso.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(TEMPFAIL);
        policy = policy(PolicyFixture.service()
                .organization(
                        "contoso",
                        List.of("contoso.com"),
                        connector("cloud", "address " + CLOUD, "header X-Key: top-secret", "keep-headers")));
        mta.mail("<a@contoso.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(header(RIGHT)).isEqualTo(CONTINUE);
        assertThat(end()).containsExactly(CONTINUE);
    }

    @Test
    @DisplayName("has the recipient logged when its message is given up, and when its session ends")
    void outcomes() {
        begin(CLOUD);
        rcpt("b@example.net");
        mta.abort();
        mta.mail("<a@contoso.com>");
        rcpt("c@example.net");
        mta.mail("<a@contoso.com>");
        rcpt("d@example.net");
        assertThat(end()).containsExactly(TEMPFAIL);
        mta.mail("<a@contoso.com>");
        rcpt("e@example.net");
        mta.channel.close();
        assertThat(verdictLines())
                .extracting(line -> line.replaceFirst("^.*outcome=([a-z]+) .*to=<(.)@.*$", "$2 $1"))
                .containsExactly("b reset", "c reset", "d deferred", "e lost");
    }

    @Test
    @DisplayName("holds back as many lines as there is room for")
    void bounded() {
        begin(CLOUD);
        for (int i = 0; i < 1000; i++) {
            assertThat(rcpt("r" + i + "@example.net")).isEqualTo(CONTINUE);
        }
        int pending = verdictLines().size();
        assertThat(1000 - pending).isBetween(5, HeldVerdicts.MOST / 200);
        assertThat(verdictLines()).allSatisfy(line -> assertThat(line).contains("outcome=pending"));
        assertThat(header(RIGHT)).isEqualTo(CONTINUE);
        end();
        assertThat(verdictLines()).hasSize(1000);
        assertThat(verdictLines().subList(pending, 1000))
                .allSatisfy(line -> assertThat(line).contains("outcome=accepted"));
    }

    @Test
    @DisplayName("has the result written into messages, and forged ones removed")
    void result() {
        with(ResultHeader.Scope.ALL, true);
        String forged = "X-ORGMILTER-result\0identified; organization=evil\0";
        begin(CLOUD);
        rcpt("b@example.net");
        header(forged, RIGHT, forged);
        assertThat(end())
                .containsExactlyInAnyOrder(
                        "m\0\0\0\2X-ORGMILTER-result\0",
                        "m\0\0\0\1X-ORGMILTER-result\0",
                        REMOVED,
                        "i\0\0\0\0X-OrgMilter-Result\0identified; organization=contoso; connector=cloud; by=address",
                        CONTINUE);
        begin("203.0.113.1");
        rcpt("b@fabrikam.com");
        header(forged);
        assertThat(end())
                .containsExactly(
                        "m\0\0\0\1X-ORGMILTER-result\0", "i\0\0\0\0X-OrgMilter-Result\0not-identified", CONTINUE);
    }

    @Test
    @DisplayName("has it in inbound messages alone, without names, if that is asked")
    void resultOfInbound() {
        with(ResultHeader.Scope.INBOUND, false);
        begin(CLOUD);
        rcpt("b@example.net");
        header(RIGHT, "X-OrgMilter-Result\0trusted-login\0");
        assertThat(end()).containsExactlyInAnyOrder(REMOVED, "m\0\0\0\1X-OrgMilter-Result\0", CONTINUE);
        begin(CLOUD);
        rcpt("b@fabrikam.com");
        header(RIGHT);
        assertThat(end()).containsExactly(REMOVED, "i\0\0\0\0X-OrgMilter-Result\0identified", CONTINUE);
    }

    @Test
    @DisplayName("has its fields asked for in time where rows of a directory may need them")
    void mayCome() {
        Policy needing = policy;
        policy = policy(PolicyFixture.service().organization("fabrikam", List.of("fabrikam.com")));
        mayCome = HeaderAccess.CHANGE;
        mta.negotiate().postfixConnect(CLOUD);
        policy = needing;
        mta.mail("<a@contoso.com>");
        assertThat(rcpt("b@example.net")).isEqualTo(CONTINUE);
        assertThat(header(WRONG)).isEqualTo(MISMATCH);
    }
}
