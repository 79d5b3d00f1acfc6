package io.github.orgmilter.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.rows.Rows;
import io.github.orgmilter.rows.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is held back where much is gone at once. */
final class ShrinkTest extends HoldingsScene {

    // spotless:off
    static Stream<Arguments> shrinking() {
        return Stream.of(
                Arguments.of("a few of few", 30, 19, 11),
                Arguments.of("a fifth", 100, 20, 80),
                Arguments.of("more than a fifth", 100, 21, 100),
                Arguments.of("all", 100, 100, 100),
                Arguments.of("all of few", 19, 19, 19)); // an empty load is never taken
    }
    // spotless:on

    @ParameterizedTest(name = "{0}")
    @MethodSource("shrinking")
    void muchThatIsGoneAtOnceIsHeldBack(String name, int all, int gone, int left) throws StoreException {
        load(1, customers(0, all));
        Update update = load(2, customers(gone, all));
        assertThat(policy).hasSize(left);
        assertThat(update.withheld().isPresent()).isEqualTo(left == all);
        assertThat(holdings.withheld()).isEqualTo(update.withheld());
    }

    @Test
    void otherChangesGoOnWhileRemovalsAreHeldBack() throws StoreException {
        load(1, customers(0, 100));
        Update update = load(2, customers(50, 101));
        assertThat(update.withheld().orElseThrow().reason())
                .isEqualTo("49 of 100 organizations would be gone, more than max-shrink allows;"
                        + " run orgmilter reload --accept-shrink 2 if that is right, else mend the directory");
        assertThat(update.withheld().orElseThrow().organizations()).isEqualTo(50);
        assertThat(policy).hasSize(101);
        List<Setting> disabled = new ArrayList<>(customer(60));
        disabled.addAll(Rows.settings("customer60", "office|enabled|false"));
        apply(3, Map.of("customer60", disabled, "customer0", customer(0), "customer70", List.of()));
        assertThat(policy.get("customer60")).contains("off");
        assertThat(policy).hasSize(101);
        assertThat(holdings.withheld().orElseThrow().organizations())
                .isEqualTo(50); // without customer0, with customer70
        follow(policy, holdings.acceptShrink(2, now));
        assertThat(policy).as("another version").hasSize(101);
        follow(policy, holdings.acceptShrink(3, now));
        assertThat(policy).hasSize(51).doesNotContainKey("customer70");
        assertThat(holdings.withheld()).isEmpty();
        assertThat(apply(4, Map.of("customer80", List.of())).withheld())
                .as("compared with what was accepted")
                .isEmpty();
    }

    @Test
    void aVersionCanBeAcceptedBeforeItComes() throws StoreException {
        load(1, customers(0, 100));
        holdings.acceptShrink(5, now);
        load(5, customers(90, 100));
        assertThat(policy).hasSize(10);
    }

    @Test
    void removalsBitByBitAreComparedWithTheMostOfADay() throws StoreException {
        load(1, customers(0, 100));
        for (int i = 0; i < 30; i++) {
            now = now.plus(Duration.ofMinutes(20));
            apply(2 + i, Map.of("customer" + i, List.of()));
        }
        assertThat(policy).hasSize(80);
        assertThat(holdings.withheld()).isPresent();
    }

    @Test
    void lossesOfSomeDomainsAddUp() throws StoreException {
        load(1, customers(0, 100));
        for (int i = 0; i < 60; i++) {
            now = now.plus(Duration.ofMinutes(20));
            String name = "customer" + i;
            List<Setting> withoutSecond = customer(i).stream()
                    .filter(row -> !row.value().endsWith(".test"))
                    .toList();
            apply(2 + i, Map.of(name, withoutSecond));
        }
        assertThat(policy.get("customer19")).startsWith("customer19.example RELAY");
        assertThat(policy.get("customer20")).startsWith("customer20.example customer20.test RELAY");
        assertThat(holdings.withheld().orElseThrow().reason())
                .startsWith("60 of 100 organizations' accepted domains would be gone");
        now = now.plus(Duration.ofDays(2));
        assertThat(apply(100, Map.of("customer99", customer(98))).withheld())
                .as("compared with the state that still counts")
                .isPresent();
    }

    @Test
    void oneCustomerWhoChangesDomainsAllDayCountsOnce() throws StoreException {
        load(1, customers(0, 100));
        for (int i = 0; i < 60; i++) {
            now = now.plus(Duration.ofMinutes(20));
            apply(2 + i, Map.of("customer0", Rows.settings("customer0", "|accepted-domains|d" + i + ".example")));
        }
        assertThat(policy.get("customer0")).startsWith("d59.example RELAY");
        assertThat(holdings.withheld()).isEmpty();
    }

    @Test
    void slowRemovalsPass() throws StoreException {
        load(1, customers(0, 100));
        for (int i = 0; i < 60; i++) {
            now = now.plus(Duration.ofHours(3));
            apply(2 + i, Map.of("customer" + i, List.of()));
        }
        assertThat(policy).hasSize(40);
    }

    @Test
    void domainsAndConnectorsAreCountedToo() throws StoreException {
        load(1, customers(0, 100));
        List<Setting> withoutSecond = customers(0, 100).stream()
                .filter(row -> !row.value().endsWith(".test"))
                .toList();
        Update domains = load(2, withoutSecond);
        assertThat(domains.withheld().orElseThrow().reason()).startsWith("100 of 100 organizations' accepted domains");
        assertThat(policy.get("customer0")).startsWith("customer0.example customer0.test RELAY");
        load(3, customers(0, 100));
        assertThat(holdings.withheld()).isEmpty();
        List<Setting> withoutConnectors = customers(0, 100).stream()
                .filter(row -> row.connector().isEmpty())
                .toList();
        Update connectors = load(4, withoutConnectors);
        assertThat(connectors.withheld().orElseThrow().reason()).startsWith("100 of 100 connectors");
        assertThat(policy.get("customer0")).contains("office");
    }

    @Test
    void noCustomerAloneHoldsBackWhatOthersRemove() throws StoreException {
        List<Setting> rows = customers(0, 200);
        List<Setting> large = new ArrayList<>(Rows.settings("large", "|accepted-domains|large.example"));
        for (int i = 0; i < 5_000; i++) {
            large.addAll(Rows.settings(
                    "large", "|accepted-domains|large" + i + ".example", "c" + i + "|addresses|198.51.100.1"));
        }
        rows.addAll(large);
        load(1, rows);
        apply(2, Map.of("large", large.subList(0, 1), "customer0", List.of()));
        assertThat(policy).containsEntry("large", "large.example RELAY").doesNotContainKey("customer0");
    }
}
