package io.github.orgmilter.milter;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.PolicyHeaderRules;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyFixture;
import io.github.orgmilter.verdict.Ending;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** When each verdict is logged and handed to the console, and with what became of its recipient. */
@DisplayName("The verdict on a recipient")
@ExtendWith(FakeMta.Release.class)
final class ReportedVerdictsTest {

    private static final String CLIENT = "192.0.2.1";
    private static final String TEMPFAIL = "451 4.3.0 Temporary failure, try again later";

    private final Logger logger = (Logger) LoggerFactory.getLogger(SessionLog.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final RecentVerdicts recent = new RecentVerdicts(10_000);
    private Policy policy = service(HeaderFrom.OFF).policy();
    private final FakeMta mta = new FakeMta(
            () -> policy,
            Limits.DEFAULT,
            Policies.ROOM,
            Integer.MAX_VALUE,
            new CountsNothing(),
            Optional.empty(),
            new PolicyHeaderRules(() -> policy, () -> HeaderAccess.READ),
            Optional.of(recent));

    @BeforeEach
    void capture() {
        events.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(events);
    }

    @AfterEach
    void release() {
        logger.detachAppender(events);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private static PolicyFixture service(HeaderFrom headerFrom) {
        return PolicyFixture.service()
                .organization("contoso", List.of("contoso.com"), connector("hq", "address " + CLIENT))
                .organization("fabrikam", List.of("fabrikam.com"), connector("hq", "address 192.0.2.2"))
                .headerFrom(headerFrom);
    }

    /** Connects, and begins a message with these recipients. */
    private FakeMta begin(String... recipients) {
        mta.negotiate().postfixConnect(CLIENT).helo("mail.contoso.com");
        return message(recipients);
    }

    private FakeMta message(String... recipients) {
        mta.mail("<a@contoso.com>").takeAnswers();
        for (String recipient : recipients) {
            mta.macros('R', "i", "4Cj").rcpt("<" + recipient + ">");
        }
        return mta;
    }

    private static void header(FakeMta mta, String author) {
        mta.send('L', ("From\0" + author + "\0").getBytes(StandardCharsets.UTF_8))
                .send('N', new byte[0]);
    }

    private static void end(FakeMta mta) {
        header(mta, "a@contoso.com");
        mta.macros('E', "i", "4Cj").send('E', new byte[0]);
    }

    /** The lines, without what is the same in each. */
    private List<String> lines() {
        return events.list.stream()
                .map(event -> event.getFormattedMessage()
                        .replaceAll("session=\\S+ |client=\\S+ |helo=\\S+ |from=\\S+ |config=\\S+ ?", "")
                        .strip())
                .toList();
    }

    private List<String> shown() {
        return recent.since(0).stream()
                .map(RecentVerdicts.Numbered::recent)
                .map(verdict -> verdict.queueId() + " " + verdict.action() + " "
                        + verdict.ending().map(Ending::key).orElse("-"))
                .toList();
    }

    static Stream<Arguments> endings() {
        String line =
                ": verdict=accept cause=sender-domain connector=contoso/hq outcome=%s to=<b@example.net> recipients=1/1";
        // spotless:off
        return Stream.of(
                ending("its message ends", ReportedVerdictsTest::end, "4Cj" + line.formatted("accepted")),
                ending("its message is given up", FakeMta::abort, "4Cj" + line.formatted("reset")),
                ending("the next message begins", mta -> mta.macros('M', "i", "4Ck").mail("<c@contoso.com>"),
                        "4Cj" + line.formatted("reset")),
                ending("the session ends", mta -> mta.send('Q', new byte[0]), "4Cj" + line.formatted("lost")),
                ending("the MTA goes on with another client", mta -> mta.send('K', new byte[0]),
                        "4Cj" + line.formatted("lost")),
                ending("another client comes without that", mta -> mta.postfixConnect("192.0.2.9"),
                        "4Cj" + line.formatted("lost")),
                ending("the connection is lost", mta -> mta.channel.close(), "4Cj" + line.formatted("lost")),
                ending("it negotiates anew", FakeMta::negotiate, "4Cj" + line.formatted("lost")),
                ending("the header never ended", mta -> mta.send('E', new byte[0]),
                        "4Cj" + line.formatted("deferred") + " reply=\"" + TEMPFAIL + "\""),
                ending("the session failed", mta -> mta.send('D', new byte[] {'R', 'i', 0}),
                        "4Cj" + line.formatted("deferred") + " reply=\"" + TEMPFAIL + "\"",
                        "4Cj: failure stage=SMFIC_MACRO reason=\"string without its NUL\""));
        // spotless:on
    }

    private static Arguments ending(String what, Consumer<FakeMta> end, String... lines) {
        return arguments(what, end, List.of(lines));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    @DisplayName("that accepts is logged once, when")
    void endings(String when, Consumer<FakeMta> end, List<String> expected) {
        begin("b@example.net");
        assertThat(lines()).isEmpty();
        assertThat(recent.next()).isZero();
        end.accept(mta);
        assertThat(lines()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(shown())
                .containsExactly(expected.get(0).replaceFirst("(?s)^(\\w+): .*outcome=(\\w+) .*$", "$1 accept $2"));
        mta.channel.close();
        assertThat(lines()).as("nothing twice").hasSameSizeAs(expected);
    }

    @Test
    @DisplayName(
            "that refuses is logged at once, and those that accept when their message ends, the last with the numbers")
    void several() {
        begin("b@example.net", "c@example.net", "%@contoso.com");
        message("d@example.net");
        mta.mail("<x@elsewhere.example>");
        mta.rcpt("<e@example.net>");
        assertThat(lines().get(4)).startsWith("NOQUEUE: verdict=reject cause=domain-not-accepted");
        mta.macros('R', "i", "4Cj").rcpt("<f@contoso.com>");
        mta.rcpt("<g@contoso.com>");
        end(mta);
        assertThat(lines())
                .extracting(line -> line.replaceFirst("connector=\\S+ |organization=\\S+ ", "")
                        .replaceFirst(" reply=.*", ""))
                .containsExactly(
                        "4Cj: verdict=accept cause=sender-domain outcome=reset to=<b@example.net>",
                        "4Cj: verdict=accept cause=sender-domain outcome=reset to=<c@example.net>",
                        "4Cj: verdict=accept cause=sender-domain outcome=reset to=<%@contoso.com> recipients=3/3",
                        "4Cj: verdict=accept cause=sender-domain outcome=reset to=<d@example.net> recipients=1/1",
                        "NOQUEUE: verdict=reject cause=domain-not-accepted to=<e@example.net>",
                        "4Cj: verdict=accept cause=inbound outcome=accepted to=<f@contoso.com>",
                        "4Cj: verdict=accept cause=inbound outcome=accepted to=<g@contoso.com> recipients=2/3");
        assertThat(shown()).hasSize(7).startsWith("4Cj accept reset").contains(" reject -");
    }

    @Test
    @DisplayName("has its name in HELO and its queue id, whatever the next message has")
    void ownFacts() {
        begin("b@example.net");
        mta.helo("other.example");
        mta.macros('M', "i", "4Ck").mail("<c@contoso.com>");
        mta.rcpt("<d@example.net>");
        mta.abort();
        assertThat(events.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("4Cj: ").contains(" helo=mail.contoso.com "),
                        line -> assertThat(line).startsWith("4Ck: ").contains(" helo=other.example "));
    }

    @Test
    @DisplayName("is logged at once where a message has more recipients than there is room for")
    void overflow() {
        begin();
        for (int i = 0; i < 1000; i++) {
            assertThat(mta.rcpt("<r" + i + "@example.net>")).isEqualTo("c");
        }
        int pending = lines().size();
        assertThat(1000 - pending).isBetween(5, HeldVerdicts.MOST / 256);
        assertThat(lines()).allSatisfy(line -> assertThat(line).contains(" outcome=pending "));
        end(mta);
        assertThat(lines()).hasSize(1000);
        assertThat(lines().subList(pending, 999))
                .allSatisfy(
                        line -> assertThat(line).contains(" outcome=accepted ").doesNotContain("recipients="));
        assertThat(lines().get(999)).endsWith(" recipients=1000/1000");
        message("b@example.net").abort();
        assertThat(lines().get(1000)).as("the next one").contains(" outcome=reset ");
        assertThat(recent.next()).isEqualTo(1001);
    }

    @Test
    @DisplayName("of audit mode is logged when its message ends")
    void audit() {
        policy = service(HeaderFrom.OFF).audit().policy();
        mta.negotiate().postfixConnect("203.0.113.9").mail("<a@elsewhere.example>");
        mta.rcpt("<b@example.net>");
        assertThat(lines()).isEmpty();
        end(mta);
        assertThat(lines())
                .containsExactly("4Cj: verdict=accept would=reject cause=not-identified outcome=accepted"
                        + " to=<b@example.net> recipients=1/1");
        assertThat(shown()).containsExactly("4Cj audit accepted");
    }

    @Test
    @DisplayName("has the authors of its message, or what the header decided, on the last line of it")
    void authors() {
        policy = service(HeaderFrom.RELAY).policy();
        begin("b@example.net", "c@example.net");
        end(mta);
        assertThat(lines())
                .extracting(line -> line.replaceFirst("^.* to=", "to="))
                .containsExactly("to=<b@example.net>", "to=<c@example.net> recipients=2/2 authors=contoso.com");
        events.list.clear();
        message("b@example.net", "c@example.net");
        header(mta, "a@fabrikam.com");
        String refused = "reply=\"550 5.7.1 ";
        assertThat(lines())
                .as("at the end of the header")
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(
                                        "4Cj: verdict=accept cause=sender-domain connector=contoso/hq outcome=refused"
                                                + " to=<b@example.net> " + refused),
                        line -> assertThat(line)
                                .contains("outcome=refused to=<c@example.net> recipients=2/2"
                                        + " header=protected-header-from " + refused),
                        line -> assertThat(line)
                                .startsWith("4Cj: verdict=reject cause=protected-header-from connector=contoso/hq"
                                        + " recipients=2/2 authors=fabrikam.com " + refused));
        mta.send('E', new byte[0]);
        assertThat(lines()).as("an MTA that goes on").hasSize(3);
        assertThat(shown()).endsWith("4Cj accept refused", "4Cj accept refused", "4Cj reject -");
    }

    @Test
    @DisplayName("by a header that only audit lets pass is logged after it")
    void auditedHeader() {
        policy = service(HeaderFrom.RELAY).audit().policy();
        begin("b@example.net");
        header(mta, "a@fabrikam.com");
        assertThat(lines()).isEmpty();
        mta.abort();
        assertThat(lines())
                .containsExactly(
                        "4Cj: verdict=accept cause=sender-domain connector=contoso/hq outcome=reset"
                                + " to=<b@example.net> recipients=1/1 header=protected-header-from",
                        "4Cj: verdict=accept would=reject cause=protected-header-from connector=contoso/hq outcome=reset"
                                + " recipients=1/1 authors=fabrikam.com");
    }

    @Test
    @DisplayName("is deferred with its message where another recipient of it failed")
    void failed() {
        begin("b@example.net");
        mta.send('R', "<c@example.net>".getBytes(StandardCharsets.US_ASCII)); // no NUL
        end(mta);
        assertThat(lines().get(lines().size() - 1))
                .endsWith("outcome=deferred to=<b@example.net> recipients=1/1 reply=\"" + TEMPFAIL + "\"");
    }

    @Test
    @DisplayName("goes to the console alone where the log has none")
    void withoutLog() {
        logger.setLevel(Level.WARN);
        begin("b@example.net");
        end(mta);
        assertThat(lines()).isEmpty();
        assertThat(shown()).containsExactly("4Cj accept accepted");
    }
}
