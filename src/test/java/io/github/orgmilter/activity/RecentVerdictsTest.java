package io.github.orgmilter.activity;

import static io.github.orgmilter.activity.RecentMail.recent;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory of recent verdicts")
final class RecentVerdictsTest {

    private static final RecentVerdict SOME = recent(ActivityTest.SERVICE.policy(), mail(), Instant.EPOCH);

    private static List<Long> numbers(RecentVerdicts verdicts, long from) {
        return verdicts.since(from).stream()
                .map(RecentVerdicts.Numbered::number)
                .toList();
    }

    @Test
    @DisplayName("keeps the last verdicts, by number")
    void keeps() {
        RecentVerdicts verdicts = new RecentVerdicts(3);
        assertThat(verdicts.since(0)).isEmpty();
        assertThat(verdicts.find(0)).isNull();
        IntStream.range(0, 5).forEach(i -> verdicts.add(SOME));
        assertThat(verdicts.next()).isEqualTo(5);
        assertThat(numbers(verdicts, 0)).containsExactly(2L, 3L, 4L);
        assertThat(numbers(verdicts, 4)).containsExactly(4L);
        assertThat(numbers(verdicts, 5)).isEmpty();
        assertThat(verdicts.between(1, 4))
                .extracting(RecentVerdicts.Numbered::number)
                .containsExactly(2L, 3L);
        assertThat(verdicts.find(1)).as("overwritten").isNull();
        assertThat(verdicts.find(5)).as("not there yet").isNull();
        assertThat(verdicts.find(-1)).isNull();
        assertThat(verdicts.find(4)).isSameAs(SOME);
    }

    @Test
    @DisplayName("keeps no more of a text than any real one has")
    void bounded() {
        String longest = "x".repeat(60_000);
        RecentVerdicts verdicts = new RecentVerdicts(3);
        verdicts.add(recent(
                ActivityTest.SERVICE.policy(),
                mail().client(longest).from("<" + longest + "@contoso.com>").to("<b@" + longest + ">"),
                Instant.EPOCH));
        RecentVerdict kept = Objects.requireNonNull(verdicts.find(0));
        assertThat(List.of(
                        kept.client().display(),
                        kept.sender().given().text(),
                        kept.recipient().orElseThrow().given().text()))
                .allSatisfy(text -> assertThat(text)
                        .hasSize(RecentVerdict.LONGEST + "...".length())
                        .endsWith("xxx..."));
    }

    @Test
    @DisplayName("shows a reader who goes on behind what it saw each verdict once, while many write")
    void concurrent() throws Exception {
        int writers = 4;
        int each = 20_000;
        RecentVerdicts verdicts = new RecentVerdicts(writers * each);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            ends.add(threads.submit(() -> {
                start.await();
                for (int j = 0; j < each; j++) {
                    verdicts.add(SOME);
                }
                return null;
            }));
        }
        start.countDown();
        List<Long> seen = new ArrayList<>();
        while (seen.size() < writers * each) {
            boolean ended = ends.stream().allMatch(Future::isDone);
            List<Long> more = numbers(verdicts, seen.size());
            seen.addAll(more);
            if (ended && more.isEmpty()) {
                break;
            }
        }
        for (Future<?> end : ends) {
            end.get(1, TimeUnit.MINUTES);
        }
        threads.shutdown();
        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.range(0, writers * each).boxed().toList());
    }

    @Test
    @DisplayName("keeps the latest, and no older one in its place, however late a writer is")
    void lateWriters() throws Exception {
        int rounds = 3_000;
        RecentVerdicts verdicts = new RecentVerdicts(1);
        AtomicInteger round = new AtomicInteger();
        AtomicInteger added = new AtomicInteger();
        Thread other = new Thread(() -> {
            for (int i = 1; i <= rounds; i++) {
                while (round.get() < i) {
                    Thread.onSpinWait();
                }
                verdicts.add(SOME);
                added.set(i);
            }
        });
        other.start();
        int stuck = 0;
        for (int i = 1; i <= rounds; i++) {
            round.set(i);
            for (int late = i % 16; late > 0; late--) {
                added.get();
            }
            verdicts.add(SOME);
            while (added.get() < i) {
                Thread.onSpinWait();
            }
            stuck += verdicts.since(0).isEmpty() ? 1 : 0;
        }
        other.join();
        assertThat(stuck).isZero();
    }
}
