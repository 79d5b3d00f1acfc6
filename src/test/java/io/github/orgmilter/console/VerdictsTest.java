package io.github.orgmilter.console;

import static io.github.orgmilter.activity.RecentMail.recent;
import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.admin.EventStream;
import io.github.orgmilter.policy.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Pages that are live show")
final class VerdictsTest {

    private static final Policy POLICY = service()
            .organization("contoso", List.of("contoso.com"), connector("hq", "address 192.0.2.7"))
            .policy();
    private static final VerdictFilter ALL = VerdictFilter.of(name -> Optional.empty());

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final RecentVerdicts recent = new RecentVerdicts(1000);
    private final Verdicts verdicts = new Verdicts(recent, now::get);

    private void decide(int count, String client) {
        IntStream.range(0, count)
                .forEach(i -> recent.add(recent(POLICY, mail().client(client).from("<a@contoso.com>"), now.get())));
    }

    private String nextOf(EventStream stream) {
        now.updateAndGet(instant -> instant.plusMillis(500));
        return stream.next();
    }

    private static VerdictFilter filter(String field, String value) {
        return VerdictFilter.of(name -> name.equals(field) ? Optional.of(value) : Optional.empty());
    }

    @Test
    @DisplayName("each verdict once, and nothing where there is none")
    void once() {
        EventStream stream = verdicts.follow(ALL, 0);
        assertThat(nextOf(stream)).isEmpty();
        decide(2, "192.0.2.7");
        assertThat(nextOf(stream))
                .startsWith("id: 2\nevent: verdicts\ndata: 0\ndata: <tr>")
                .containsOnlyOnce("number=1");
        assertThat(nextOf(stream)).isEmpty();
        decide(1, "192.0.2.7");
        assertThat(nextOf(stream)).startsWith("id: 3\n").contains("number=2").doesNotContain("number=1");
    }

    @Test
    @DisplayName("the same, however many there are, at the same moment")
    void together() {
        EventStream first = verdicts.follow(ALL, 0);
        EventStream second = verdicts.follow(ALL, 0);
        decide(3, "192.0.2.7");
        String shown = nextOf(first);
        decide(4, "192.0.2.7");
        assertThat(second.next()).isEqualTo(shown);
        assertThat(nextOf(second)).startsWith("id: 7\n").isEqualTo(first.next());
    }

    @Test
    @DisplayName("the latest 50, with how many they leave out")
    void latest() {
        EventStream stream = verdicts.follow(ALL, 0);
        decide(1200, "192.0.2.7");
        assertThat(nextOf(stream))
                .startsWith("id: 1200\nevent: verdicts\ndata: 1150\n")
                .contains("number=1150\"", "number=1199\"")
                .doesNotContain("number=1149\"");
    }

    @Test
    @DisplayName("what there was, though it has been overwritten when it is asked for, and how many they never saw")
    void overwritten() {
        EventStream all = verdicts.follow(ALL, 0);
        EventStream another = verdicts.follow(ALL, 0);
        EventStream matching = verdicts.follow(filter("organization", "contoso"), 0);
        decide(1, "192.0.2.7");
        assertThat(nextOf(all)).startsWith("id: 1\n");
        decide(1001, "192.0.2.7");
        assertThat(nextOf(all)).startsWith("id: 1002\nevent: verdicts\ndata: 951\n");
        decide(1002, "203.0.113.9");
        assertThat(another.next())
                .startsWith("id: 1002\nevent: verdicts\ndata: 952\n")
                .contains("number=952\"", "number=1001\"");
        assertThat(matching.next()).contains("number=1001\"");
        decide(2000, "203.0.113.9");
        assertThat(nextOf(all)).startsWith("id: 4004\nevent: verdicts\ndata: 2952\n");
        assertThat(another.next()).startsWith("id: 4004\nevent: verdicts\ndata: 2952\n");
    }

    @Test
    @DisplayName("what there was, also to one that was not asked for a while")
    void late() {
        EventStream late = verdicts.follow(ALL, 0);
        EventStream other = verdicts.follow(ALL, 0);
        decide(3, "192.0.2.7");
        assertThat(nextOf(other)).startsWith("id: 3\n");
        decide(4, "192.0.2.7");
        assertThat(nextOf(other)).startsWith("id: 7\n");
        decide(1, "192.0.2.7");
        assertThat(late.next()).startsWith("id: 7\n").contains("number=0\"", "number=6\"");
        assertThat(nextOf(late)).startsWith("id: 8\n").containsOnlyOnce("data: <tr>");
    }

    @Test
    @DisplayName("of those that match a filter the latest 50, with how many they leave out")
    void filtered() {
        EventStream stream = verdicts.follow(filter("organization", "contoso"), 0);
        decide(60, "192.0.2.7");
        decide(80, "203.0.113.9");
        assertThat(nextOf(stream))
                .startsWith("id: 140\nevent: verdicts\ndata: 10\n")
                .contains("number=10\"", "number=59\"")
                .doesNotContain("number=9\"", "number=60\"");
        decide(1, "203.0.113.9");
        assertThat(nextOf(stream)).isEqualTo("id: 141\nevent: verdicts\ndata: 0\n\n");
    }

    @Test
    @DisplayName("new ones also after the clock was set back")
    void setBack() {
        EventStream stream = verdicts.follow(ALL, 0);
        now.updateAndGet(instant -> instant.minusSeconds(3600));
        decide(1, "192.0.2.7");
        assertThat(nextOf(stream)).startsWith("id: 1\n");
    }

    @Test
    @DisplayName("how many they never saw, also where verdicts are overwritten while they are read")
    void overtaken() throws Exception {
        RecentVerdicts fast = new RecentVerdicts(10_000);
        EventStream stream = new Verdicts(fast, now::get).follow(ALL, 0);
        RecentVerdict some = recent(POLICY, mail(), now.get());
        int count = 2_000_000;
        Thread writer = new Thread(() -> IntStream.range(0, count).forEach(i -> fast.add(some)));
        writer.start();
        long seen = 0;
        boolean ended = false;
        while (!ended) {
            ended = !writer.isAlive();
            String events = nextOf(stream);
            List<String> data = events.lines()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring("data: ".length()))
                    .toList();
            seen += data.isEmpty() ? 0 : Long.parseLong(data.get(0)) + data.size() - 1;
        }
        writer.join();
        assertThat(seen).isEqualTo(count);
    }

    @Test
    @DisplayName("nothing of before they were opened, which is not kept for them either")
    void idle() {
        decide(1000, "192.0.2.7");
        now.updateAndGet(instant -> instant.plusSeconds(3600));
        EventStream opened = verdicts.follow(ALL, 1000);
        EventStream behind = verdicts.follow(ALL, 0);
        assertThat(opened.next()).isEmpty();
        decide(1000, "192.0.2.7");
        assertThat(behind.next()).isEmpty();
        assertThat(nextOf(behind)).startsWith("id: 2000\nevent: verdicts\ndata: 1950\n");
        assertThat(opened.next()).startsWith("id: 2000\nevent: verdicts\ndata: 950\n");
    }
}
