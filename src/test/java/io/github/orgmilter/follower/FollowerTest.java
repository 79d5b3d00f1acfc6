package io.github.orgmilter.follower;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A follower of a store")
final class FollowerTest extends FollowerScene {

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
}
