package io.github.orgmilter.policy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.journal.Journal;
import io.github.orgmilter.journal.LogEntry;
import io.github.orgmilter.journal.Outcome;
import io.github.orgmilter.log.LogLine;
import io.github.orgmilter.log.VerdictLine;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.verdict.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random decisions under random policies: a fact that a rule uses and a verdict line lacks does not stay hidden here. */
@DisplayName("A verdict line has every fact")
final class RecordedFactsTest {

    private static final int DECISIONS = Integer.getInteger("orgmilter.facts.decisions", 20_000);
    private static final long SEED = Long.getLong("orgmilter.facts.seed", 20260102);
    private static final int DECISIONS_EACH = 50;

    private final RandomService random = new RandomService(SEED);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("test");

    @BeforeEach
    void listen() {
        context.setMDCAdapter(new LogbackMDCAdapter()); // as SLF4J does
        logger.setLevel(Level.INFO);
        logger.addAppender(events);
        events.start();
    }

    /** One decision, with what is in its line, and what another policy makes of the facts. */
    private record Decision(Outcome outcome, Outcome byOther, Supplier<String> facts) {}

    @Test
    @DisplayName("by which the same policy decides the same, and another one as it does by the facts themselves")
    void decidedAgain() throws IOException {
        for (int decided = 0; decided < DECISIONS; decided += DECISIONS_EACH) {
            Policy policy = policy();
            Policy other = policy();
            List<Decision> decisions = new ArrayList<>();
            events.list.clear();
            for (int i = 0; i < DECISIONS_EACH; i++) {
                decisions.add(decide(policy, other, random.client(), random.envelope(), random.address()));
            }
            compare(policy, other, decisions);
        }
    }

    private Policy policy() {
        List<Organization> organizations = random.organizations();
        return new Policy(organizations, random.options(organizations), "f00dcafe");
    }

    private Decision decide(Policy policy, Policy other, Client client, Envelope envelope, Address recipient) {
        Verdict verdict = policy.decide(policy.identify(client), envelope, recipient);
        VerdictLine.of(new LogLine(logger, org.slf4j.event.Level.INFO, "1", ""), verdict)
                .client(client)
                .helo("mail.example")
                .from(envelope.sender(), false)
                .to(recipient, false)
                .log("f00dcafe", verdict.reply());
        return new Decision(
                Outcome.of(verdict),
                Outcome.of(other.decide(other.identify(client), envelope, recipient)),
                () -> client + "\n" + envelope + "\n" + recipient);
    }

    private void compare(Policy policy, Policy other, List<Decision> decisions) throws IOException {
        String log = events.list.stream()
                .map(event -> event.getFormattedMessage() + "\n")
                .collect(Collectors.joining());
        Iterator<Decision> all = decisions.iterator();
        Journal journal = new Journal(Set.of(), entry -> {
            Decision decision = all.next();
            assertThat(entry.outcome()).as(decision.facts()).isEqualTo(decision.outcome());
            assertThat(again(policy, entry)).as(decision.facts()).isEqualTo(decision.outcome());
            assertThat(again(other, entry)).as(decision.facts()).isEqualTo(decision.byOther());
        });
        journal.read("log", new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
        assertThat(journal.entries()).isEqualTo(DECISIONS_EACH);
    }

    private static Outcome again(Policy policy, LogEntry entry) {
        return Outcome.of(
                policy.decide(policy.identify(entry.client()), new Envelope(entry.sender()), entry.recipient()));
    }
}
