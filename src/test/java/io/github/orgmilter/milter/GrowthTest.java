package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.orgmilter.policy.Policy;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Counts what lives on the heap, after a full collection, before and behind a hundred thousand of what a session may have. */
@DisplayName("In one session, nothing is left behind")
@ExtendWith(FakeMta.Release.class)
@Tag("slow")
final class GrowthTest {

    private static final int MANY = 100_000;
    private static final int ROUNDS = 3;
    private static final int WARM = 1_000;
    /** The smallest object has 16 octets: one is left behind of every tenth, or else a few octets, say in a text that grows. */
    private static final int INSTANCES = MANY / 10;

    /** Texts and lists. Arrays of numbers grow in other threads of this JVM, too. */
    private static final Set<String> GROWING = Set.of("[B", "[Ljava.lang.Object;");

    private static final long OCTETS = 2L * MANY;

    /** {@code   1:   2345   67890  [B (java.base@17)}: rank, instances, octets, class. */
    private static final Pattern LINE = Pattern.compile("(?m)^ *\\d+: +(\\d+) +(\\d+) +(\\S+)");

    private record Live(long instances, long octets) {}

    private final Policy policy = Policies.twoOrganizations();
    private final FakeMta mta = new FakeMta(
                    () -> policy, Integer.MAX_VALUE, new CountsNothing(), Optional.of(new LiveSessions()))
            .negotiate()
            .postfixConnect("198.51.100.3");

    @BeforeEach
    void connectIsAnswered() {
        assertThat(mta.takeAnswers()).containsExactly("c");
    }

    @Test
    @DisplayName("by a message")
    void messages() throws JMException {
        nothingGrows(i -> {
            mta.helo("client.example")
                    .abort()
                    .macros('M', "i", "Q" + i, "{mail_addr}", i + "@fabrikam.com")
                    .mail("<" + i + "@fabrikam.com>");
            mta.macros(
                    'R',
                    "i",
                    "Q" + i,
                    "{rcpt_addr}",
                    i + "@example.net",
                    "{rcpt_host}",
                    "example.net",
                    "{rcpt_mailer}",
                    "smtp");
            assertThat(mta.rcpt("<" + i + "@example.net>")).isEqualTo("c");
            assertThat(mta.endOfBody()).isEqualTo("c");
        });
    }

    @Test
    @DisplayName("by a recipient of one message, accepted or refused")
    void recipients() throws JMException {
        mta.mail("<a@fabrikam.com>");
        nothingGrows(i -> assertThat(
                        mta.rcpt("<" + i + (i % 2 == 0 ? "@example.net>" : "@" + "v".repeat(300) + ".example>")))
                .isEqualTo("c"));
        mta.abort().mail("<a@contoso.com>");
        nothingGrows(i -> assertThat(mta.rcpt("<" + i + "@example.net>")).startsWith("y550"));
    }

    private interface Step {
        void take(int i);
    }

    /** What grows, grows in every round; in one alone it may be a thread that another test left. */
    private static void nothingGrows(Step step) throws JMException {
        for (int i = 0; i < WARM; i++) {
            step.take(i);
        }
        List<String> grown = List.of();
        // What live() returns has a name of each class, so it counts itself; each is taken while the one before it is
        // there.
        Map<String, Live> before = live();
        before = live();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < MANY; i++) {
                step.take(WARM + round * MANY + i);
            }
            Map<String, Live> after = live();
            grown = grown(before, after);
            if (grown.isEmpty()) {
                return;
            }
            before = after;
        }
        fail("in each of %d rounds: %s", ROUNDS, grown);
    }

    private static List<String> grown(Map<String, Live> before, Map<String, Live> after) {
        List<String> grown = new ArrayList<>();
        after.forEach((name, live) -> {
            Live was = before.getOrDefault(name, new Live(0, 0));
            long instances = live.instances() - was.instances();
            long octets = live.octets() - was.octets();
            if (instances >= INSTANCES || (octets >= OCTETS && GROWING.contains(name))) {
                grown.add(name + ": " + instances + " instances, " + octets + " octets");
            }
        });
        return grown;
    }

    private static Map<String, Live> live() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Live> live = new HashMap<>();
        Matcher line = LINE.matcher(histogram);
        while (line.find()) {
            live.put(line.group(3), new Live(Long.parseLong(line.group(1)), Long.parseLong(line.group(2))));
        }
        assertThat(live).containsKey("java.lang.String");
        return live;
    }
}
