package io.github.orgmilter.milter;

import static io.github.orgmilter.policy.PolicyFixture.connector;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.github.orgmilter.journal.Journal;
import io.github.orgmilter.journal.LogEntry.Kind;
import io.github.orgmilter.journal.Outcome;
import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.PolicyHeaderRules;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyFixture;
import io.github.orgmilter.replay.Replay;
import io.github.orgmilter.replay.ReplayPrinter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Random sessions, with what MTAs make of addresses, several messages and their authors, replayed from their log. */
@DisplayName("The log of sessions")
@ExtendWith(FakeMta.Release.class)
final class ReplayedSessionsTest {

    private static final int SESSIONS = 300;
    private static final List<String> CLIENTS = List.of("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.9");
    private static final List<String> SENDERS = List.of(
            "<a@contoso.com>",
            "<a@fabrikam.com>",
            "<a@elsewhere.example>",
            "<a@tailspin.example>",
            "<>",
            "<a%b@contoso.com>",
            "<a@contoso.com>x@y",
            "<a@contoso.com");
    private static final List<String> RECIPIENTS = List.of(
            "<b@example.net>",
            "<c@example.net>",
            "<b@contoso.com>",
            "<b@fabrikam.com>",
            "<postmaster>",
            "<root>",
            "<u%x@contoso.com>",
            "<b c@contoso.com>",
            "b@contoso.com\\");
    private static final List<String> RESOLVED =
            List.of("", "", "b@contoso.com", "b@example.net", "root@mx1.example.net", "root");
    private static final List<String> AUTHORS = List.of(
            "a@contoso.com",
            "a@fabrikam.com",
            "a@elsewhere.example",
            "<a@contoso.com>, b@fabrikam.com",
            "<a@contoso.com",
            "root");

    private static final List<String> KEYS = List.of("a", "a", "t", "other");

    private final Random random = new Random(20260103);
    private final Logger logger = (Logger) LoggerFactory.getLogger(SessionLog.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    /** What the MTA hands over; a message that is given up has no header. */
    private record Message(
            String sender,
            List<String> recipients,
            List<String> resolved,
            boolean local,
            String authors,
            String key,
            boolean givenUp) {}

    private record Sent(String client, boolean sendmail, List<Message> messages) {}

    /** Of one message: what was decided about each recipient, in the order of their names, and by its header, if that was sent. */
    private record Decided(List<Outcome> recipients, Optional<Outcome> header) {}

    @BeforeEach
    void listen() {
        events.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(events);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(events);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private static PolicyFixture fixture(String ofContoso, HeaderFrom headerFrom) {
        return PolicyFixture.service()
                .organization("contoso", List.of("contoso.com"), connector("hq", "address " + ofContoso))
                .headerFrom(headerFrom)
                .organization(
                        "fabrikam",
                        List.of("fabrikam.com"),
                        connector("hq", "address 192.0.2.2"),
                        connector("forwarder", "address 192.0.2.3", "any-domain"))
                .local("mx1.example.net");
    }

    private static Policy policy() {
        return fixture("192.0.2.1", HeaderFrom.ALL).policy();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("is decided again by the same policy without a difference")
    void same(boolean sendmail) throws IOException {
        Policy policy = policy();
        IntStream.range(0, SESSIONS).forEach(i -> play(policy, session(sendmail)));
        Config replay = replay(log(), policy);
        assertThat(replay.getInt("recipients")).isGreaterThan(SESSIONS);
        assertThat(replay.getInt("messages")).isGreaterThan(SESSIONS / 4);
        assertThat(replay.getConfig("differences").root().unwrapped().values()).containsOnly(0);
        assertThat(replay.getConfigList("undecided")).isEmpty();
        assertThat(replay.getStringList("remarks")).isEmpty();
    }

    @Test
    @DisplayName("is decided by another policy as the same sessions are under that one")
    void other() throws IOException {
        Policy policy = policy();
        Policy other =
                fixture("192.0.2.9", HeaderFrom.RELAY).rejectUnidentified().policy();
        int expected = 0;
        StringBuilder logs = new StringBuilder();
        for (int i = 0; i < SESSIONS; i++) {
            Sent session = session(i % 2 == 0);
            events.list.clear();
            List<Decided> before = play(policy, session);
            logs.append(log());
            List<Decided> after = play(other, session);
            for (int m = 0; m < before.size(); m++) {
                expected += differences(before.get(m), after.get(m));
            }
        }
        Config replay = replay(logs.toString(), other);
        int found = replay.getConfig("differences").root().unwrapped().values().stream()
                .mapToInt(count -> ((Number) count).intValue())
                .sum();
        assertThat(found).isEqualTo(expected);
        assertThat(expected).isGreaterThan(SESSIONS / 2);
        assertThat(replay.getConfigList("undecided")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(HeaderFrom.class)
    @DisplayName("of servers that organizations share is decided again by what the header showed then")
    void sharedServers(HeaderFrom headerFrom) throws IOException {
        PolicyFixture service = fixture("192.0.2.1", headerFrom)
                .organization("adatum", List.of("elsewhere.example"), cloud("a"))
                .organization("tailspin", SenderProtection.ALL, List.of("tailspin.example"), cloud("t"));
        Policy policy = service.policy();
        IntStream.range(0, SESSIONS).forEach(i -> play(policy, session(i % 2 == 0)));
        assertThat(log()).contains(" provisional=relay outcome=accepted ", "cause=header-mismatch", "outcome=reset");
        Config replay = replay(log(), policy);
        assertThat(replay.getInt("recipients")).isEqualTo((int)
                log().lines().filter(line -> line.contains(" to=<")).count());
        assertThat(replay.getConfig("differences").root().unwrapped().values()).containsOnly(0);
        assertThat(replay.getStringList("remarks")).isEmpty();
        assertThat(replay.getConfigList("undecided"))
                .as("messages of an author whose organization the header may have identified")
                .allSatisfy(lacking -> assertThat(lacking.getString("lacks")).isEqualTo("header"));
        if (headerFrom == HeaderFrom.OFF) {
            assertThat(replay.getConfigList("undecided")).isEmpty();
        }
    }

    private static Connector cloud(String key) {
        return connector("cloud", "address 192.0.2.9", "header X-Key: " + key);
    }

    private static int differences(Decided before, Decided after) {
        int differences = 0;
        for (int i = 0; i < before.recipients().size(); i++) {
            differences += before.recipients().get(i).equals(after.recipients().get(i)) ? 0 : 1;
        }
        boolean byHeader = before.header().isPresent()
                && !before.header().get().equals(after.header().orElse(Outcome.PASSED));
        return differences + (byHeader ? 1 : 0);
    }

    private Sent session(boolean sendmail) {
        return new Sent(
                pick(CLIENTS),
                sendmail,
                IntStream.rangeClosed(0, random.nextInt(3))
                        .mapToObj(i -> message())
                        .toList());
    }

    private Message message() {
        List<String> recipients = IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(i -> pick(RECIPIENTS))
                .toList();
        return new Message(
                pick(SENDERS),
                recipients,
                recipients.stream().map(any -> pick(RESOLVED)).toList(),
                random.nextInt(3) == 0,
                pick(AUTHORS),
                pick(KEYS),
                random.nextInt(6) == 0);
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private List<Decided> play(Policy policy, Sent session) {
        FakeMta mta = new FakeMta(
                () -> policy,
                Limits.DEFAULT,
                Policies.ROOM,
                Integer.MAX_VALUE,
                new CountsNothing(),
                Optional.empty(),
                new PolicyHeaderRules(() -> policy, () -> HeaderAccess.CHANGE));
        mta.negotiate().macros('C', "v", session.sendmail() ? "8.17.1" : "Postfix 3.7.11");
        mta.connect('4', session.client());
        List<Decided> decided = new ArrayList<>();
        for (Message message : session.messages()) {
            decided.add(play(mta, message));
        }
        FakeMta.releaseAll();
        return decided;
    }

    private Decided play(FakeMta mta, Message message) {
        int mark = events.list.size();
        mta.mail(message.sender());
        boolean accepted = false;
        for (int i = 0; i < message.recipients().size(); i++) {
            if (!message.resolved().get(i).isEmpty()) {
                mta.macros(
                        'R',
                        "{rcpt_addr}",
                        message.resolved().get(i),
                        "{rcpt_mailer}",
                        message.local() ? "local" : "smtp");
            }
            accepted |= mta.rcpt(message.recipients().get(i)).equals("c");
        }
        boolean header = accepted && !message.givenUp();
        if (header) {
            mta.send('L', ("From\0" + message.authors() + "\0").getBytes(StandardCharsets.UTF_8));
            mta.send('L', ("X-Key\0" + message.key() + "\0").getBytes(StandardCharsets.UTF_8));
            mta.send('N', new byte[0]);
            if (mta.takeAnswers().get(0).equals("c")) {
                mta.send('E', new byte[0]).takeAnswers();
            }
        }
        mta.abort();
        return decided(mark, header);
    }

    private Decided decided(int mark, boolean header) {
        SortedMap<String, List<Outcome>> recipients = new TreeMap<>(); // refusals are logged before what is accepted
        List<Outcome> byHeader = new ArrayList<>();
        try {
            new Journal(Set.of(), entry -> {
                        if (entry.kind() == Kind.RECIPIENT) {
                            recipients
                                    .computeIfAbsent(entry.recipient().toString(), any -> new ArrayList<>())
                                    .add(entry.outcome());
                        } else if (entry.kind() == Kind.HEADER) {
                            byHeader.add(entry.outcome());
                        }
                    })
                    .read("log", new ByteArrayInputStream(log(mark).getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Outcome last = byHeader.isEmpty() ? Outcome.PASSED : byHeader.get(0);
        return new Decided(
                recipients.values().stream().flatMap(List::stream).toList(),
                header ? Optional.of(last) : Optional.empty());
    }

    private String log() {
        return log(0);
    }

    private String log(int mark) {
        return events.list.subList(mark, events.list.size()).stream()
                .map(event -> event.getFormattedMessage() + "\n")
                .collect(Collectors.joining());
    }

    private static Config replay(String log, Policy policy) throws IOException {
        Replay replay = new Replay(policy, Optional.empty());
        Journal journal = new Journal(Set.of(), replay);
        journal.read("log", new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
        StringWriter out = new StringWriter();
        new ReplayPrinter(new PrintWriter(out), replay, journal.lines(), journal.remarks(), 50).json();
        return ConfigFactory.parseString(out.toString());
    }
}
