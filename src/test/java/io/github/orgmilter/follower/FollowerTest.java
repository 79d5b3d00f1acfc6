package io.github.orgmilter.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.directory.Holdings;
import io.github.orgmilter.directory.ShrinkGuard;
import io.github.orgmilter.directory.Snapshot;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.rows.RowsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A follower of a store")
final class FollowerTest {

    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final OptionalLong NOTHING = OptionalLong.empty();

    private final MemoryStore store = new MemoryStore();
    private final Set<String> organizations = new TreeSet<>();
    private final List<String> events = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-28T12:00:00Z");
    private String state = "";
    private boolean refusing;
    private Executor background = Runnable::run;
    private HeldCopy copy;
    private Follower follower;

    @TempDir
    private Path folder;

    @BeforeEach
    void begin() {
        begin(folder.resolve("snapshot"));
    }

    private void begin(Path snapshot) {
        Holdings holdings = new Holdings(new RowsReader(RowRules.STANDARD), new ShrinkGuard(0.2));
        copy = new HeldCopy(
                RowRules.STANDARD,
                holdings,
                new Snapshot(snapshot, "memory"),
                new SnapshotLock(snapshot),
                (update, first, newState) -> {
                    if (refusing) {
                        throw new IllegalStateException("refused");
                    }
                    if (first) {
                        organizations.clear();
                    }
                    update.removed().forEach(organizations::remove);
                    update.put().forEach(each -> organizations.add(each.name()));
                    state = newState;
                },
                observer(),
                () -> now,
                () -> false);
        follower = new Follower(
                store,
                copy,
                new Timing(POLL, HOUR, new Random(1)),
                () -> now,
                observer(),
                work -> background.execute(work));
    }

    private FollowerObserver observer() {
        return new FollowerObserver() {
            @Override
            public void loaded() {
                events.add("loaded");
            }

            @Override
            public void changed() {
                events.add("changed");
            }

            @Override
            public void failed() {
                events.add("failed");
            }

            @Override
            public void unannounced(int count) {
                events.add("unannounced " + count);
            }
        };
    }

    private void contoso() {
        store.put("contoso", "accepted-domains=contoso.com");
    }

    private Duration round() {
        Duration wait = follower.round(NOTHING);
        now = now.plus(wait);
        return wait;
    }

    private void rounds(Duration atLeast) {
        Instant end = now.plus(atLeast);
        while (now.isBefore(end)) {
            round();
        }
    }

    @Test
    @DisplayName("reads everything first, and then only what changes")
    void changes() {
        contoso();
        round();
        assertThat(organizations).containsExactly("contoso");
        assertThat(state).isEqualTo("1");
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        round();
        assertThat(organizations).containsExactly("contoso", "fabrikam");
        assertThat(state).isEqualTo("2");
        store.remove("contoso");
        assertThat(round()).isEqualTo(POLL);
        assertThat(organizations).containsExactly("fabrikam");
        assertThat(store.loads()).isEqualTo(1);
        assertThat(events).containsExactly("loaded", "changed", "changed");
    }

    @Test
    @DisplayName("reads a change at once when it is announced")
    void hint() {
        contoso();
        round();
        store.put("contoso", "accepted-domains=contoso.com", "accepted-domains=contoso.net");
        assertThat(follower.round(OptionalLong.of(2))).isEqualTo(POLL);
        assertThat(state).isEqualTo("2");
    }

    @Test
    @DisplayName(
            "asks again and again for a version that was announced and has not reached its replica, without confirming the old one")
    void hintAheadOfReplica() {
        contoso();
        round();
        round();
        Instant confirmed = copy.confirmed().orElseThrow();
        store.lag(1);
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        Duration first = follower.round(OptionalLong.of(2));
        assertThat(first).isLessThan(Duration.ofMillis(100));
        now = now.plus(first);
        assertThat(round()).isGreaterThan(first).isLessThanOrEqualTo(POLL);
        assertThat(copy.confirmed()).hasValue(confirmed);
        store.catchUp();
        assertThat(round()).isEqualTo(POLL);
        assertThat(organizations).contains("fabrikam");
    }

    @Test
    @DisplayName("gives up waiting for a version that never comes")
    void hintThatLies() {
        contoso();
        round();
        follower.round(OptionalLong.of(1000));
        rounds(Duration.ofMinutes(2));
        assertThat(round()).isEqualTo(POLL);
        assertThat(copy.confirmed()).hasValueSatisfying(then -> assertThat(then).isAfter(now.minusSeconds(10)));
    }

    @Test
    @DisplayName("confirms what it has, and asks no oftener, whatever is announced all the time")
    void liesAllTheTime() {
        contoso();
        round();
        long lie = 1000;
        int rounds = 0;
        for (Instant end = now.plusSeconds(180); now.isBefore(end); rounds++) {
            Duration wait = follower.round(OptionalLong.of(lie++));
            now = now.plus(wait);
        }
        assertThat(rounds).isLessThan(120);
        assertThat(copy.confirmed()).hasValueSatisfying(then -> assertThat(then).isAfter(now.minusSeconds(10)));
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        follower.round(OptionalLong.of(2));
        assertThat(state).isEqualTo("2");
        store.lag(2);
        store.put("fabrikam", "accepted-domains=fabrikam.net");
        assertThat(follower.round(OptionalLong.of(3)))
                .as("announcements are believed again")
                .isLessThan(Duration.ofMillis(100));
    }

    @Test
    @DisplayName("asks at once for each version of a replica that lags and advances")
    void advancingReplica() {
        contoso();
        round();
        for (int version = 2; version < 200; version++) {
            store.put("contoso", "accepted-domains=contoso" + version + ".com");
            store.lag(version - 1);
            Duration wait = follower.round(OptionalLong.of(version));
            assertThat(wait).isLessThan(Duration.ofMillis(100));
            now = now.plus(wait);
        }
        assertThat(state).isEqualTo("198");
    }

    @Test
    @DisplayName("reads everything again after its interval, and reports what no change had announced")
    void comparison() {
        contoso();
        round();
        store.slip("contoso", "accepted-domains=contoso.com", "accepted-domains=contoso.net");
        store.slip("fabrikam", "accepted-domains=fabrikam.com");
        rounds(HOUR);
        assertThat(organizations).containsExactly("contoso", "fabrikam");
        assertThat(store.loads()).isEqualTo(2);
        assertThat(events).contains("unannounced 2");
        assertThat(state).isEqualTo("1");
    }

    @Test
    @DisplayName("follows changes while everything is read, and finds what no change had announced when that has ended")
    void changesBesideComparison() {
        contoso();
        round();
        List<Runnable> waiting = new ArrayList<>();
        background = waiting::add;
        store.slip("slipped", "accepted-domains=slipped.example");
        rounds(HOUR);
        assertThat(waiting).hasSize(1);
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        round();
        assertThat(organizations).containsExactly("contoso", "fabrikam");
        waiting.get(0).run();
        store.put("tailspin", "accepted-domains=tailspin.com");
        store.remove("fabrikam");
        round();
        assertThat(organizations).containsExactly("contoso", "slipped", "tailspin");
        assertThat(state).isEqualTo("4");
        assertThat(events).contains("unannounced 1");
        rounds(Duration.ofMinutes(30));
        assertThat(waiting).as("not again before its interval").hasSize(1);
    }

    @Test
    @DisplayName("takes what it has read whole only after the changes that it was read with")
    void comparisonAheadOfChanges() {
        contoso();
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        round();
        List<Runnable> waiting = new ArrayList<>();
        background = waiting::add;
        rounds(HOUR);
        store.put("contoso", "accepted-domains=contoso.com", "accepted-domains=contoso.net");
        store.put("contoso", "accepted-domains=contoso.com");
        waiting.get(0).run(); // all of version 4
        store.lag(3);
        round();
        assertThat(state).isEqualTo("3");
        round();
        assertThat(state).as("contoso is held with contoso.net still").isEqualTo("3");
        assertThat(events).doesNotContain("unannounced 1");
        store.catchUp();
        round();
        assertThat(state).isEqualTo("4");
        assertThat(store.loads()).isEqualTo(2);
    }

    @Test
    @DisplayName("without versions loses no announcement that comes while everything is read")
    void hintBesideComparison() {
        store.withoutVersions();
        contoso();
        round();
        now = now.plus(POLL);
        List<Runnable> waiting = new ArrayList<>();
        background = waiting::add;
        follower.round(OptionalLong.of(0));
        waiting.get(0).run();
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        follower.round(OptionalLong.of(0)); // its rows may have been read before
        assertThat(organizations).containsExactly("contoso");
        background = Runnable::run;
        now = now.plus(POLL);
        round();
        assertThat(organizations).containsExactly("contoso", "fabrikam");
    }

    @Test
    @DisplayName("reads everything where the log of changes was pruned, or there is none")
    void pruned() {
        contoso();
        round();
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        store.prune();
        round();
        assertThat(organizations).contains("fabrikam");
        store.withoutChanges();
        store.put("tailspin", "accepted-domains=tailspin.com");
        round();
        assertThat(organizations).contains("tailspin");
        assertThat(store.loads()).isEqualTo(3);
    }

    @Test
    @DisplayName("does not apply a lower version of a replica that lags, nor confirms by it")
    void lowerVersion() {
        contoso();
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        round();
        round();
        Instant confirmed = copy.confirmed().orElseThrow();
        store.lag(1);
        rounds(Duration.ofSeconds(50));
        assertThat(organizations).containsExactly("contoso", "fabrikam");
        assertThat(copy.confirmed()).hasValue(confirmed);
        store.catchUp();
        round();
        assertThat(copy.confirmed()).hasValueSatisfying(then -> assertThat(then).isAfter(confirmed));
        assertThat(store.loads()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "reads everything where a lower version was followed by a higher one whose changes the store cannot tell")
    void higherAfterLower() {
        contoso();
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        round();
        store.lag(1);
        round();
        store.catchUp();
        store.put("tailspin", "accepted-domains=tailspin.com");
        store.prune();
        rounds(POLL.multipliedBy(3));
        assertThat(organizations).containsExactly("contoso", "fabrikam", "tailspin");
    }

    @Test
    @DisplayName("takes a lower version that stays, as of a database that was restored")
    void restored() {
        contoso();
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        round();
        store.restore(1);
        rounds(Duration.ofSeconds(90));
        assertThat(organizations).containsExactly("contoso");
        assertThat(state).isEqualTo("1");
        store.put("tailspin", "accepted-domains=tailspin.com");
        round();
        assertThat(organizations).containsExactly("contoso", "tailspin");
    }

    @Test
    @DisplayName(
            "without versions reads everything after each interval, and after an announcement, but not more often than it would poll")
    void withoutVersions() {
        store.withoutVersions();
        contoso();
        round();
        assertThat(state).isEqualTo("20261128T120000Z");
        rounds(Duration.ofMinutes(10));
        assertThat(store.loads()).isEqualTo(1);
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        follower.round(OptionalLong.of(0));
        assertThat(organizations).contains("fabrikam");
        for (int i = 0; i < 100; i++) {
            follower.round(OptionalLong.of(0));
        }
        assertThat(store.loads()).isEqualTo(2);
        now = now.plus(POLL);
        follower.round(NOTHING);
        assertThat(store.loads()).isEqualTo(3);
    }

    @Test
    @DisplayName("keeps what it has while the store fails, waits longer and longer, up to 30 s, and recovers")
    void failures() {
        contoso();
        round();
        store.fail("connection refused");
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 20; i++) {
            Duration wait = round();
            longest = wait.compareTo(longest) > 0 ? wait : longest;
        }
        assertThat(longest).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
        assertThat(follower.isConnected()).isFalse();
        assertThat(follower.trouble()).hasValue("connection refused");
        assertThat(organizations).containsExactly("contoso");
        store.work();
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        assertThat(round()).isEqualTo(POLL);
        assertThat(follower.trouble()).isEmpty();
        assertThat(organizations).contains("fabrikam");
    }

    @Test
    @DisplayName("follows changes while everything cannot be read")
    void wholeFails() {
        contoso();
        round();
        store.failLoads("canceling statement due to statement timeout");
        rounds(HOUR.plusMinutes(10));
        assertThat(follower.trouble()).hasValue("canceling statement due to statement timeout");
        assertThat(store.loads()).as("with pauses").isBetween(3, 15);
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        round();
        assertThat(organizations).contains("fabrikam");
        store.work();
        rounds(Duration.ofMinutes(6));
        assertThat(follower.trouble()).isEmpty();
    }

    @Test
    @DisplayName("never takes an empty directory first")
    void empty() {
        assertThat(round()).isLessThanOrEqualTo(Duration.ofMillis(500));
        assertThat(copy.isUsable()).isFalse();
        assertThat(follower.trouble())
                .hasValueSatisfying(reason -> assertThat(reason).contains("no organizations"));
        contoso();
        round();
        assertThat(copy.isUsable()).isTrue();
    }

    @Test
    @DisplayName("survives an error of its own")
    void ownError() {
        contoso();
        round();
        store.atCall(() -> {
            throw new IllegalStateException("broken");
        });
        round();
        assertThat(follower.trouble())
                .hasValueSatisfying(reason -> assertThat(reason).contains("broken"));
        store.atCall(() -> {});
        round();
        assertThat(follower.trouble()).isEmpty();
    }

    @Test
    @DisplayName("counts the confirmation from before the question, however long the answer takes")
    void slowAnswers() {
        contoso();
        round();
        Instant asked = now;
        store.atCall(() -> now = now.plusSeconds(20));
        round();
        assertThat(copy.confirmed()).hasValue(asked);
    }

    @Test
    @DisplayName("goes on without a snapshot that cannot be written, and writes it whole as soon as it can be")
    void unwritableSnapshot() throws Exception {
        Path parent = folder.resolve("snapshot");
        Files.writeString(parent, "a file where a folder should be");
        begin(parent.resolve("snapshot"));
        contoso();
        round();
        assertThat(organizations).containsExactly("contoso");
        assertThat(copy.troubleOfSnapshot())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .startsWith("the snapshot " + parent.resolve("snapshot") + " cannot be written"));
        Files.delete(parent);
        Files.createDirectory(parent);
        rounds(Duration.ofMinutes(2));
        assertThat(copy.troubleOfSnapshot()).isEmpty();
        assertThat(parent.resolve("snapshot")).isNotEmptyFile();
    }

    @Test
    @DisplayName("notes in the snapshot each minute that it was confirmed, so that a start knows its age")
    void confirmedOnDisk() {
        contoso();
        round();
        rounds(Duration.ofMinutes(30));
        Instant last = now;
        begin(folder.resolve("snapshot"));
        copy.restore();
        assertThat(copy.isUsable()).isTrue();
        assertThat(copy.confirmed()).hasValueSatisfying(then -> assertThat(then).isAfter(last.minusSeconds(70)));
        store.fail("connection refused");
        round();
        assertThat(organizations).containsExactly("contoso");
    }

    @Test
    @DisplayName("loses nothing where a state could not be taken for an error of our own, in memory or on disk")
    void unpublished() {
        contoso();
        round();
        refusing = true;
        store.put("fabrikam", "accepted-domains=fabrikam.com");
        round();
        store.put("tailspin", "accepted-domains=tailspin.com");
        round();
        assertThat(organizations).containsExactly("contoso");
        assertThat(follower.trouble()).isPresent();
        refusing = false;
        round();
        assertThat(organizations).containsExactly("contoso", "fabrikam", "tailspin");
        assertThat(follower.trouble()).isEmpty();
        rounds(Duration.ofMinutes(2));
        organizations.clear();
        begin(folder.resolve("snapshot"));
        copy.restore();
        assertThat(organizations).containsExactly("contoso", "fabrikam", "tailspin");
    }
}
