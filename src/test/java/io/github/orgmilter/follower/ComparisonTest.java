package io.github.orgmilter.follower;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A follower that reads everything again")
final class ComparisonTest extends FollowerScene {

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
}
